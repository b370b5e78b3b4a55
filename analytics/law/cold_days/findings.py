"""From snapshot and columns to what the settlement kernels found, for a piece of the city."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.facts.season_days import SeasonDays
from analytics.facts.snapshot import Snapshot
from analytics.heat.comfort import RECOVERY_US
from analytics.heat.ragged import Ragged
from analytics.heat.threads import in_ranges
from analytics.kernels.settlement_days import days as day_kernel
from analytics.kernels.settlement_episodes import CLOCK, END, FIELDS, episodes
from analytics.kernels.settlement_rooms import any_below, merge
from analytics.kernels.settlement_states import pieces
from analytics.law.cold_days.rules import BoolArray, ByteArray, Rules
from domain.columns import TIMED_MARKS, USABLE_MARKS, Columns, IntArray
from domain.validity import LEAST_US, bridge_us, validity_us


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of r rooms: room i owns `size[i]` rows from `start[i]` on, by time. [µs, 0.001 °C]"""

    start: IntArray  # (r + 1,)
    size: IntArray  # (r,)
    at: IntArray
    until: IntArray  # how long each stands
    value: IntArray
    record: BoolArray  # whether it is a measurement record


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is known of n dwellings, piece by piece; see kernels.settlement_states."""

    start: IntArray  # (n + 1,)
    size: IntArray  # (n,)
    at: IntArray
    state: ByteArray
    held: BoolArray
    met_start: IntArray  # (n + 1,)
    met_size: IntArray  # (n,)
    met_at: IntArray  # compliant measurement records that are recovery


@dataclass(frozen=True, slots=True)
class Findings:
    """What the kernels found for n households over d days, in two bounds (7.20).

    Bound 0 takes longer unknown stretches as below, bound 1 as compliant.
    """

    snapshot: Snapshot
    episode_start: IntArray  # (n + 1,)
    episode_count: IntArray  # (n, 2)
    episode: IntArray  # (2, e, 5) columns of kernels.settlement_episodes
    run_us: IntArray  # (2, e) run that the gate was held against
    day: NDArray[np.int16]  # (n, 2, d, 4) columns of kernels.settlement_days
    value: NDArray[np.float64]  # (n, 2, d) [0.001 °C]
    at_us: IntArray  # (n, 2, d)
    room: NDArray[np.int16]  # (n, 2, d) index into the household's rooms

    def only_ahead(self, row: int) -> bool:
        """Whether the bounds differ only by what is still to come: the season runs, and the
        household was known to be cold up to the snapshot's `as_of`."""
        season = self.snapshot.season
        zero, one = self.episode_count[row].tolist()
        if season.end_us >= season.until_us or zero != one or zero == 0:
            return False
        rows = slice(int(self.episode_start[row]), int(self.episode_start[row]) + zero)
        below, compliant = self.episode[0, rows], self.episode[1, rows]
        begins = (below[:, CLOCK] == compliant[:, CLOCK]).all()
        ends = (below[:-1, END] == compliant[:-1, END]).all()
        return bool(begins and ends and compliant[-1, END] == season.end_us)


def below_at_all(snapshot: Snapshot, columns: Columns, rules: Rules) -> tuple[BoolArray, BoolArray]:
    """(n,) whether any sample or measurement record was below the standard; (n,) whether telemetry exists."""
    found = np.zeros(columns.series.size, dtype=np.bool_)
    in_ranges(
        any_below, found.size, columns.offsets, columns.value, columns.mark, USABLE_MARKS,
        rules.standard, found,
    )  # fmt: skip
    rows = _rows_of(snapshot.series.columns[0], columns)
    below = np.append(found, False)[rows]
    known = np.append(np.diff(columns.offsets) > 0, False)[rows]
    failed = snapshot.measurements.columns[1] < rules.standard
    room = _any(below, snapshot.series.offsets) | _any(failed, snapshot.measurements.offsets)
    return (
        _any(room, snapshot.rooms.offsets),
        _any(_any(known, snapshot.series.offsets), snapshot.rooms.offsets),
    )


