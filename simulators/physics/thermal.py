"""How warm it is in the homes: a 2R2C model of each dwelling, tied to its building's core.

Air (with furniture) and mass (walls, slabs) are the two capacities of a dwelling; the core of a
building ties neighbours together. All arrays run over all dwellings of the city; one step is a few
dozen numpy operations whatever the city's size. Conductances per heated floor area are those of
insulated Chinese apartment blocks: 1.2 W/(m2 K) in all, about 30 W/m2 at -2 °C outdoors.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AIR_J = 60e3  # air, furniture, surfaces [J/(m2 K)]
MASS_J = 250e3  # walls and slabs of the dwelling [J/(m2 K)]
CORE_J = 100e3  # stairs, shafts and slabs between dwellings [J/(m2 K)]
WINDOWS = 0.6  # windows and ventilation, air to outdoors [W/(m2 K)]
WALLS = 0.6  # walls, mass to outdoors [W/(m2 K)]
SURFACES = 12.0  # air to mass [W/(m2 K)]
NEIGHBOURS = 2.0  # mass to the core of the building [W/(m2 K)]
WATER = 2.9  # heat that the nominal flow carries [W/(m2 K)]
GAINS = 4.0  # people and appliances [W/m2]
INDOOR_C = 21.0  # the room temperature that the curve is made for [°C]
TYPICAL_OUTDOOR_C = -2.0  # where radiators are matched to their home [°C]


def heating_curve(outdoor_c: Floats | float) -> Floats:
    """Weather-compensated supply temperature for `outdoor_c` [°C] -> [°C], 25 to 65 °C."""
    return np.clip(16.94 + 1.217 * (INDOOR_C - np.asarray(outdoor_c)), 25.0, 65.0)


def radiator_share(target_c: Floats) -> Floats:
    """Share of (supply - air) that a radiator must take from the water so that its home holds
    `target_c` [°C] at the typical outdoor temperature."""
    load = (WINDOWS + WALLS) * (target_c - TYPICAL_OUTDOOR_C) - GAINS
    return load / (WATER * (heating_curve(TYPICAL_OUTDOOR_C) - target_c))


@dataclass(frozen=True, slots=True)
class Dwellings:
    """What does not change: (n,) dwellings in (m,) buildings at (k,) stations."""

    area_m2: Floats  # (n,) heated area [m2]
    share: Floats  # (n,) what the radiator takes from the water [1]
    gains_w: Floats  # (n,) internal gains [W]
    building: Ints  # (n,) index of the building
    station: Ints  # (n,) index of the station
    core_j: Floats  # (m,) capacity of each building's core [J/K]

    @property
    def count(self) -> int:
        return int(self.area_m2.size)


@dataclass(slots=True)
class State:
    """Temperatures [°C] of air and mass (n,) and of the buildings' cores (m,)."""

    air: Floats
    mass: Floats
    core: Floats

    def copy(self) -> "State":
        return State(self.air.copy(), self.mass.copy(), self.core.copy())


@dataclass(frozen=True, slots=True)
class Drive:
    """What acts on the city during a step."""

    outdoor_c: float  # [°C]
    sun_w_m2: float  # [W/m²]
    supply_c: Floats  # (k,) supply temperature of each station [°C]
    flow: Floats  # (k,) flow as a share of the nominal one; 0: the pump stands [1]
    valve: Floats  # (n,) how far each home's radiators are open [1]


@dataclass(frozen=True, slots=True)
class Fluxes:
    """Mean heat flows of a step, (n,) [W]: from the radiators, other gains, and to the outdoors."""

    heating: Floats
    gains: Floats
    losses: Floats


def steady(homes: Dwellings, target_c: Floats) -> State:
    """A city that has been at its homes' target temperatures [°C] for long."""
    heat = np.bincount(homes.building, homes.area_m2 * target_c, homes.core_j.size)
    area = np.bincount(homes.building, homes.area_m2, homes.core_j.size)
    return State(target_c.copy(), target_c.copy(), heat / area)


def heating_power(homes: Dwellings, air: Floats, drive: Drive) -> Floats:
    """(n,) heat from the radiators [W] at the air temperatures `air` [°C]; never below 0."""
    water = homes.area_m2 * WATER * drive.flow[homes.station] * drive.valve
    return water * homes.share * np.clip(drive.supply_c[homes.station] - air, 0.0, None)


def step(
    homes: Dwellings, state: State, drive: Drive, seconds: float, parts: int = 3
) -> tuple[State, Fluxes]:
    """The city `seconds` [s] later, in `parts` explicit steps (each well below the air's 4,000 s).

    Energy is kept exactly: what the capacities gain is heating + gains - losses.
    """
    dt = seconds / parts
    area = homes.area_m2
    now = state.copy()
    total = Fluxes(*(np.zeros(homes.count) for _ in range(3)))
    gains = homes.gains_w + drive.sun_w_m2 * area
    for _ in range(parts):
        heating = heating_power(homes, now.air, drive)
        windows = WINDOWS * area * (now.air - drive.outdoor_c)
        walls = WALLS * area * (now.mass - drive.outdoor_c)
        inward = SURFACES * area * (now.air - now.mass)
        around = NEIGHBOURS * area * (now.mass - now.core[homes.building])
        now.air = now.air + (heating + gains - windows - inward) * dt / (AIR_J * area)
        now.mass = now.mass + (inward - walls - around) * dt / (MASS_J * area)
        into_core = np.bincount(homes.building, around, homes.core_j.size)
        now.core = now.core + into_core * dt / homes.core_j
        sums = (total.heating, total.gains, total.losses)
        for each, flow in zip(sums, (heating, gains, windows + walls), strict=True):
            np.add(each, flow / parts, out=each)
    return now, total
