"""From snapshot and readings to the samples of each covered room, and what they say at all."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.heat.threads import in_ranges
from analytics.kernels.settlement_rooms import any_below, any_known, merge
from analytics.law.cold_days.rules import BoolArray, Rules
from domain.columns import TIMED_MARKS, USABLE_MARKS, Columns, IntArray
from domain.time import to_us
from domain.validity import LEAST_US, validity_us


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of r rooms: room i owns `size[i]` rows from `start[i]` on, by time. [µs, 0.001 °C]"""

    start: IntArray  # (r + 1,)
    size: IntArray  # (r,)
    at: IntArray
    until: IntArray  # how long each stands
    value: IntArray  # as it compares with what was owed then
    record: BoolArray  # whether it is a measurement record
    measured: IntArray  # as it was measured: where nothing that is owed changes, the same

    def of(self, room: int) -> tuple[IntArray, IntArray, IntArray]:
        """at, until, value of a room's rows. [µs, µs, 0.001 °C]"""
        own = slice(int(self.start[room]), int(self.start[room] + self.size[room]))
        return self.at[own], self.until[own], self.value[own]


def below_at_all(snapshot: Snapshot, columns: Columns, rules: Rules) -> tuple[BoolArray, BoolArray]:
    """(n,) whether any sample or measurement record was below the standard; (n,) whether there is
    telemetry: a sample of a covered room in the season."""
    read = snapshot.season.read_span
    found, known_series = (np.zeros(columns.series.size, dtype=np.bool_) for _ in range(2))
    in_ranges(
        any_below, found.size, columns.offsets, columns.at_us, columns.value, columns.mark,
        USABLE_MARKS, rules.standard, to_us(read.since), to_us(read.until), found,
    )  # fmt: skip
    in_ranges(
        any_known, found.size, columns.offsets, columns.at_us, columns.mark, USABLE_MARKS,
        snapshot.season.since_us, snapshot.season.end_us, known_series,
    )  # fmt: skip
    rows = _rows_of(snapshot.series.columns[0], columns)
    below = np.append(found, False)[rows]
    known = np.append(known_series, False)[rows]
    failed = snapshot.measurements.columns[1] < rules.standard
    room = _any(below, snapshot.series.offsets) | _any(failed, snapshot.measurements.offsets)
    if snapshot.moved is not None:
        room |= _moved_below(snapshot, columns, rules)
    return (
        _any(room, snapshot.rooms.offsets),
        _any(_any(known, snapshot.series.offsets), snapshot.rooms.offsets),
    )


def _moved_below(snapshot: Snapshot, columns: Columns, rules: Rules) -> BoolArray:
    """(r,) whether any sample of a room was below what was owed then."""
    samples = samples_of(snapshot, columns)
    rooms = range(samples.size.size)
    return np.array(
        [bool((samples.of(r)[2] < rules.standard).any()) for r in rooms], dtype=np.bool_
    )


def samples_of(snapshot: Snapshot, columns: Columns, telemetry: BoolArray | None = None) -> Samples:
    """Telemetry and measurement records of each room in one sequence.

    `telemetry` (n,): where there is none a record stands for the least time; absent: there is.
    """
    ids, interval = snapshot.series.columns
    rows = _rows_of(ids, columns)
    each = validity_us(interval)
    start = starts(_room_sizes(rows, columns, snapshot))
    at, until, value = (np.empty(int(start[-1]) + 1, dtype=np.int64) for _ in range(3))
    record = np.empty(at.size, dtype=np.bool_)
    size = np.zeros(start.size - 1, dtype=np.int64)
    record_hold = most(each, snapshot.series.offsets, LEAST_US)
    if telemetry is not None:
        record_hold[~np.repeat(telemetry, snapshot.rooms.count())] = LEAST_US
    in_ranges(
        merge, size.size, snapshot.series.offsets, rows, each, columns.offsets, columns.at_us,
        columns.value, columns.mark, USABLE_MARKS, TIMED_MARKS, snapshot.measurements.offsets,
        *snapshot.measurements.columns, record_hold, snapshot.season.since_us,
        snapshot.season.end_us, start, at, until, value, record, size,
    )  # fmt: skip
    if snapshot.moved is None:
        return Samples(start, size, at, until, value, record, value)
    found = Samples(start, size, at, until, value, record, value.copy())
    _move(found, snapshot.moved)
    return found


def as_measured(records: Ragged, moved: Ragged | None) -> Ragged:
    """Room -> instant, value of measurement records, without what they were moved by."""
    if moved is None:
        return records
    at, value = records.columns
    value = value.copy()
    for room, since, until, more in _moves(moved):
        own = slice(*records.offsets[room : room + 2].tolist())
        value[own][(at[own] >= since) & (at[own] < until)] -= more
    return Ragged(records.offsets, (at, value))


def _move(samples: Samples, moved: Ragged) -> None:
    """Readings, as they compare with what was owed then; records are moved already."""
    for room, since, until, more in _moves(moved):
        first = int(samples.start[room])
        own = slice(first, first + int(samples.size[room]))
        at, record = samples.at[own], samples.record[own]
        then = (at >= since) & (at < until)
        samples.value[own][then & ~record] += more
        samples.measured[own][then & record] -= more


def _moves(moved: Ragged) -> Iterator[tuple[int, int, int, int]]:
    """Room, since, until [µs] and how much was added [0.001 K] of each."""
    owner = np.repeat(np.arange(moved.offsets.size - 1), moved.count()).tolist()
    yield from zip(owner, *(each.tolist() for each in moved.columns), strict=True)


def most(values: IntArray, offsets: IntArray, empty: int) -> IntArray:
    """(n,) largest value of each owner, `empty` where it has none."""
    found = np.full(offsets.size - 1, empty, dtype=np.int64)
    filled = np.diff(offsets) > 0
    if filled.any():
        found[filled] = np.maximum.reduceat(values, offsets[:-1][filled])
    return found


def starts(size: IntArray) -> IntArray:
    """(n + 1,) where each of n owners of so many rows begins."""
    return np.concatenate([[0], np.cumsum(size)]).astype(np.int64)


def _rows_of(series: IntArray, columns: Columns) -> IntArray:
    """(s,) rows of the series in the columns, -1 where they are not."""
    if columns.series.size == 0:
        return np.full(series.size, -1, dtype=np.int64)
    row = np.minimum(np.searchsorted(columns.series, series), columns.series.size - 1)
    row[columns.series[row] != series] = -1
    return row.astype(np.int64)


def _room_sizes(rows: IntArray, columns: Columns, snapshot: Snapshot) -> IntArray:
    """(r,) at most so many samples, telemetry and measurement records."""
    size = np.append(np.diff(columns.offsets), 0)[rows]
    total = np.concatenate([[0], np.cumsum(size)])
    offsets = snapshot.series.offsets
    sizes: IntArray = total[offsets[1:]] - total[offsets[:-1]] + snapshot.measurements.count()
    return sizes


def _any(flags: BoolArray, offsets: IntArray) -> BoolArray:
    """(n,) whether any of the owner's flags is set."""
    total = np.concatenate([[0], np.cumsum(flags)])
    return np.asarray(total[offsets[1:]] > total[offsets[:-1]])