def find(
    snapshot: Snapshot,
    columns: Columns,
    rules: Rules,
    days: SeasonDays,
    closed: ByteArray,
    alone: BoolArray,
) -> Findings:
    """Everything the kernels tell about the snapshot's households.

    `closed` (d,) says which days pay nothing for temperature and why (kernels.settlement_days);
    `alone` (n,) households whose episodes run from the request, as no telemetry exists.
    """
    samples = samples_of(snapshot, columns)
    return _days(snapshot, samples, rules, days, closed, _episodes(snapshot, samples, rules, alone))


def samples_of(snapshot: Snapshot, columns: Columns) -> Samples:
    """Telemetry and measurement records of each room in one sequence."""
    ids, interval = snapshot.series.columns
    rows = _rows_of(ids, columns)
    each = validity_us(interval)
    start = _starts(_room_sizes(rows, columns, snapshot))
    at, until, value = (np.empty(int(start[-1]) + 1, dtype=np.int64) for _ in range(3))
    record = np.empty(at.size, dtype=np.bool_)
    size = np.zeros(start.size - 1, dtype=np.int64)
    in_ranges(
        merge, size.size, snapshot.series.offsets, rows, each, columns.offsets, columns.at_us,
        columns.value, columns.mark, USABLE_MARKS, TIMED_MARKS, snapshot.measurements.offsets, *snapshot.measurements.columns,
        _most(each, snapshot.series.offsets, LEAST_US), snapshot.season.since_us,
        snapshot.season.end_us, start, at, until, value, record, size,
    )  # fmt: skip
    return Samples(start, size, at, until, value, record)


def _pieces(snapshot: Snapshot, samples: Samples, rules: Rules) -> Pieces:
    """Each dwelling's time as below, compliant, and what can't be known.

    While the season runs that is also what comes after its `as_of` (7.20, "data that end while cold").
    """
    home = snapshot.rooms.offsets
    longest = _most(_most(snapshot.series.columns[1], snapshot.series.offsets, 0), home, 0)
    bridge = bridge_us(longest)
    room_sum = np.concatenate([[0], np.cumsum(samples.size)])
    start = _starts(2 * (room_sum[home[1:]] - room_sum[home[:-1]]) + 2)
    at = np.empty(int(start[-1]), dtype=np.int64)
    state, by_record = (np.empty(at.size, dtype=np.uint8) for _ in range(2))
    held = np.empty(at.size, dtype=np.bool_)
    met_start = _starts(np.diff(snapshot.measurements.offsets[home]))
    met_at = np.empty(int(met_start[-1]), dtype=np.int64)
    size, met = (np.zeros(home.size - 1, dtype=np.int64) for _ in range(2))
    in_ranges(
        pieces, size.size, home, samples.start, samples.size, samples.at, samples.until,
        samples.value, samples.record, rules.standard, snapshot.season.since_us,
        snapshot.season.until_us, RECOVERY_US, bridge, start, at, state, held, by_record, met_start, met_at,
        size, met,
    )  # fmt: skip
    return Pieces(start, size, at, state, held, met_start, met, met_at)


