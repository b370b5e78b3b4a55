"""From snapshot and columns to what the settlement kernels found, for a piece of the city."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import settlement_days, settlement_episodes, settlement_rooms
from analytics.kernels import settlement_states as states
from analytics.policy import Policy
from analytics.snapshot import SeasonFacts, Snapshot
from domain.columns import Columns
from domain.quality import USABLE, Quality
from domain.quantity import Quantity
from domain.time import local_days, to_us

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]

MINUTE = 60_000_000  # [µs]
LEAST_HOLD, MOST_HOLD = 30 * MINUTE, 180 * MINUTE  # how long a sample stands, 7.20
HELD = 60 * MINUTE  # held compliance, 7.4.2
LEAST_BRIDGE = 60 * MINUTE  # bridged gap, 7.20
USABLE_MARKS = np.array([mark in USABLE for mark in Quality], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class SeasonDays:
    """The season's local civil days (d days)."""

    days: tuple[date, ...]
    start_us: IntArray  # (d + 1,) first instants of the days, whole days
    inside_s: IntArray  # (d,) seconds of the day inside the season
    length_s: IntArray  # (d,) seconds of the whole day: 23, 24 or 25 h

    @classmethod
    def of(cls, season: SeasonFacts) -> "SeasonDays":
        zone = ZoneInfo(season.zone)
        found = list(local_days(season.span, zone))
        edges = [to_us(span.since) for _, span in found] + [to_us(found[-1][1].until)]
        start = np.array(edges, dtype=np.int64)
        inside = np.minimum(start[1:], season.until_us) - np.maximum(start[:-1], season.since_us)
        seconds = 1_000_000
        return cls(
            tuple(day for day, _ in found), start, inside // seconds, np.diff(start) // seconds
        )

    def count(self) -> Fraction:
        """How many days the season has, a part of a day as its part (7.11, 7.20)."""
        return sum(
            (Fraction(int(a), int(b)) for a, b in zip(self.inside_s, self.length_s, strict=True)),
            Fraction(0),
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy as the kernels take it: µs, 0.001 °C, indices of ascending shares."""

    standard: int
    edge: IntArray  # (b,) ascending tops of the bands
    edge_in: BoolArray  # (b,) whether the top itself is in
    share: ByteArray  # (b,) index into `shares`
    shares: tuple[Fraction, ...]  # ascending, shares[0] is 0
    gate: int
    gate_open: bool
    by_evidence: bool
    include_recovery: bool
    limit: int
    retest: bool
    refusal_counts: bool

    @classmethod
    def of(cls, policy: Policy) -> "Rules":
        bands = sorted(policy.bands, key=lambda band: band.high)
        shares = (Fraction(0), *sorted({band.refund for band in bands}))
        late = policy.presumptions.supplier_late == "lowest_band"
        return cls(
            Quantity.TEMPERATURE.to_steps(policy.standard.temp),
            np.array([Quantity.TEMPERATURE.to_steps(b.high) for b in bands], dtype=np.int64),
            np.array([band.up_to is not None for band in bands]),
            np.array([shares.index(band.refund) for band in bands], dtype=np.uint8),
            shares,
            -1 if policy.gate is None else int(policy.gate.continuous_h * 60 * MINUTE),
            policy.gate is not None and policy.gate.op == ">",
            policy.clock.start == "first_evidence",
            policy.day.include_recovery,
            int((policy.sla.measure_h or 0) * 60 * MINUTE) if late else -1,
            policy.retest.value == "lowest_act",
            policy.presumptions.user_refuses == "compliant",
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """What the kernels found for n households over d days, in two worlds (7.20).

    World 0 takes longer unknown stretches as below, world 1 as compliant.
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
    ever_below: BoolArray  # (n,)
    telemetry: BoolArray  # (n,)


def _stands(interval_s: IntArray) -> IntArray:
    """How long a sample stands at most: 2 × the declared interval, 30 min to 3 h. [µs]"""
    return np.clip(2 * interval_s * 1_000_000, LEAST_HOLD, MOST_HOLD)


def _rows_of(series: IntArray, columns: Columns) -> IntArray:
    """(s,) rows of the series in the columns, -1 where they are not."""
    if columns.series.size == 0:
        return np.full(series.size, -1, dtype=np.int64)
    row = np.minimum(np.searchsorted(columns.series, series), columns.series.size - 1)
    row[columns.series[row] != series] = -1
    return row.astype(np.int64)


def _most(values: IntArray, offsets: IntArray, empty: int) -> IntArray:
    """(n,) largest value of each owner, `empty` where it has none."""
    filled = np.append(values, empty)
    most = np.maximum.reduceat(filled, np.minimum(offsets[:-1], values.size))
    return np.asarray(np.where(np.diff(offsets) > 0, most, empty), dtype=np.int64)


def _room_sizes(rows: IntArray, columns: Columns, snapshot: Snapshot) -> IntArray:
    size = (
        np.where(rows >= 0, np.diff(columns.offsets)[rows], 0) if columns.series.size else rows * 0
    )
    total = np.concatenate([[0], np.cumsum(size)])
    offsets = snapshot.series.offsets
    sizes: IntArray = total[offsets[1:]] - total[offsets[:-1]] + snapshot.acts.count()
    return sizes


def _starts(size: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(size)]).astype(np.int64)


