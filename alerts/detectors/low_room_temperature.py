"""Homes below the standard: held cold opens, held warm clears."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alerts.columns.newest import Rows, rounds
from alerts.columns.watched import Index, Ints
from alerts.detectors.base import Change, Cleared, Numbers, Opened, covered_us, minutes
from alerts.detectors.kind import AlertKind, Causes, Given, Inputs
from alerts.section import Exact, Section
from domain.language import msg, plural
from domain.quantity import Quantity, Role
from domain.time import from_us
from domain.tree import PlaceKind

COLD, BETWEEN, WARM = -1, 0, 1
INPUTS = Inputs(roles=(Role.ROOM_TEMPERATURE,), standard=True)


NAME = "low_room_temperature"


class LowRoomSettings(Section):
    """`[alerts.low_room]`: when a home is cold, and warm again."""

    hold_min: float = Field(default=60.0, ge=0, le=24 * 60, description="cold this long [min]")
    recover_min: float = Field(default=60.0, ge=0, le=24 * 60, description="warm this long [min]")
    hysteresis_c: Exact = Field(
        default=Decimal("0.2"), ge=0, le=5, description="warm is this above the standard [K]"
    )


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """In ticks of the temperature, by series, and microseconds."""

    standard: Ints  # (n,)
    warm: Ints  # (n,)
    hold_us: int
    recover_us: int

    @classmethod
    def of(cls, standard: Ints, settings: LowRoomSettings) -> "RoomLimits":
        """Of each series' place the `standard` (n,)."""
        return cls(
            standard,
            standard + Quantity.TEMPERATURE.to_ticks(settings.hysteresis_c),
            int(settings.hold_min * 60e6),
            int(settings.recover_min * 60e6),
        )


@dataclass(slots=True)
class RoomState:
    """Per series: on which side it is, for how long that is covered by values, and the verdict."""

    side: NDArray[np.int8]
    run_us: Ints  # covered time on this side [µs]
    since_us: Ints  # first reading on this side
    value: Ints  # newest, in ticks
    lowest: Ints  # of the cold run, in ticks
    cold: NDArray[np.bool_]  # the verdict: cold was held, warm not yet

    @classmethod
    def blank(cls, size: int) -> "RoomState":
        zeros = np.zeros(size, dtype=np.int64)
        return cls(
            np.zeros(size, dtype=np.int8), zeros, zeros.copy(), zeros.copy(), zeros.copy(),
            np.zeros(size, dtype=np.bool_),
        )  # fmt: skip


def step(state: RoomState, rows: Rows, stood_us: Ints, limits: RoomLimits) -> NDArray[np.bool_]:
    """Moves `state` by one reading a series; answers with the verdict before.

    `stood_us` (k,) is how long the value before stood. A value on the same side lets that
    time count; a change of side starts again; between the limits nothing counts. [µs]
    """
    slot, value = rows.slot, rows.value
    warm = np.where(value >= limits.warm[slot], WARM, BETWEEN)
    side = np.where(value < limits.standard[slot], COLD, warm)
    fresh = (side != state.side[slot]) | (rows.gap_us < 0)
    state.run_us[slot] = np.where(fresh, 0, state.run_us[slot] + stood_us)
    state.since_us[slot] = np.where(fresh, rows.at_us, state.since_us[slot])
    before = state.cold[slot]
    restarts = fresh & (side == COLD) & ~before
    state.lowest[slot] = np.where(restarts, value, np.minimum(state.lowest[slot], value))
    state.side[slot], state.value[slot] = side, value
    held_cold = (side == COLD) & (state.run_us[slot] >= limits.hold_us)
    held_warm = (side == WARM) & (state.run_us[slot] >= limits.recover_us)
    state.cold[slot] = (before | held_cold) & ~held_warm
    return before


