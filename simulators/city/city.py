"""A city of RC buildings with known truth: deterministic from a seed and the `present` instant.

Build it, run its history, then go on step by step; the state at the end of the history is the
first of the live part, so nothing jumps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from domain.time import from_us, to_us
from simulators.physics.thermal import (
    CORE_J,
    GAINS,
    WATER,
    Drive,
    Dwellings,
    Fluxes,
    State,
    heating_curve,
    radiator_share,
    steady,
    step,
)
from simulators.physics.weather import Weather
from simulators.plan.layout import Layout, lay_out
from simulators.plan.orders import obey
from simulators.plan.plan import (
    DAY_S,
    HOUR_S,
    LIVE_OUTAGE,
    STEP_S,
    Plan,
    Spell,
    StationFault,
    make_plan,
)

Floats = NDArray[np.float64]

SPIN_UP_S = 2 * DAY_S
WEATHER_DAYS = 500
WEAK_BUILDING, WEAK_C = f"{LIVE_OUTAGE}-B5", 18.6  # at the end of its line: first to suffer
BOOST_K, BOOST_TAU_S = 12.0, 20 * HOUR_S  # the operator fires harder after a stop


@dataclass(frozen=True, slots=True)
class Size:
    """How big the demo is."""

    households: int = 2000
    history_days: int = 21
    live_hours: float = 12.0
    calm: bool = False  # no live faults but those on command
    faults: tuple[str, ...] = ()  # on command, see `simulators.plan.orders`


@dataclass(frozen=True, slots=True)
class Record:
    """What the model knew over (k,) steps; a value of step i holds over [start, start + 900 s)."""

    start_s: int
    air: Floats  # (k + 1, n) air temperature at the borders of the steps [°C]
    outdoor: Floats  # (k,) [°C]
    supply: Floats  # (k, stations) [°C]
    drop: Floats  # (k, stations) supply minus return; NaN while the pump stands [K]
    power: Floats  # (k, buildings) heat delivered [W]

    @property
    def steps(self) -> int:
        return int(self.outdoor.size)


def pump_share(stops: Sequence[StationFault], stations: int, start_s: int, end_s: int) -> Floats:
    """(stations,) share of [start_s, end_s) in which each station's pump ran."""
    runs = np.ones(stations)
    for stop in stops:
        until_s = end_s if stop.until_s is None else stop.until_s
        overlap = min(end_s, until_s) - max(start_s, stop.since_s)
        runs[stop.station] -= max(0, overlap) / (end_s - start_s)
    return np.clip(runs, 0.0, 1.0)


class SpellTable:
    """Spells as arrays, so that a step touches them all at once."""

    def __init__(self, spells: Sequence[Spell], warm_c: Floats) -> None:
        self.warm_c = warm_c  # (households,) what a repaired home comes back to [°C]
        self.home = np.array([s.household for s in spells], dtype=np.int64)
        self.times = np.array(
            [(s.fall_s, s.rise_s, s.end_s) for s in spells], dtype=np.int64
        ).reshape(-1, 3)
        self.shape = np.array([(s.plateau_c, s.fall_tau_s, s.rise_tau_s) for s in spells]).reshape(
            -1, 3
        )

    def apply(self, before: State, state: State, at_s: int) -> None:
        """Over the step that ends at `at_s` homes under a spell go from `before` to their target."""
        fall, rise, end = self.times.T
        on = (fall < at_s) & (at_s <= end)
        home, rising = self.home[on], (rise < at_s)[on]
        wander = 0.2 * np.sin(at_s * 2 * np.pi / DAY_S + home)
        plateau, fall_tau, rise_tau = self.shape[on].T
        target = np.where(rising, self.warm_c[home], plateau + wander)
        keep = np.exp(-STEP_S / np.where(rising, rise_tau, fall_tau))
        state.air[home] = target + (before.air[home] - target) * keep
        state.mass[home] = target + (before.mass[home] - target) * keep