def below_at_all(snapshot: Snapshot, columns: Columns, rules: Rules) -> tuple[BoolArray, BoolArray]:
    """(n,) whether any sample or act was below the standard; (n,) whether telemetry exists."""
    found = settlement_rooms.any_below(
        columns.offsets, columns.value, columns.mark, USABLE_MARKS, rules.standard
    )
    rows = _rows_of(snapshot.series.columns[0], columns)
    below = np.append(found, False)[rows]
    known = np.append(np.diff(columns.offsets) > 0, False)[rows]
    failed = snapshot.acts.columns[1] < rules.standard
    room = _any(below, snapshot.series.offsets) | _any(failed, snapshot.acts.offsets)
    return (
        _any(room, snapshot.rooms.offsets),
        _any(_any(known, snapshot.series.offsets), snapshot.rooms.offsets),
    )


def _any(flags: BoolArray, offsets: IntArray) -> BoolArray:
    """(n,) whether any of the owner's flags is set."""
    total = np.concatenate([[0], np.cumsum(flags)])
    return np.asarray(total[offsets[1:]] > total[offsets[:-1]])


def find(
    snapshot: Snapshot, columns: Columns, rules: Rules, days: SeasonDays, closed: ByteArray
) -> Findings:
    """Everything the kernels tell about the snapshot's households.

    `closed` (d,) says which days pay nothing for temperature and why (kernels.settlement_days).
    """
    season = snapshot.season
    since, end = season.since_us, season.end_us
    rows = _rows_of(snapshot.series.columns[0], columns)
    stands = _stands(snapshot.series.columns[1])
    room_stands = _most(stands, snapshot.series.offsets, LEAST_HOLD)
    home = snapshot.rooms.offsets
    bridge = np.maximum(
        2 * 1_000_000 * _most(
            _most(snapshot.series.columns[1], snapshot.series.offsets, 0), home, 0
        ),
        LEAST_BRIDGE,
    )  # fmt: skip
    start = _starts(_room_sizes(rows, columns, snapshot))
    at, until, value = (np.empty(int(start[-1]) + 1, dtype=np.int64) for _ in range(3))
    act = np.empty(at.size, dtype=np.bool_)
    size = settlement_rooms.merge(
        snapshot.series.offsets, rows, stands, columns.offsets, columns.at_us, columns.value,
        columns.mark, USABLE_MARKS, snapshot.acts.offsets,
        snapshot.acts.columns[0], snapshot.acts.columns[1], room_stands,
        since, end, start, at, until, value, act,
    )  # fmt: skip
    start = start[:-1]
    piece_start = _starts(
        np.add.reduceat(np.append(2 * size, 0), home[:-1]) * (np.diff(home) > 0) + 2
    )
    piece_at = np.empty(int(piece_start[-1]), dtype=np.int64)
    piece_state, piece_act = (np.empty(piece_at.size, dtype=np.uint8) for _ in range(2))
    piece_held = np.empty(piece_at.size, dtype=np.bool_)
    met_start = _starts(np.diff(snapshot.acts.offsets[home]))
    met_at = np.empty(int(met_start[-1]), dtype=np.int64)
    count, met = states.pieces(
        home, start, size, at, until, value, act, rules.standard, since, end, HELD, bridge,
        piece_start, piece_at, piece_state, piece_held, piece_act, met_start, met_at,
    )  # fmt: skip
    ever_below, telemetry = below_at_all(snapshot, columns, rules)
    requests = snapshot.requests.take(np.arange(snapshot.household.size))
    asked = np.maximum(requests.columns[0], since)
    episode_start = _starts(count // 2 + 2 + requests.count())
    episode = np.empty((2, int(episode_start[-1]), settlement_episodes.FIELDS), dtype=np.int64)
    alone = ~telemetry & ~snapshot.consent & rules.by_evidence
    episodes = settlement_episodes.episodes(
        home, start, size, at, value, rules.standard, end, piece_start, count, piece_at, piece_state, piece_held,
        met_start, met, met_at, requests.offsets, asked, snapshot.consent, rules.by_evidence,
        alone, episode_start, episode,
    )  # fmt: skip
    return _days(
        snapshot, rules, days, closed, start, size, at, until, value, act, episode_start, episodes, episode,
        ever_below, telemetry,
    )  # fmt: skip


def _days(
    snapshot: Snapshot,
    rules: Rules,
    days: SeasonDays,
    closed: ByteArray,
    start: IntArray,
    size: IntArray,
    at: IntArray,
    until: IntArray,
    value: IntArray,
    act: BoolArray,
    episode_start: IntArray,
    episode_count: IntArray,
    episode: IntArray,
    ever_below: BoolArray,
    telemetry: BoolArray,
) -> Findings:
    n, d = snapshot.household.size, len(days.days)
    out = np.zeros((n, 2, d, 4), dtype=np.int16)
    out_value = np.full((n, 2, d), np.nan)
    out_at = np.zeros((n, 2, d), dtype=np.int64)
    out_room = np.zeros((n, 2, d), dtype=np.int16)
    run = np.zeros(episode.shape[:2], dtype=np.int64)
    settlement_days.days(
        snapshot.rooms.offsets, start, size, at, until, value, act, rules.standard, episode_start, episode_count, episode,
        days.start_us, closed, _refused(snapshot, rules, days), snapshot.faults.offsets,
        snapshot.faults.columns[0], snapshot.faults.columns[1], rules.edge, rules.edge_in, rules.share, len(rules.shares) - 1,
        rules.gate, rules.gate_open, rules.include_recovery, rules.limit, rules.retest,
        run, out, out_value, out_at, out_room,
    )  # fmt: skip
    return Findings(
        snapshot, episode_start, episode_count, episode, run, out, out_value, out_at, out_room,
        ever_below, telemetry,
    )  # fmt: skip


def _refused(snapshot: Snapshot, rules: Rules, days: SeasonDays) -> BoolArray:
    """(n, d) days on which the user refused a measurement, where the act says what that means."""
    refused = np.zeros((snapshot.household.size, len(days.days)), dtype=np.bool_)
    if rules.refusal_counts and snapshot.refusals.columns[0].size:
        owner = np.repeat(np.arange(snapshot.household.size), snapshot.refusals.count())
        day = np.searchsorted(days.start_us, snapshot.refusals.columns[0], side="right") - 1
        inside = (day >= 0) & (day < len(days.days))
        refused[owner[inside], day[inside]] = True
    return refused
