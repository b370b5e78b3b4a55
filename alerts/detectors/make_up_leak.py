"""Leaks by make-up water: large ones at once, medium ones by CUSUM against the own baseline.

A large leak is at least a share of circulation, or an absolute flow, for two readings. A
medium one is water beyond baseline and slack, summed up (one-sided CUSUM); what one hour can
add is bounded, so that filling a building does not alarm at once. Bars: detection.md 3.1.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alerts.columns.newest import Rows
from alerts.columns.watched import ROLES, Index, Ints
from alerts.detectors.base import Change, Cleared, Numbers, Opened, covered_us
from alerts.detectors.by_station import ByStation
from alerts.detectors.kind import AlertKind, Given, Inputs
from alerts.section import MOST_M3_H, Exact, Section
from analytics.heat.usual import Floats, usual_after
from domain.language import msg
from domain.quantity import Role
from domain.time import HOUR_US, from_us

MAKE_UP = ROLES.index(Role.MAKE_UP_FLOW)
#: Of the usual circulation, for the bar of a large leak: a pump set anew sets a new bar within the
#: day; an outage is held against a whole day's flow, so that a night's pause lowers it little.
CIRCULATION_MEMORY_US = 6 * HOUR_US
#: Below this share of the usual circulation the pump stands: no measure for a leak.
STANDING = 0.1
#: Beyond this share of a medium leak the baseline stands still, else it would learn the leak.
UNSUSPICIOUS = 0.1


NAME = "make_up_leak"
INPUTS = Inputs(roles=(Role.FLOW, Role.MAKE_UP_FLOW))


class LeakSettings(Section):
    """`[alerts.leak]`: when make-up water is a leak (detection.md 3.1: proposed bars, not from a standard)."""

    large_share: Exact = Field(
        default=Decimal("0.05"), gt=0, le=1, description="of circulation: a large leak [1]"
    )
    large_m3_h: Exact = Field(
        default=Decimal(8), gt=0, le=MOST_M3_H, description="a large leak at once [m3/h]"
    )
    large_hold_s: float = Field(
        default=60.0, ge=0, le=3600, description="a large leak lasts this long before it alarms [s]"
    )
    slack_m3_h: Exact = Field(
        default=Decimal("0.1"),
        gt=0,
        le=MOST_M3_H,
        description="above the baseline still normal [m3/h]",
    )
    medium_m3: Exact = Field(
        default=Decimal(3),
        gt=0,
        le=MOST_M3_H * 24,
        description="water beyond baseline and slack that alarms [m3]",
    )
    burst_m3_h: Exact = Field(
        default=Decimal(1),
        gt=0,
        le=MOST_M3_H,
        description="counts at most this much: fillings are short [m3/h]",
    )
    learn_h: float = Field(
        default=6.0,
        gt=0,
        le=31 * 24,
        description="hours of data before the baseline is believed [h]",
    )
    memory_days: float = Field(default=7.0, gt=0, le=366, description="memory of the baseline [d]")
    recover_min: float = Field(
        default=60.0, ge=0, le=24 * 60, description="make-up usual again this long ends it [min]"
    )


@dataclass(frozen=True, slots=True)
class LeakBars:
    """Litres, litres an hour, microseconds."""

    large_share: float
    large: float
    large_hold_us: int
    slack: float
    medium: float
    burst: float
    learn_us: int
    memory_us: float
    recover_us: int

    @classmethod
    def of(cls, leak: LeakSettings) -> "LeakBars":
        return cls(
            float(leak.large_share), float(leak.large_m3_h) * 1000.0, int(leak.large_hold_s * 1e6),
            float(leak.slack_m3_h) * 1000.0, float(leak.medium_m3) * 1000.0,
            float(leak.burst_m3_h) * 1000.0, int(leak.learn_h * HOUR_US),
            leak.memory_days * 24 * HOUR_US, int(leak.recover_min * 60e6),
        )  # fmt: skip


@dataclass(slots=True)
class LeakState:
    """Per station."""

    circulation: Floats  # usual [L/h], NaN: none yet
    baseline: Floats  # usual make-up [L/h], NaN: none yet
    spread: Floats  # usual distance from it [L/h]
    learned_us: Ints  # data behind the baseline [µs]
    beyond: Floats  # CUSUM [L]
    large: NDArray[np.bool_]  # the last reading was large
    large_us: Ints  # for how long [µs]
    calm_us: Ints  # for how long make-up has been usual, -1: it is not [µs]
    since_us: Ints  # last reading that was usual
    last: Floats  # newest make-up [L/h]
    lost: Floats  # water beyond the baseline since then [L]
    leaking: NDArray[np.bool_]  # the verdict

    @classmethod
    def blank(cls, size: int) -> "LeakState":
        def none() -> Ints:
            return np.zeros(size, dtype=np.int64)

        def no() -> NDArray[np.bool_]:
            return np.zeros(size, dtype=np.bool_)

        unknown, zero = np.full(size, np.nan), np.zeros(size)
        return cls(
            unknown, unknown.copy(), zero, none(), zero.copy(), no(), none(), none(), none(),
            zero.copy(), zero.copy(), no(),
        )  # fmt: skip


def large_bar(circulation: Floats, limits: LeakBars) -> Floats:
    """(k,) make-up that is a large leak: the share of circulation where that is known. [L/h]"""
    share = np.where(circulation > 0.0, limits.large_share * circulation, np.inf)
    return np.fmin(share, limits.large)


def circulate(state: LeakState, station: Index, value: Floats, stood_us: Ints) -> None:
    """Follows the usual circulation; a standing pump does not lower it."""
    usual = state.circulation[station]
    runs = (value > 0.0) & ~(value < STANDING * usual)
    after = usual_after(usual, value, stood_us, CIRCULATION_MEMORY_US)
    state.circulation[station] = np.where(runs, after, usual)


def step(
    state: LeakState, station: Index, at_us: Ints, value: Floats, stood_us: Ints, limits: LeakBars
) -> NDArray[np.bool_]:
    """Moves `state` by one make-up reading a station; answers with the verdict before."""
    hours = stood_us / HOUR_US
    state.last[station] = value
    bar = large_bar(state.circulation[station], limits)
    large = value >= bar
    baseline = np.where(np.isnan(state.baseline[station]), value, state.baseline[station])
    slack = limits.slack + 0.5 * state.spread[station]
    excess = value - baseline - slack
    known = state.learned_us[station] >= limits.learn_us
    sums = state.beyond[station] + np.minimum(excess, limits.burst) * hours
    state.beyond[station] = np.where(known, np.clip(sums, 0.0, 2.0 * limits.medium), 0.0)
    _learn(state, station, np.minimum(value, bar), stood_us, limits)
    calm = ~large & (excess <= 0.0)
    usual = calm & (state.beyond[station] == 0.0) & ~state.leaking[station]
    first = state.since_us[station] == 0
    state.since_us[station] = np.where(usual | first, at_us, state.since_us[station])
    gone = np.maximum(value - baseline, 0.0) * hours
    state.lost[station] = np.where(usual | first, 0.0, state.lost[station] + gone)
    still = large & state.large[station]
    state.large_us[station] = np.where(still, state.large_us[station] + stood_us, 0)
    state.large[station] = large
    calm_us = state.calm_us[station]
    state.calm_us[station] = np.where(calm, np.where(calm_us < 0, 0, calm_us + stood_us), -1)
    before = state.leaking[station]
    opens = (large & (state.large_us[station] >= limits.large_hold_us)) | (
        known & (state.beyond[station] >= limits.medium)
    )
    ends = calm & (state.calm_us[station] >= limits.recover_us)
    state.leaking[station] = (before | opens) & ~ends
    state.beyond[station] = np.where(before & ends, 0.0, state.beyond[station])
    return before


def _learn(
    state: LeakState, station: Index, value: Floats, stood_us: Ints, limits: LeakBars
) -> None:
    """Baseline and spread: young ones move faster, and nothing that may be a leak is learned."""
    usual = state.baseline[station]
    free = ~state.leaking[station] & (state.beyond[station] <= UNSUSPICIOUS * limits.medium)
    memory = np.clip(state.learned_us[station].astype(np.float64), HOUR_US, limits.memory_us)
    after = usual_after(usual, value, stood_us, memory)
    away = np.abs(value - np.where(np.isnan(usual), value, usual))
    spread = usual_after(state.spread[station], away, stood_us, memory)
    state.baseline[station] = np.where(free | np.isnan(usual), after, usual)
    state.spread[station] = np.where(free, spread, state.spread[station])
    state.learned_us[station] += np.where(free, stood_us, 0)


class MakeUpLeak(ByStation):
    """Make-up flow of each station, with its circulation as the measure."""

    kind = NAME
    clock = None  # no data is neither a leak nor its end

    def __init__(self, given: Given, settings: LeakSettings) -> None:
        super().__init__(given.watched, *INPUTS.roles)
        self.limits = LeakBars.of(settings)
        self.state = LeakState.blank(self.rows.size)

    def resume(self, opened: dict[int, str]) -> None:
        self.state.leaking[:] = np.isin(self.rows, list(opened))

    def numbers(self, place: int) -> Numbers:
        station, state = int(np.searchsorted(self.rows, place)), self.state
        circulation = float(state.circulation[station])
        return {
            "make_up_m3_h": round(float(state.last[station]) / 1000.0, 3),
            "baseline_m3_h": round(float(state.baseline[station]) / 1000.0, 3),
            "circulation_m3_h": None if np.isnan(circulation) else round(circulation / 1000.0, 2),
            "lost_m3": round(float(state.lost[station]) / 1000.0, 2),
        }

    def _round(self, rows: Rows) -> list[tuple[int, Change]]:
        make_up = self.watched.role[rows.slot] == MAKE_UP
        stood = covered_us(rows, self.watched.interval_us)
        station, value = self.station[rows.slot], rows.value.astype(np.float64)
        circulate(self.state, station[~make_up], value[~make_up], stood[~make_up])
        rows, station, value, stood = (
            rows.of(make_up),
            station[make_up],
            value[make_up],
            stood[make_up],
        )
        before = step(self.state, station, rows.at_us, value, stood, self.limits)
        changed = np.flatnonzero(before != self.state.leaking[station]).tolist()
        return [(int(rows.order[i]), self._change(rows, i)) for i in changed]

    def _change(self, rows: Rows, i: int) -> Change:
        station = int(self.station[rows.slot[i]])
        state, at_us, place = self.state, int(rows.at_us[i]), int(self.rows[station])
        since = from_us(int(state.since_us[station])).isoformat()
        numbers = {**self.numbers(place), "since": since}
        if not state.leaking[station]:
            return Cleared(self.kind, place, at_us, "usual_held", numbers)
        reason = "large" if state.large[station] else "beyond_baseline"
        return Opened(self.kind, place, at_us, reason, numbers)


KIND = AlertKind(
    name=NAME,
    title=msg("Make-up water leak suspected"),
    icon=("water_drop", "deep-orange"),
    inputs=INPUTS,
    section="leak",
    settings=LeakSettings,
    build=MakeUpLeak,
    sentences={
        "": msg(
            "{where}: leak? Make-up {make_up_m3_h} m3/h (usual {baseline_m3_h}, circulation "
            "{circulation_m3_h}), {lost_m3} m3 lost since {since}. {address}Search and close now."
        ),
    },
)
