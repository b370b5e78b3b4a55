"""Room sensors: each with its own phase, offset and grain; what it would say of a run of steps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.city.city import City, Record
from simulators.plan.plan import STEP_S, Ending

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOISE_C = 0.02
STANDARD_MC = 18_000  # 18 °C in the registry's resolution
CLEAR_MC = 100  # homes whose ending hangs on 18 °C keep this far from it
LOST = 0.0005  # share of samples that never arrive


@dataclass(frozen=True, slots=True)
class Sensors:
    """(r,) room sensors of a city."""

    home: Ints  # index of the household
    phase_s: Ints  # reports at multiples of 900 s plus this [s]
    offset_c: Floats  # of its room against the dwelling's mean, with its own error [°C]
    grain_mc: Ints  # 10 or 100: what it rounds to [0.001 °C]
    careful: NDArray[np.bool_]  # its home's ending hangs on single samples: no loss, no flicker

    @property
    def count(self) -> int:
        return int(self.home.size)


def place_sensors(city: City) -> Sensors:
    """One sensor a room of the layout, drawn from the city's seed."""
    rng = np.random.default_rng([city.seed, 2])
    rooms = city.layout.rooms
    home = np.array([room.household for room in rooms], dtype=np.int64)
    plain = {Ending.WARM, Ending.WARM_REQUEST, Ending.WARM_CONSENT, Ending.OUTAGE_ONLY}
    return Sensors(
        home=home,
        phase_s=rng.integers(0, STEP_S, len(rooms)),
        offset_c=rng.uniform(-0.25, 0.25, len(rooms)),
        grain_mc=np.where(rng.random(len(rooms)) < 0.3, 100, 10).astype(np.int64),
        careful=np.array([city.plan.endings[i] not in plain for i in home]),
    )


def read(sensors: Sensors, record: Record, rng: np.random.Generator) -> Ints:
    """(k, r) what each sensor says in each step of the record [0.001 °C]."""
    share = sensors.phase_s / STEP_S
    air = record.air[:, sensors.home]
    true_c = air[:-1] * (1.0 - share) + air[1:] * share + sensors.offset_c
    said_c = true_c + rng.normal(0.0, NOISE_C, true_c.shape)
    said = np.rint(said_c * 1000.0 / sensors.grain_mc).astype(np.int64) * sensors.grain_mc
    below = true_c * 1000.0 < STANDARD_MC
    apart = np.where(
        below,
        np.minimum(said, STANDARD_MC - CLEAR_MC),
        np.maximum(said, STANDARD_MC + CLEAR_MC),
    )
    return np.where(sensors.careful, apart, said)


def times_s(sensors: Sensors, record: Record) -> Ints:
    """(k, r) when each sensor speaks [s since the epoch]."""
    starts = record.start_s + STEP_S * np.arange(record.steps, dtype=np.int64)
    return starts[:, None] + sensors.phase_s


def heard(city: City, sensors: Sensors, at_s: Ints, rng: np.random.Generator) -> NDArray[np.bool_]:
    """(k, r) which of the samples at `at_s` are sent: silent sensors and lost ones are not."""
    sent = (rng.random(at_s.shape) >= LOST) | sensors.careful
    for fault in city.plan.sensors:
        if fault.kind == "silent":
            column = at_s[:, fault.room]
            until_s = np.inf if fault.until_s is None else fault.until_s
            sent[:, fault.room] &= (column < fault.since_s) | (column >= until_s)
    return sent
