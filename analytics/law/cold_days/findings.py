"""From snapshot and columns to what the settlement kernels found, for a piece of the city."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.facts.season_days import SeasonDays
from analytics.facts.snapshot import Snapshot
from analytics.heat.comfort import RECOVERY_US
from analytics.heat.ragged import Ragged, spread
from analytics.heat.threads import in_ranges
from analytics.kernels.settlement_bands import bands
from analytics.kernels.settlement_days import NEVER, UNKNOWN
from analytics.kernels.settlement_days import days as day_kernel
from analytics.kernels.settlement_episodes import (
    AT_RECORD,
    CLOCK,
    END,
    FAULT,
    FIELDS,
    HOW,
    OPEN,
    episodes,
)
from analytics.kernels.settlement_faults import cut_by_faults
from analytics.kernels.settlement_records import governing, record_episodes
from analytics.kernels.settlement_states import pieces
from analytics.law.cold_days.counted import Counted, counted
from analytics.law.cold_days.rules import FLOOR, NATURAL, BoolArray, ByteArray, Rules
from analytics.law.cold_days.samples import Samples, most, samples_of, starts
from domain.columns import Columns, IntArray
from domain.time import HOUR_US
from domain.validity import bridge_us

BLOCK_US = 24 * HOUR_US
IN_ONE, IN_BOTH = 1, 3  # bits of bounds whose episodes records alone make


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is known of n dwellings, piece by piece; see kernels.settlement_states."""

    start: IntArray  # (n + 1,)
    size: IntArray  # (n,)
    at: IntArray
    state: ByteArray
    held: BoolArray
    met_size: IntArray  # (n,)
    met_at: IntArray  # visits that serve and end episodes, in the places of all that might


@dataclass(frozen=True, slots=True)
class Episodes:
    """Episodes of n households in two bounds; columns of kernels.settlement_episodes."""

    start: IntArray  # (n + 1,)
    count: IntArray  # (n, 2)
    rows: IntArray  # (2, e, 7)


class Claimed(NamedTuple):
    """What n households' requests claim, and what they rest on."""

    facts: Counted
    known: Pieces
    episodes: Episodes

    def rows(self, home: int, bound: int) -> IntArray:
        """(k, 7) a household's episodes in one bound."""
        first = int(self.episodes.start[home])
        count = int(self.episodes.count[home, bound])
        return self.episodes.rows[bound, first : first + count]

    def met(self, home: int) -> IntArray:
        """Visits at which no room is known below, and all passed. [µs]"""
        first = int(self.facts.visits.offsets[home])
        return self.known.met_at[first : first + int(self.known.met_size[home])]


@dataclass(frozen=True, slots=True)
class Entries:
    """Days of the episodes that passed the gate (m of them), with their bands."""

    start: IntArray  # (2 * e + 1,) by row of the episodes, bound after bound
    home: IntArray  # (m,)
    day: IntArray  # (m,) of its begin
    begin: IntArray  # (m,) of the local day or block; may lie before the episode's
    stop: IntArray  # (m,)
    row: IntArray  # (m,)
    share: NDArray[np.int16]  # (m,) index of a share, -1 where nothing is known
    made: ByteArray  # (m,)
    value: NDArray[np.float64]  # (m,) [0.001 °C]
    at: IntArray  # (m,)
    room: NDArray[np.int16]  # (m,) index into the household's rooms


