"""Messages of one feed through the compiled loops: what is plain becomes rows, the rest is left."""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from domain.validity import AHEAD_US
from ingest.batch.conversion import UNITS, conversions
from ingest.batch.feed import COLUMNS, NULL, ROW, SENTINEL, STATE, TICKS, Feed
from ingest.batch.plan import TooLarge, plan_of
from ingest.batch.table import SeriesTable, to_ticks
from ingest.codecs import shape_of
from ingest.codecs.shape import Shape
from ingest.kernels import messages, native, resolve
from ingest.kernels import plan as p
from ingest.kernels.frames import BODY_SIZE, Bytes, Ints
from ingest.mapping.times import YEAR_2000_US
from ingest.mapping.topics import meet

#: Bytes of a payload per reading, at least: in objects and lists 4, and a bare value is a message.
LEAST_BYTES = 4
#: No native reading is written in fewer: {"channel":"t","value":1}
NATIVE_BYTES = 24
#: Bytes of keys per reading that there is room for; readings beyond it are left to the codec.
KEY_BYTES = 64
MOST_ROWS = 1 << 20
_UNIT = COLUMNS  # the column behind those of a reading
Mask = NDArray[np.bool_]


class CompiledReader:
    """Reads the plain messages of one feed; TooLarge where its shape has no room in a plan."""

    def __init__(self, feed: Feed, shape: Shape, position: int, table: SeriesTable) -> None:
        self._feed, self._position, self._table = feed, position, table
        self._plan = plan_of(shape, feed.config.levels, feed.config.clocks)
        self._around = _around(feed) if shape.native and shape.encoding == "json" else None
        self._sentinels = _Sentinels(feed, table)

    def read(self, buffer: Bytes, frames: Ints, now_us: int, done: Bytes) -> Ints:
        """(m, 8) rows of the messages it could read wholly, which it sets in `done` (n,)."""
        if not buffer.flags.writeable:  # to numba another type, and compiled a second time
            buffer = buffer.copy()
        sizes = frames[done == 0, BODY_SIZE]
        values = int(sizes.sum()) // LEAST_BYTES + sizes.size
        room = min(values * self._plan.most_channels, MOST_ROWS) + 1
        parsed = np.empty((room, p.COLUMNS), dtype=np.int64)
        keys = np.empty(room * KEY_BYTES, dtype=np.uint8)
        count = self._parse(buffer, frames, keys, parsed, done.copy(), now_us)
        rows = np.empty((count, COLUMNS + 1), dtype=np.int64)
        with np.errstate(over="ignore"):  # hashing wraps around, also without the compiler
            count = self._resolve(parsed[:count], keys, frames.shape[0], now_us, rows, done)
        return self._sentinels.marked(rows[:count], done)

    def _parse(
        self, buffer: Bytes, frames: Ints, keys: Bytes, parsed: Ints, taken: Bytes, now_us: int
    ) -> int:
        """The plainest native messages first, in a third of the time; then by the plan."""
        plan, count, key_end = self._plan, 0, 0
        if self._around is not None and parsed.shape[0] * NATIVE_BYTES > frames[:, BODY_SIZE].sum():
            count, key_end = native.read_native(buffer, frames, *self._around, keys, parsed, taken)
        if taken.all():
            return int(count)
        return int(
            messages.read_messages(
                buffer, frames, plan.numbers, plan.words, plan.forms, keys, parsed, taken, count,
                key_end, now_us,
            )
        )  # fmt: skip

    def _resolve(
        self, parsed: Ints, keys: Bytes, frames: int, now_us: int, rows: Ints, done: Bytes
    ) -> int:
        index, table = self._table.index, self._table
        return int(
            resolve.resolve_readings(
                parsed, keys, frames, self._position, self._feed.own_clock, now_us,
                YEAR_2000_US, now_us + AHEAD_US, table.slots, index.key_hash, index.key_offsets,
                index.key_bytes, index.span_offsets, index.span_row, index.since_us, index.ends_us,
                table.exponent, index.quantity, conversions(), rows, done,
            )
        )  # fmt: skip


def _around(feed: Feed) -> tuple[Bytes, Bytes] | None:
    """What is around the device in the topics of a feed; None where more than the device varies."""
    if feed.suffix is None:
        return None
    first, last = (np.frombuffer(bytearray(each.encode()), dtype=np.uint8) for each in (feed.prefix, feed.suffix))  # fmt: skip
    return first, last


class _Sentinels:
    """Values that mean an error, by the unit in which a message writes them."""

    def __init__(self, feed: Feed, table: SeriesTable) -> None:
        self._values = feed.config.sentinels
        self._table = table
        self._channels = np.array(table.index.channels, dtype=object)
        self._ticks = lru_cache(maxsize=None)(self._ticks_of)

    def marked(self, rows: Ints, done: Bytes) -> Ints:
        """(m, 8) rows, those of sentinels with the bit; a message is left to its codec where one has no ticks."""
        readings = rows[:, :COLUMNS]
        if not self._values or not rows.size:
            return readings
        there = readings[:, STATE] & NULL == 0
        for unit in np.unique(rows[there, _UNIT]).tolist():
            here = there & (rows[:, _UNIT] == unit)
            for ticks, known, unknown in self._ticks(unit):
                row = readings[:, ROW]
                readings[here & known[row] & (readings[:, TICKS] == ticks[row]), STATE] |= SENTINEL
                done[readings[here & unknown[row], 0]] = 0
        kept: Ints = readings[done[readings[:, 0]] != 0]
        return kept

    def _ticks_of(self, unit: int) -> Sequence[tuple[Ints, Mask, Mask]]:
        """Per sentinel, by registry row: its ticks, whether it counts, whether it has none."""
        found, code = [], UNITS[unit] if unit >= 0 else None
        quantity = self._table.index.quantity
        for channel, values in self._values.items():
            counts = np.full(quantity.size, True) if channel == "*" else self._channels == channel
            for value in values:
                ticks, held = np.zeros(quantity.size, dtype=np.int64), np.zeros_like(counts)
                for q in np.unique(quantity):
                    here = quantity == q
                    try:
                        ticks[here] = to_ticks(
                            value, code, self._table.quantity(int(np.argmax(here)))
                        )
                        held |= here
                    except ValueError:  # no number of this quantity: the codec says so
                        continue
                found.append((ticks, counts & held, counts & ~held))
        return found


def compiled_readers(feeds: Sequence[Feed], table: SeriesTable) -> list[CompiledReader]:
    """Readers of the feeds whose messages have a shape; first feed first, as for codecs.

    A feed that shares topics with an earlier one is left to its codec: the first match counts.
    """
    readers = []
    for i, feed in enumerate(feeds):
        shape = shape_of(feed.config)
        if shape is None or any(meet(feed.config.levels, o.config.levels) for o in feeds[:i]):
            continue
        with suppress(TooLarge):
            readers.append(CompiledReader(feed, shape, i, table))
    return readers