def _episodes(
    snapshot: Snapshot, samples: Samples, rules: Rules, alone: BoolArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Starts (n + 1,), counts (n, 2) and rows (2, e, 5) of the episodes."""
    known = _pieces(snapshot, samples, rules)
    asked = np.maximum(snapshot.requests.columns[0], snapshot.season.since_us)
    start = _starts(known.size // 2 + 2 + snapshot.requests.count())
    rows = np.zeros((2, int(start[-1]), FIELDS), dtype=np.int64)
    count = np.zeros((known.size.size, 2), dtype=np.int64)
    in_ranges(
        episodes, known.size.size, snapshot.rooms.offsets, samples.start, samples.size, samples.at,
        samples.value, rules.standard, snapshot.season.until_us, snapshot.season.end_us,
        known.start, known.size, known.at, known.state, known.held, known.met_start, known.met_size, known.met_at,
        snapshot.requests.offsets, asked, snapshot.consent, rules.by_evidence, alone, start, rows,
        count,
    )  # fmt: skip
    return start, count, rows


def _days(
    snapshot: Snapshot,
    samples: Samples,
    rules: Rules,
    days: SeasonDays,
    closed: ByteArray,
    found: tuple[IntArray, IntArray, IntArray],
) -> Findings:
    n, d = snapshot.household.size, len(days.days)
    start, count, rows = found
    run = np.zeros(rows.shape[:2], dtype=np.int64)
    day = np.zeros((n, 2, d, 4), dtype=np.int16)
    value = np.full((n, 2, d), np.nan)
    at = np.zeros((n, 2, d), dtype=np.int64)
    room = np.zeros((n, 2, d), dtype=np.int16)
    in_ranges(
        day_kernel, n, snapshot.rooms.offsets, samples.start, samples.size, samples.at,
        samples.until, samples.value, samples.record, rules.standard, start, count, rows,
        days.start_us, closed, _refused(snapshot, rules, days), snapshot.faults.offsets,
        *snapshot.faults.columns, rules.edge, rules.edge_in, rules.share, len(rules.shares) - 1,
        rules.gate, rules.gate_open, rules.include_recovery, rules.limit, rules.retest, run, day,
        value, at, room,
    )  # fmt: skip
    return Findings(snapshot, start, count, rows, run, day, value, at, room)


def _refused(snapshot: Snapshot, rules: Rules, days: SeasonDays) -> BoolArray:
    """(n, d) days on which the user refused a measurement, where the act says what that means."""
    refused = np.zeros((snapshot.household.size, len(days.days)), dtype=np.bool_)
    if rules.refusal_counts and snapshot.refusals.columns[0].size:
        owner = _owner(snapshot.refusals)
        day = np.searchsorted(days.start_us, snapshot.refusals.columns[0], side="right") - 1
        inside = (day >= 0) & (day < len(days.days))
        refused[owner[inside], day[inside]] = True
    return refused


def _owner(ragged: Ragged) -> IntArray:
    """(m,) owner of each row."""
    return np.repeat(np.arange(ragged.offsets.size - 1), ragged.count())


def _rows_of(series: IntArray, columns: Columns) -> IntArray:
    """(s,) rows of the series in the columns, -1 where they are not."""
    if columns.series.size == 0:
        return np.full(series.size, -1, dtype=np.int64)
    row = np.minimum(np.searchsorted(columns.series, series), columns.series.size - 1)
    row[columns.series[row] != series] = -1
    return row.astype(np.int64)


def _most(values: IntArray, offsets: IntArray, empty: int) -> IntArray:
    """(n,) largest value of each owner, `empty` where it has none."""
    most = np.full(offsets.size - 1, empty, dtype=np.int64)
    filled = np.diff(offsets) > 0
    if filled.any():
        most[filled] = np.maximum.reduceat(values, offsets[:-1][filled])
    return most


def _room_sizes(rows: IntArray, columns: Columns, snapshot: Snapshot) -> IntArray:
    """(r,) at most so many samples, telemetry and measurement records."""
    size = np.append(np.diff(columns.offsets), 0)[rows]
    total = np.concatenate([[0], np.cumsum(size)])
    offsets = snapshot.series.offsets
    sizes: IntArray = total[offsets[1:]] - total[offsets[:-1]] + snapshot.measurements.count()
    return sizes


def _starts(size: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(size)]).astype(np.int64)


def _any(flags: BoolArray, offsets: IntArray) -> BoolArray:
    """(n,) whether any of the owner's flags is set."""
    total = np.concatenate([[0], np.cumsum(flags)])
    return np.asarray(total[offsets[1:]] > total[offsets[:-1]])