@dataclass(frozen=True, slots=True)
class Findings:
    """What the kernels found for n households over d days, in two bounds (7.20).

    Bound 0 takes longer unknown stretches as below, bound 1 as compliant.
    """

    snapshot: Snapshot
    episode_start: IntArray  # (n + 1,)
    episode_count: IntArray  # (n, 2)
    episode: IntArray  # (2, e, 7) columns of kernels.settlement_episodes
    day: NDArray[np.int16]  # (n, 2, d, 4) columns of kernels.settlement_days
    value: NDArray[np.float64]  # (n, 2, d) [0.001 °C]
    at_us: IntArray  # (n, 2, d)
    room: NDArray[np.int16]  # (n, 2, d) index into the household's rooms
    samples: Samples | None = None  # of the rooms
    entries: Entries | None = (
        None  # where blocks of 24 h are paid: then `day` and its kin are empty
    )
    came: Ragged | None = None  # with `entries`: household -> when the supplier came or was refused
    fault: BoolArray | None = None  # with `entries`: (n, d) days that a user's fault touches

    def rows(self, home: int, bound: int) -> IntArray:
        """(k, 7) a household's episodes in one bound."""
        first = int(self.episode_start[home])
        return self.episode[bound, first : first + int(self.episode_count[home, bound])]

    def only_ahead(self, row: int) -> bool:
        """Whether the bounds differ only by what is still to come: the season runs, and the
        household was known to be cold up to the snapshot's `as_of`."""
        season = self.snapshot.season
        below, compliant = self.rows(row, 0), self.rows(row, 1)
        if season.end_us >= season.until_us or not len(below) == len(compliant) > 0:
            return False
        begins = (below[:, CLOCK] == compliant[:, CLOCK]).all()
        ends = (below[:-1, END] == compliant[:-1, END]).all()
        return bool(begins and ends and compliant[-1, END] == season.end_us)


def find(
    snapshot: Snapshot,
    columns: Columns,
    rules: Rules,
    days: SeasonDays,
    closed: ByteArray,
    telemetry: BoolArray,
    came: Ragged,
) -> Findings:
    """Everything the kernels tell about the snapshot's households.

    `closed` (d,) says which days pay nothing for temperature and why (kernels.settlement_days);
    `telemetry` (n,) which households have any in the season; `came` when the supplier came to them or
    was refused.
    """
    facts = counted(snapshot, rules, days, came)
    samples = samples_of(facts.snapshot, columns, telemetry)
    found = _episodes(facts, samples, _pieces(facts, samples, rules), rules, days, telemetry)
    return _days(facts, samples, rules, days, closed, found)


def claimed(
    snapshot: Snapshot,
    columns: Columns,
    rules: Rules,
    days: SeasonDays,
    telemetry: BoolArray,
    came: Ragged,
) -> Claimed:
    """What requests claim, without what its days pay; arguments as `find` has them."""
    facts = counted(snapshot, rules, days, came)
    samples = samples_of(facts.snapshot, columns, telemetry)
    known = _pieces(facts, samples, rules)
    return Claimed(facts, known, _episodes(facts, samples, known, rules, days, telemetry))


def _pieces(facts: Counted, samples: Samples, rules: Rules) -> Pieces:
    """Each dwelling's time as below, compliant, and what can't be known.

    While the season runs that is also what comes after its `as_of` (7.20, "data that end while cold").
    """
    snapshot = facts.snapshot
    home = snapshot.rooms.offsets
    longest = most(most(snapshot.series.columns[1], snapshot.series.offsets, 0), home, 0)
    room_sum = np.concatenate([[0], np.cumsum(samples.size)])
    start = starts(2 * (room_sum[home[1:]] - room_sum[home[:-1]]) + 2)
    at = np.empty(int(start[-1]), dtype=np.int64)
    state, by_record = (np.empty(at.size, dtype=np.uint8) for _ in range(2))
    held = np.empty(at.size, dtype=np.bool_)
    met_at = np.empty_like(facts.visits.columns[0])
    size, met = (np.zeros(home.size - 1, dtype=np.int64) for _ in range(2))
    in_ranges(
        pieces, size.size, home, samples.start, samples.size, samples.at, samples.until,
        samples.value, samples.record, rules.standard, snapshot.season.since_us,
        snapshot.season.until_us, RECOVERY_US, bridge_us(longest), start, at, state, held,
        by_record, facts.visits.offsets, facts.visits.columns[0], met_at, size, met,
    )  # fmt: skip
    return Pieces(start, size, at, state, held, met, met_at)


