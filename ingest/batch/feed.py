"""A feed with its codec, and the compiled reader of the native ones."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from domain.quality import TimeKind
from domain.validity import AHEAD_US
from ingest.batch.table import SeriesTable, to_ticks
from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.config import FeedConfig
from ingest.formats import own_units
from ingest.kernels import resolve, text
from ingest.kernels.frames import BODY_SIZE, Bytes, Ints
from ingest.mapping.times import YEAR_2000_US, YEAR_2200_US
from ingest.mapping.topics import device_level, topic_pattern, wildcards

#: Columns of the table of readings, int64: which frame, which registry row, ...
FRAME, ROW, AT, TICKS, STATE, REVISION, FEED, PART_OF = range(8)
COLUMNS = 8
#: Bits of STATE.
NULL, SENTINEL, CORRECTED, RECEIVER, UNTIMED, REPUBLISHED = 1, 2, 4, 8, 16, 32
#: Above them one more than the `TimeKind` that a sample names, 0 where its feed's counts.
KIND_SHIFT = 6
#: No reading is written in fewer bytes: {"channel":"t","value":1}
LEAST_BYTES = 24


class Feed:
    """One feed with its codec, what that remembers, and its id in the registry."""

    def __init__(self, config: FeedConfig, number: int, states: Mapping[str, bytes]) -> None:
        self.config = config
        self.number = number
        self.codec = codec_of(config)
        self.memory = Memory(config.name, states)
        self.topics = topic_pattern(wildcards(config.levels))
        self.own_clock = config.time_kind is not TimeKind.RECEIVER
        self.own_units = own_units(config.format)

    def sentinels(self, channel: str) -> tuple[Decimal, ...]:
        """Values that mean an error on this channel, as written."""
        table = self.config.sentinels
        return (*table.get(channel, ()), *table.get("*", ()))

    @property
    def prefix(self) -> str:
        """What its topics begin with, up to the first level that varies."""
        return wildcards(self.config.levels).split("+")[0].split("#")[0]

    @property
    def suffix(self) -> str | None:
        """What follows the device in its topics; None where more than the device varies."""
        levels = wildcards(self.config.levels).split("/")
        level = device_level(self.config.levels) % len(levels)
        if levels[level] != "+" or levels.count("+") > 1 or levels[-1] == "#":
            return None
        return "".join("/" + each for each in levels[level + 1 :])


class NativeReader:
    """Reads the plain messages of one native feed."""

    def __init__(self, feed: Feed, position: int, table: SeriesTable) -> None:
        self._feed = feed
        self._position = position
        self._table = table
        self._prefix = np.frombuffer(feed.prefix.encode(), dtype=np.uint8)
        self._suffix = np.frombuffer((feed.suffix or "").encode(), dtype=np.uint8)
        self._sentinels = _sentinel_ticks(feed, table)

    def read(self, buffer: Bytes, frames: Ints, now_us: int, done: Bytes) -> Ints:
        """(m, 8) rows of the messages it could read wholly, which it sets in `done` (n,)."""
        room = int(frames[:, BODY_SIZE].sum()) // LEAST_BYTES + 2
        parsed = np.empty((room, 7), dtype=np.int64)
        count = text.read_native(buffer, frames, self._prefix, self._suffix, parsed, done)
        rows = np.empty((count, COLUMNS), dtype=np.int64)
        with np.errstate(over="ignore"):  # hashing wraps around, also without the compiler
            count = self._resolve(buffer, frames, parsed[:count], now_us, rows, done)
        self._mark_sentinels(rows[:count])
        return rows[:count]

    def _resolve(
        self, buffer: Bytes, frames: Ints, parsed: Ints, now_us: int, rows: Ints, done: Bytes
    ) -> int:
        index = self._table.index
        return int(
            resolve.resolve_native(
                buffer,
                frames,
                parsed,
                self._prefix.size,
                self._suffix.size,
                self._position,
                self._feed.own_clock,
                now_us,
                YEAR_2000_US,
                now_us + AHEAD_US,
                YEAR_2200_US,
                self._table.slots,
                index.key_hash,
                index.key_offsets,
                index.key_bytes,
                index.span_offsets,
                index.span_row,
                index.since_us,
                index.ends_us,
                self._table.exponent,
                rows,
                done,
            )
        )

    def _mark_sentinels(self, rows: Ints) -> None:
        for ticks, known in self._sentinels:
            row = rows[:, ROW]
            same = known[row] & (rows[:, TICKS] == ticks[row]) & (rows[:, STATE] & NULL == 0)
            rows[same, STATE] |= SENTINEL


def _sentinel_ticks(
    feed: Feed, table: SeriesTable
) -> list[tuple[Ints, "np.typing.NDArray[np.bool_]"]]:
    """Per sentinel: its ticks and whether it counts, by registry row."""
    found = []
    channels = np.array(table.index.channels, dtype=object)
    for channel, values in feed.config.sentinels.items():
        counts = np.full(channels.size, True) if channel == "*" else channels == channel
        for value in values:
            ticks = np.zeros(channels.size, dtype=np.int64)
            for q in np.unique(table.index.quantity):
                here = table.index.quantity == q
                ticks[here] = to_ticks(value, None, table.quantity(int(np.argmax(here))))
            found.append((ticks, counts))
    return found


def native_readers(feeds: Sequence[Feed], table: SeriesTable) -> list[NativeReader]:
    """Compiled readers of the native feeds on `prefix/+/suffix`; first feed first, as for codecs.

    A feed that an earlier one could overlap is left to its codec: the first match counts.
    """
    readers = []
    for i, feed in enumerate(feeds):
        plain = feed.config.format == "native" and feed.suffix is not None
        alone = not any(
            feed.prefix.startswith(other.prefix) or other.prefix.startswith(feed.prefix)
            for other in feeds[:i]
        )
        if plain and alone:
            readers.append(NativeReader(feed, i, table))
    return readers
