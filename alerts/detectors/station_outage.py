"""Stations without supply: flow or supply temperature lost and held; back and held ends it.

The end is regulations.md 7.9: supply re-established and held for at least 60 minutes;
shorter returns do not end the outage.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alerts.columns.newest import Rows
from alerts.columns.topology import TOGETHER
from alerts.columns.watched import ROLES, Index, Ints
from alerts.detectors.base import Change, Cleared, Numbers, Opened, covered_us, minutes
from alerts.detectors.by_station import ByStation
from alerts.detectors.kind import AlertKind, Causes, Given, Inputs
from alerts.section import Exact, Section
from analytics.heat.usual import usual_after
from domain.language import msg
from domain.quantity import Quantity, Role
from domain.time import from_us

FLOW, SUPPLY = ROLES.index(Role.FLOW), ROLES.index(Role.SUPPLY_TEMPERATURE)
#: Memory of the usual flow: a day, so that night and day look alike. [µs]
MEMORY_US = 86_400_000_000


NAME = "station_outage"
INPUTS = Inputs(roles=(Role.FLOW, Role.SUPPLY_TEMPERATURE))


class OutageSettings(Section):
    """`[alerts.outage]`: when a station has lost its supply (regulations.md 7.9 for the end)."""

    flow_share: Exact = Field(
        default=Decimal("0.1"), gt=0, lt=1, description="of its usual flow: flow is lost [1]"
    )
    supply_c: Exact = Field(
        default=Decimal(28), ge=0, le=100, description="supply colder than this is lost [Cel]"
    )
    hold_min: float = Field(default=10.0, ge=0, le=24 * 60, description="[min]")
    recover_min: float = Field(
        default=60.0, ge=0, le=24 * 60, description="supply held again this long ends it [min]"
    )


@dataclass(frozen=True, slots=True)
class SupplyLimits:
    """By station: share of the usual flow, ticks of the temperature, microseconds."""

    flow_share: NDArray[np.float64]
    supply: NDArray[np.float64]
    hold_us: NDArray[np.float64]
    recover_us: NDArray[np.float64]

    @classmethod
    def of(cls, given: Given, general: OutageSettings) -> "SupplyLimits":
        """Each station's, by its company; where that has none of its own the general ones."""

        def each(number: Callable[[OutageSettings], float]) -> NDArray[np.float64]:
            return given.each("outage", general, number)[given.watched.stations]

        return cls(
            each(lambda outage: float(outage.flow_share)),
            each(lambda outage: Quantity.TEMPERATURE.to_ticks(outage.supply_c)),
            each(lambda outage: int(outage.hold_min * 60e6)),
            each(lambda outage: int(outage.recover_min * 60e6)),
        )


@dataclass(slots=True)
class SupplyState:
    """Per station."""

    flow: NDArray[np.float64]  # last [L/h], NaN: none yet
    usual: NDArray[np.float64]  # while running [L/h], NaN: none yet
    supply: NDArray[np.float64]  # last, in ticks, NaN: none yet
    at_us: Ints  # of the last of either
    lost: NDArray[np.bool_]  # now
    run_us: Ints  # covered time lost, or not lost [µs]
    since_us: Ints  # when that began
    out: NDArray[np.bool_]  # the verdict

    @classmethod
    def blank(cls, size: int) -> "SupplyState":
        unknown, none = np.full(size, np.nan), np.zeros(size, dtype=np.int64)
        no = np.zeros(size, dtype=np.bool_)
        return cls(
            unknown, unknown.copy(), unknown.copy(), none, no, none.copy(), none.copy(), no.copy()
        )