class City:
    """The whole demo world; `history()` once, then `advance()` for as long as one likes."""

    def __init__(self, seed: int, present: datetime, size: Size | None = None) -> None:
        self.seed = seed
        self.size = size or Size()
        self.present_s = to_us(present) // 1_000_000 // STEP_S * STEP_S
        self.start_s = self.present_s - self.size.history_days * DAY_S
        self.live_s = int(self.size.live_hours * HOUR_S)
        rng = np.random.default_rng([seed, 1])
        self.plan: Plan
        self.layout: Layout
        self.plan, self.layout = make_plan(
            rng,
            lambda both: lay_out(self.size.households, both),
            self.start_s,
            self.present_s,
            self.live_s,
        )
        if self.size.calm:
            self.plan = self.plan.without_live()
        obey(self.size.faults, self.plan, self.layout, self.present_s)
        self.weather = Weather.draw(seed, self.start_s - SPIN_UP_S - DAY_S, WEATHER_DAYS)
        self.homes, self.target_c = self._homes(rng)
        self._spells = SpellTable(self.plan.spells, np.maximum(self.target_c, 20.4))
        self.state = steady(self.homes, self.target_c)
        self.at_s = self.start_s - SPIN_UP_S
        self._water = np.bincount(self.homes.station, self.homes.area_m2) * WATER

    @property
    def present(self) -> datetime:
        """End of the history, start of the live part: `present` cut to a whole step."""
        return from_us(self.present_s * 1_000_000)

    @property
    def live_until(self) -> datetime:
        return self.present + timedelta(seconds=self.live_s)

    @property
    def nominal_flow_m3h(self) -> Floats:
        """(stations,) circulation of each station."""
        return np.asarray(self._water / 1163.0, dtype=np.float64)

    def _homes(self, rng: np.random.Generator) -> tuple[Dwellings, Floats]:
        count = len(self.layout.households)
        area = np.round(rng.uniform(48.0, 128.0, count), 1)
        target = np.clip(rng.normal(21.3, 0.7, count), 20.1, 23.5)
        building = np.array([home.parent for home in self.layout.households], dtype=np.int64)
        weak = [i for i, home in enumerate(self.layout.buildings) if home.code == WEAK_BUILDING]
        target[np.isin(building, weak)] = WEAK_C
        homes = Dwellings(
            area_m2=area,
            share=radiator_share(target),
            gains_w=area * GAINS,
            building=building,
            station=np.array(self.layout.station_of(), dtype=np.int64),
            core_j=np.asarray(
                np.bincount(building, area, len(self.layout.buildings)) * CORE_J, dtype=np.float64
            ),
        )
        return homes, target

    def _drive(self, start_s: int) -> Drive:
        middle = np.array([start_s + STEP_S / 2.0])
        outdoor = float(self.weather.outdoor_c(middle)[0])
        stations = len(self.layout.stations)
        supply = np.full(stations, float(heating_curve(outdoor)))
        for stop in self.plan.stops:
            if stop.until_s is not None and start_s >= stop.until_s:
                supply[stop.station] += BOOST_K * np.exp(-(start_s - stop.until_s) / BOOST_TAU_S)
        return Drive(
            outdoor_c=outdoor,
            sun_w_m2=float(self.weather.sun_w_m2(middle)[0]),
            supply_c=supply,
            flow=pump_share(self.plan.stops, stations, start_s, start_s + STEP_S),
            valve=np.ones(self.homes.count),
        )

    def _step(self) -> tuple[Drive, Fluxes]:
        drive, before = self._drive(self.at_s), self.state
        self.state, fluxes = step(self.homes, before, drive, STEP_S)
        self.at_s += STEP_S
        self._spells.apply(before, self.state, self.at_s)
        return drive, fluxes

    def advance(self, steps: int) -> Record:
        """The next `steps` steps of 900 s."""
        start_s, buildings = self.at_s, len(self.layout.buildings)
        stations = len(self.layout.stations)
        air = np.empty((steps + 1, self.homes.count))
        outdoor, power = np.empty(steps), np.empty((steps, buildings))
        supply, drop = np.empty((steps, stations)), np.empty((steps, stations))
        air[0] = self.state.air
        for k in range(steps):
            drive, fluxes = self._step()
            air[k + 1] = self.state.air
            outdoor[k], supply[k] = drive.outdoor_c, drive.supply_c
            power[k] = np.bincount(self.homes.building, fluxes.heating, buildings)
            heat = np.bincount(self.homes.station, fluxes.heating, stations)
            water = self._water * drive.flow
            drop[k] = np.divide(heat, water, where=water > 0.0, out=np.full(stations, np.nan))
        return Record(start_s, air, outdoor, supply, drop, power)

    def history(self) -> Record:
        """Runs from the spin-up to `present`; the spin-up is not in the record."""
        if self.at_s != self.start_s - SPIN_UP_S:
            raise ValueError("the history of this city has run already")
        self.advance(SPIN_UP_S // STEP_S)
        return self.advance((self.present_s - self.start_s) // STEP_S)
