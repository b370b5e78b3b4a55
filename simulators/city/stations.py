"""What stations, building meters and the weather mast say, between and during faults."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.city.city import City, Record
from simulators.physics.thermal import Floats
from simulators.plan.plan import DAY_S, HOUR_S, STEP_S, StationFault

Ints = NDArray[np.int64]

STATION_INTERVAL_S = 120
SLOW_INTERVAL_S = 600  # primary side and weather mast
METER_INTERVAL_S = HOUR_S
#: Channels of a station in the order of its payload, with the decimals that it writes.
CHANNELS = {"t_sup": 2, "t_ret": 2, "p_sup": 3, "p_ret": 3, "flow": 2, "makeup": 3}
AMBIENT_C, COOLING_S = 22.0, 1.5 * HOUR_S  # of water that stands in the station
LEAK_RAMP_S = 240.0
FILL_S, FILL_EVERY_S = 1200, 6 * DAY_S  # topping up a building, nothing wrong
FILL_SHARE, FILL_MOST_M3H = 0.02, 1.0  # of the circulation, so that a small station fills slowly


@dataclass(frozen=True, slots=True)
class StationNature:
    """(s,) what tells stations apart."""

    phase_s: Ints
    make_up_m3h: Floats
    return_bar: Floats
    lift_bar: Floats
    fill_phase_s: Ints
    fill_m3h: Floats


def station_nature(city: City) -> StationNature:
    rng = np.random.default_rng([city.seed, 3])
    count = len(city.layout.stations)
    return StationNature(
        phase_s=rng.integers(0, STATION_INTERVAL_S, count),
        make_up_m3h=rng.uniform(0.03, 0.09, count),
        return_bar=rng.uniform(2.9, 3.3, count),
        lift_bar=rng.uniform(1.2, 1.6, count),
        fill_phase_s=rng.integers(0, FILL_EVERY_S, count),
        fill_m3h=np.minimum(FILL_SHARE * city.nominal_flow_m3h, FILL_MOST_M3H).round(2),
    )


def fillings(city: City, since_s: int, until_s: int) -> list[tuple[int, int, float]]:
    """(station, when, m3/h) of the fillings that begin in [since_s, until_s), 20 minutes each."""
    made, nature = [], station_nature(city)
    for i, phase_s in enumerate(nature.fill_phase_s.tolist()):
        first = since_s + (phase_s - since_s) % FILL_EVERY_S
        size = float(nature.fill_m3h[i])
        made += [(i, at_s, size) for at_s in range(first, until_s, FILL_EVERY_S)]
    return made


def multiples(record: Record, interval_s: int, phase_s: int) -> Ints:
    """Instants `n * interval_s + phase_s` within the record [s]."""
    end_s = record.start_s + record.steps * STEP_S
    first = -(-(record.start_s - phase_s) // interval_s)
    last = -(-(end_s - phase_s) // interval_s)
    return np.arange(first, last, dtype=np.int64) * interval_s + phase_s


class Lagged:
    """A step's value reached at the end of the step, straight lines in between; so the live part
    needs nothing of the step to come. The last value before a record goes in front."""

    def __init__(self, record: Record, before: Record | None) -> None:
        self.record, self.before = record, before

    def _column(self, name: str, i: int | None) -> Floats:
        now: Floats = getattr(self.record, name)
        joined = now
        if self.before is not None:
            joined = np.concatenate([getattr(self.before, name)[-8:], now])
        return joined if i is None else joined[:, i]

    def at(self, name: str, i: int | None, at_s: Ints) -> Floats:
        """Values of one column of the record at these instants."""
        values = self._column(name, i)
        end_s = self.record.start_s + self.record.steps * STEP_S
        borders = end_s - STEP_S * np.arange(values.size - 1, -1, -1)
        known = ~np.isnan(values)
        if not known.any():
            return np.full(at_s.size, 8.0)
        return np.interp(at_s, borders[known], values[known])


def running(
    stops: list[StationFault], station: int, at_s: Ints
) -> tuple[NDArray[np.bool_], Floats]:
    """(whether the pump runs, seconds since it stopped or 0)."""
    runs, stood = np.ones(at_s.size, dtype=np.bool_), np.zeros(at_s.size)
    for stop in stops:
        if stop.station == station:
            until_s = np.inf if stop.until_s is None else stop.until_s
            within = (at_s >= stop.since_s) & (at_s < until_s)
            runs &= ~within
            stood = np.where(within, at_s - stop.since_s, stood)
    return runs, stood


def leaking(leaks: list[StationFault], station: int, at_s: Ints) -> Floats:
    """Loss through leaks at these instants [m3/h]."""
    loss = np.zeros(at_s.size)
    for leak in leaks:
        if leak.station == station:
            until_s = np.inf if leak.until_s is None else leak.until_s
            ramp = np.clip((at_s - leak.since_s) / LEAK_RAMP_S, 0.0, 1.0)
            loss += leak.size * ramp * (at_s < until_s)
    return loss


class StationBook:
    """Telemetry of the stations over records that follow each other."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.nature = station_nature(city)
        self._energy_wh = (
            np.random.default_rng([city.seed, 4])
            .integers(80_000_000, 400_000_000, len(city.layout.buildings))
            .astype(np.float64)
        )
        self._before: Record | None = None

    def over(self, record: Record, rng: np.random.Generator) -> "Telemetry":
        """What everything but the rooms says over `record`; call it once for each in order."""
        lagged = Lagged(record, self._before)
        used = np.cumsum(record.power, axis=0) * (STEP_S / HOUR_S)
        energy = self._energy_wh + np.vstack([np.zeros_like(self._energy_wh), used])
        made = Telemetry(
            stations=[
                self._station(record, lagged, i, rng) for i in range(len(self.nature.phase_s))
            ],
            primary=[
                self._primary(record, lagged, i, rng) for i in range(len(self.nature.phase_s))
            ],
            weather=self._weather(record, rng),
            meters=self._meters(record, energy),
        )
        self._energy_wh = energy[-1]
        self._before = record
        return made

    def _station(
        self, record: Record, lagged: Lagged, i: int, rng: np.random.Generator
    ) -> tuple[Ints, dict[str, Floats]]:
        nature = self.nature
        at_s = multiples(record, STATION_INTERVAL_S, int(nature.phase_s[i]))
        runs, stood = running(self.city.plan.stops, i, at_s)
        cooled = np.exp(-stood / COOLING_S)
        supply = lagged.at("supply", i, at_s) + rng.normal(0.0, 0.15, at_s.size)
        back = supply - lagged.at("drop", i, at_s) + rng.normal(0.0, 0.1, at_s.size)
        loss = leaking(self.city.plan.leaks, i, at_s)
        low = nature.return_bar[i] - 0.06 * loss + rng.normal(0.0, 0.006, at_s.size)
        morning = 0.15 * np.exp(-((((at_s + 8 * HOUR_S) % DAY_S) / HOUR_S - 6.5) ** 2))
        lift = np.where(runs, nature.lift_bar[i] + morning, 0.02)
        flow = self.city.nominal_flow_m3h[i] * (1.0 + rng.normal(0.0, 0.006, at_s.size))
        topping = (at_s - nature.fill_phase_s[i]) % FILL_EVERY_S < FILL_S
        make_up = nature.make_up_m3h[i] * np.exp(rng.normal(0.0, 0.15, at_s.size))
        return at_s, {
            "t_sup": AMBIENT_C + (supply - AMBIENT_C) * cooled,
            "t_ret": AMBIENT_C + (back - AMBIENT_C) * cooled,
            "p_sup": low + lift + rng.normal(0.0, 0.006, at_s.size),
            "p_ret": low,
            "flow": np.where(runs, flow, 0.0),
            "makeup": make_up + nature.fill_m3h[i] * topping + loss,
        }

    def _primary(
        self, record: Record, lagged: Lagged, i: int, rng: np.random.Generator
    ) -> tuple[Ints, dict[str, Floats]]:
        at_s = multiples(record, SLOW_INTERVAL_S, int(self.nature.phase_s[i]))
        supply = lagged.at("supply", i, at_s) * 1.6 + 12.0 + rng.normal(0.0, 0.2, at_s.size)
        back = lagged.at("supply", i, at_s) - lagged.at("drop", i, at_s) + 5.0
        return at_s, {"t1_sup": supply, "t1_ret": back + rng.normal(0.0, 0.2, at_s.size)}

    def _weather(self, record: Record, rng: np.random.Generator) -> tuple[Ints, Floats]:
        at_s = multiples(record, SLOW_INTERVAL_S, 0)
        outdoor = self.city.weather.outdoor_c(at_s.astype(np.float64))
        return at_s, outdoor + rng.normal(0.0, 0.1, at_s.size)

    def _meters(self, record: Record, energy_wh: Floats) -> tuple[Ints, Floats, Floats]:
        """(times, (t, b) counter [W.h], (t, b) power [W]), each hour."""
        at_s = multiples(record, METER_INTERVAL_S, 0)
        i = (at_s - record.start_s) // STEP_S
        return at_s, energy_wh[i], record.power[i]


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Times and values, unrounded; one entry a station where it is a list."""

    stations: list[tuple[Ints, dict[str, Floats]]]
    primary: list[tuple[Ints, dict[str, Floats]]]
    weather: tuple[Ints, Floats]
    meters: tuple[Ints, Floats, Floats]