def _episodes(
    facts: Counted,
    samples: Samples,
    known: Pieces,
    rules: Rules,
    days: SeasonDays,
    telemetry: BoolArray,
) -> Episodes:
    """Those that samples show, and those of households that records alone say something of.

    Where the act wants so many hours in one run (Henan) a household without telemetry is unknown
    but for its records: all below in one bound, whatever its samples are in the other.
    """
    snapshot = facts.snapshot
    season, requests = snapshot.season, snapshot.requests
    unknown = rules.gate >= 0
    alone = np.where(telemetry, 0, IN_ONE if unknown else IN_BOTH).astype(np.uint8)
    most_of_acts = facts.inside.offsets[snapshot.rooms.offsets]
    start = starts(
        (known.size // 2 + 2 + requests.count() + np.diff(most_of_acts))
        + np.count_nonzero(facts.fault, axis=1)
    )
    rows = np.zeros((2, int(start[-1]), FIELDS), dtype=np.int64)
    count = np.zeros((known.size.size, 2), dtype=np.int64)
    visits = facts.visits
    in_ranges(
        episodes, known.size.size, snapshot.rooms.offsets, samples.start, samples.size, samples.at,
        samples.value, samples.record, rules.standard, season.until_us, known.start, known.size, known.at,
        known.state, known.held, visits.offsets, known.met_size, known.met_at, requests.offsets,
        requests.columns[0], snapshot.consent, rules.clock_at, alone, start, rows, count,
    )  # fmt: skip
    if alone.any():
        in_ranges(
            record_episodes, known.size.size, snapshot.rooms.offsets, facts.inside.offsets,
            *facts.inside.columns, rules.standard, season.since_us, season.until_us, season.end_us,
            visits.offsets, visits.columns[0], known.met_size, known.met_at, requests.offsets,
            requests.columns[0], snapshot.consent, unknown, rules.clock_at == AT_RECORD, alone, start,
            rows, count,
        )  # fmt: skip
    in_ranges(cut_by_faults, known.size.size, days.start_us, facts.fault, start, rows, count)
    return Episodes(start, count, rows)


def _entries(found: Episodes, rules: Rules, days: SeasonDays) -> Entries:
    """The days of every episode that passed the gate; the day of recovery as the act has it."""
    rows = found.rows.reshape(-1, FIELDS)
    clock, end, how = rows[:, CLOCK], rows[:, END], rows[:, HOW]
    number = np.arange(rows.shape[0]) % max(found.rows.shape[1], 1)
    home = np.searchsorted(found.start, number, side="right") - 1
    real = np.zeros(rows.shape[0], dtype=np.bool_)
    half = found.rows.shape[1]
    for bound in range(2):
        own = number[:half] - found.start[home[:half]] < found.count[home[:half], bound]
        real[bound * half : (bound + 1) * half] = own
    real &= end > clock
    first = rules.paid_from(days.start_us, clock, end)
    short = real & (first < 0)
    real &= ~short
    if rules.block != NATURAL:
        run = np.where(real, end - clock, 0)
        return _blocks(clock, np.where(short & rules.recurs, BLOCK_US, run), home, rules, days)
    last = np.searchsorted(days.start_us, end - 1, side="right") - 1
    recovered = (how != OPEN) & (how != FAULT)
    if not rules.include_recovery:
        last = last - (
            recovered & (end < days.start_us[np.minimum(last + 1, days.start_us.size - 1)])
        )
    size = np.where(real, np.maximum(last - first + 1, 0), 0)
    day = spread(first, size)
    return _empty(size, home, day, days.start_us[day], days.start_us[day + 1])


def _blocks(
    clock: IntArray, run: IntArray, home: IntArray, rules: Rules, days: SeasonDays
) -> Entries:
    """Blocks of 24 h from the clock's start; the last is a part where the act keeps the remainder.

    Of an episode that missed the gate there is one where its cold may recur: it says what that pays.
    """
    size = run // BLOCK_US if rules.block == FLOOR else -(-run // BLOCK_US)
    begin = np.repeat(clock, size) + BLOCK_US * spread(np.zeros_like(size), size)
    day = np.searchsorted(days.start_us, begin, side="right") - 1
    return _empty(size, home, day, begin, begin + BLOCK_US)


def _empty(
    size: IntArray, home: IntArray, day: IntArray, begin: IntArray, stop: IntArray
) -> Entries:
    """Entries of which nothing is known yet; `size` (2 * e,) of each episode's row."""
    total = int(size.sum())
    return Entries(
        starts(size),
        np.repeat(home, size),
        day,
        begin,
        stop,
        np.repeat(np.arange(size.size), size),
        np.full(total, -1, dtype=np.int16),
        np.full(total, UNKNOWN, dtype=np.uint8),
        np.full(total, np.nan),
        np.zeros(total, dtype=np.int64),
        np.zeros(total, dtype=np.int16),
    )


def _days(
    facts: Counted,
    samples: Samples,
    rules: Rules,
    days: SeasonDays,
    closed: ByteArray,
    found: Episodes,
) -> Findings:
    """Each day by the bands that are in force on it."""
    first = _days_under(facts, samples, rules, days, closed, found, _entries(found, rules, days))
    for since, own in rules.later:
        entries = _entries(found, rules, days)
        then = _days_under(facts, samples, own, days, closed, found, entries)
        for told in ("day", "value", "at_us", "room"):
            getattr(first, told)[:, :, since:] = getattr(then, told)[:, :, since:]
    return first


def _days_under(
    facts: Counted,
    samples: Samples,
    rules: Rules,
    days: SeasonDays,
    closed: ByteArray,
    found: Episodes,
    entries: Entries,
) -> Findings:
    snapshot, rows = facts.snapshot, found.rows.reshape(-1, FIELDS)
    bands_of = (rules.edge, rules.edge_in, rules.share)
    records = (facts.measured.offsets, *facts.measured.columns)
    # a record fails by what was owed then, and pays by what it measured and what is owed now
    failing = facts.inside.columns[1] < rules.standard
    failed = (*records[:2], np.where(failing, records[2], NEVER), NEVER)
    told = (entries.share, entries.made, entries.value, entries.at, entries.room)
    spans = (entries.begin, entries.stop, days.start_us[entries.day])
    in_ranges(
        bands, entries.day.size, entries.home, *spans, entries.row, snapshot.rooms.offsets, samples.start, samples.size, samples.at, samples.until,
        samples.measured, samples.record, *records, rows, days.start_us, *bands_of, *told,
    )  # fmt: skip
    in_ranges(
        governing, entries.day.size, entries.home, entries.day, entries.row, snapshot.rooms.offsets, *failed, rows, days.start_us,
        *bands_of, *told,
    )  # fmt: skip
    n, d = snapshot.household.size, len(days.days) if rules.block == NATURAL else 0
    day = np.zeros((n, 2, d, 4), dtype=np.int16)
    value = np.full((n, 2, d), np.nan)
    at = np.zeros((n, 2, d), dtype=np.int64)
    room = np.zeros((n, 2, d), dtype=np.int16)
    told_days = Findings(
        snapshot, found.start, found.count, found.rows, day, value, at, room, samples
    )
    if rules.block != NATURAL:
        return replace(told_days, entries=entries, came=facts.came, fault=facts.fault)
    in_ranges(
        day_kernel, n, snapshot.rooms.offsets, *failed, found.start, found.count,
        rows, days.start_us, closed, facts.refused, facts.fault, facts.came.offsets,
        facts.came.columns[0], entries.start, entries.day, *told, *bands_of,
        rules.worst, rules.limit, rules.shown_only, rules.band_open, rules.retest, day, value, at, room,
    )  # fmt: skip
    return told_days