class LowRoomTemperature:
    """A home is cold while one of its covered rooms is; its episode is the household's."""

    kind = NAME
    clock = None  # silence is neither cold nor warm: only readings move this

    def __init__(self, given: Given, settings: LowRoomSettings) -> None:
        self.watched = watched = given.watched
        self.limits = RoomLimits.of(given.standard[watched.place], settings)
        self.state = RoomState.blank(watched.series.size)
        household = watched.ancestor(PlaceKind.HOUSEHOLD)
        mine = watched.has_role(*INPUTS.roles) & given.covered[watched.place]
        self.home: Index = np.where(mine, household, -1).astype(np.int32)

    @property
    def ids(self) -> NDArray[np.int32]:
        return self.watched.series

    def take(self, rows: Rows) -> list[Change]:
        rows = rows.of(self.home[rows.slot] >= 0)
        if not rows.slot.size:
            return []
        cold_rooms = self._cold_rooms()
        moved = [event for nth in rounds(rows.slot) for event in self._round(rows, nth)]
        moved.sort()
        changes = (self._fold(cold_rooms, *event) for event in moved)
        return [change for change in changes if change is not None]

    def resume(self, opened: dict[int, str]) -> None:
        """The books decide: a home open there is cold in its coldest room at least."""
        rows = np.fromiter(opened, dtype=np.int32)
        self.state.cold &= np.isin(self.home, rows)
        warm = rows[~np.isin(rows, self.home[self.state.cold])]
        self.state.cold |= np.isin(self.home, warm)

    def numbers(self, place: int) -> Numbers:
        """Of the coldest of its cold rooms."""
        cold = np.flatnonzero((self.home == place) & self.state.cold)
        if not cold.size:
            return {}
        celsius = Quantity.TEMPERATURE.from_ticks
        return {
            "celsius": str(celsius(int(self.state.value[cold].min()))),
            "lowest_c": str(celsius(int(self.state.lowest[cold].min()))),
        }

    def _cold_rooms(self) -> Ints:
        """(p,) cold series per household."""
        cold = self.home[self.state.cold & (self.home >= 0)]
        return np.bincount(cold, minlength=self.watched.places.ids.size)

    def _round(self, rows: Rows, nth: Ints) -> list[tuple[int, int, bool, Opened]]:
        part = Rows(
            rows.order[nth], rows.slot[nth], rows.at_us[nth], rows.value[nth], rows.gap_us[nth]
        )
        stood = covered_us(part, self.watched.interval_us)
        before = step(self.state, part, stood, self.limits)
        after = self.state.cold[part.slot]
        return [
            (int(part.order[i]), int(part.slot[i]), bool(after[i]), self._seen(part, i))
            for i in np.flatnonzero(before != after).tolist()
        ]

    def _seen(self, rows: Rows, i: int) -> Opened:
        slot = rows.slot[i]
        celsius = Quantity.TEMPERATURE.from_ticks
        numbers = {
            "celsius": str(celsius(int(rows.value[i]))),
            "lowest_c": str(celsius(int(self.state.lowest[slot]))),
            "standard_c": str(celsius(int(self.limits.standard[slot]))),
            "since": from_us(int(self.state.since_us[slot])).isoformat(),
            "held_min": minutes(float(self.state.run_us[slot])),
            "series": int(self.watched.series[slot]),
        }
        return Opened(self.kind, int(self.home[slot]), int(rows.at_us[i]), "held_below", numbers)

    def _fold(
        self, cold_rooms: Ints, _order: int, _slot: int, cold: bool, seen: Opened
    ) -> Change | None:
        """A room's turn as its household's: the first cold one opens, the last one clears."""
        cold_rooms[seen.place] += 1 if cold else -1
        if cold and cold_rooms[seen.place] == 1:
            return seen
        if not cold and cold_rooms[seen.place] == 0:
            return Cleared(self.kind, seen.place, seen.at_us, "held_warm", seen.numbers)
        return None


KIND = AlertKind(
    name=NAME,
    title=msg("Room temperature below the standard"),
    icon=("ac_unit", "blue"),
    inputs=INPUTS,
    section="low_room",
    settings=LowRoomSettings,
    build=LowRoomTemperature,
    sentences={
        "": msg(
            "{where}: room {celsius} C, below {standard_c} C since {since}, lowest {lowest_c} C. "
            "{address}Visit the home."
        ),
    },
    causes=Causes(by=("station_outage",), outlasts=True),
    counted=plural(", {n} home already too cold", ", {n} homes already too cold", n=0),
)