def step(
    state: SupplyState,
    station: Index,
    rows: Rows,
    is_flow: NDArray[np.bool_],
    stood_us: Ints,
    limits: SupplyLimits,
) -> NDArray[np.bool_]:
    """Moves `state` by one reading a station; answers with the verdict before.

    Flow is lost below `flow_share` of the station's own usual flow; without one, and for NaN,
    it is not known and does not speak.
    """
    value = rows.value.astype(np.float64)
    usual = state.usual[station]
    running = is_flow & ~(value < limits.flow_share[station] * usual) & (value > 0.0)
    state.usual[station] = np.where(running, usual_after(usual, value, stood_us, MEMORY_US), usual)
    state.flow[station] = np.where(is_flow, value, state.flow[station])
    state.supply[station] = np.where(is_flow, state.supply[station], value)
    lost = (state.flow[station] < limits.flow_share[station] * usual) | (
        state.supply[station] < limits.supply[station]
    )
    same = (lost == state.lost[station]) & (state.at_us[station] > 0)
    state.run_us[station] = np.where(same, state.run_us[station] + stood_us, 0)
    state.since_us[station] = np.where(same, state.since_us[station], rows.at_us)
    state.lost[station] = lost
    state.at_us[station] = np.maximum(state.at_us[station], rows.at_us)
    before = state.out[station]
    run = state.run_us[station]
    state.out[station] = (before | (lost & (run >= limits.hold_us[station]))) & ~(
        ~lost & (run >= limits.recover_us[station])
    )
    return before


class StationOutage(ByStation):
    """Flow and supply temperature of each station's secondary side."""

    kind = NAME
    clock = None  # a station that reports nothing is silent, not out

    def __init__(self, given: Given, settings: OutageSettings) -> None:
        super().__init__(given.watched, *INPUTS.roles)
        self.limits = SupplyLimits.of(given, settings)
        self.state = SupplyState.blank(self.rows.size)

    def resume(self, opened: dict[int, str]) -> None:
        self.state.out[:] = np.isin(self.rows, list(opened))

    def numbers(self, place: int) -> Numbers:
        station, state = int(np.searchsorted(self.rows, place)), self.state
        return {
            "flow_m3_h": _rounded(state.flow[station] / 1000.0),
            "usual_m3_h": _rounded(state.usual[station] / 1000.0),
            "supply_c": _rounded(state.supply[station] / 1000.0),
        }

    def _round(self, rows: Rows) -> list[tuple[int, Change]]:
        station = self.station[rows.slot]
        stood = self._stood(rows, station)
        is_flow = self.watched.role[rows.slot] == FLOW
        before = step(self.state, station, rows, is_flow, stood, self.limits)
        changed = np.flatnonzero(before != self.state.out[station]).tolist()
        return [(int(rows.order[i]), self._change(rows, i)) for i in changed]

    def _stood(self, rows: Rows, station: Index) -> Ints:
        """(k,) time since the station's last flow or supply value, as far as it is covered. [µs]"""
        last = self.state.at_us[station]
        gap = np.where(last > 0, np.maximum(rows.at_us - last, 0), -1)
        timed = Rows(rows.order, rows.slot, rows.at_us, rows.value, gap)
        return covered_us(timed, self.watched.interval_us)

    def _change(self, rows: Rows, i: int) -> Change:
        station = int(self.station[rows.slot[i]])
        state, at_us = self.state, int(rows.at_us[i])
        least = self.limits.flow_share[station] * state.usual[station]
        flow_lost = bool(state.flow[station] < least)
        place = int(self.rows[station])
        numbers = {
            **self.numbers(place),
            "since": from_us(int(state.since_us[station])).isoformat(),
            "held_min": minutes(float(state.run_us[station])),
        }
        if not state.out[station]:
            return Cleared(self.kind, place, at_us, "supply_held", numbers)
        return Opened(self.kind, place, at_us, "flow_lost" if flow_lost else "supply_lost", numbers)


def _rounded(value: float) -> float | None:
    """Two decimals; None where it is not known."""
    return None if np.isnan(value) else round(float(value), 2)


KIND = AlertKind(
    name=NAME,
    title=msg("Station outage"),
    icon=("power_off", "red"),
    inputs=INPUTS,
    section="outage",
    settings=OutageSettings,
    build=StationOutage,
    sentences={
        "": msg(
            "{where}: no heat. Flow {flow_m3_h} m3/h (usual {usual_m3_h}), supply {supply_c} C, "
            "since {since}. {homes}{affected}. {address}Restore supply now."
        ),
        "common_cause": msg(
            "{where}: {stations} of {of} stations without heat since {since}. "
            "{homes}{affected}. Check heat source and primary network."
        ),
    },
    causes=Causes(by=(NAME,), earlier=TOGETHER, together=True),
)
