"""The homes obey physics."""

import numpy as np
import pytest

from simulators.physics.thermal import (
    AIR_J,
    CORE_J,
    GAINS,
    MASS_J,
    NEIGHBOURS,
    TYPICAL_OUTDOOR_C,
    WALLS,
    WINDOWS,
    Drive,
    Dwellings,
    Floats,
    State,
    heating_curve,
    radiator_share,
    steady,
    step,
)

HOUR = 3600.0


def homes(seed: int, count: int = 24, buildings: int = 3) -> tuple[Dwellings, Floats]:
    """`count` homes in some buildings of one station, and the temperatures they are made for."""
    rng = np.random.default_rng(seed)
    area = rng.uniform(50.0, 120.0, count)
    target = rng.uniform(19.5, 22.5, count)
    building = np.arange(count) % buildings
    made = Dwellings(
        area_m2=area,
        share=radiator_share(target),
        gains_w=area * GAINS,
        building=building,
        station=np.zeros(count, dtype=np.int64),
        core_j=np.asarray(np.bincount(building, area) * CORE_J, dtype=np.float64),
    )
    return made, target


def drive(
    count: int, *, outdoor: float = -2.0, supply: float | None = None, flow: float = 1.0
) -> Drive:
    warm = float(heating_curve(outdoor)) if supply is None else supply
    return Drive(outdoor, 0.0, np.array([warm]), np.array([flow]), np.ones(count))


def after(made: Dwellings, state: State, by: Drive, hours: int) -> State:
    for _ in range(hours * 4):
        state, _ = step(made, state, by, 900.0)
    return state


def stored_j(made: Dwellings, state: State) -> float:
    """Heat in the city above 0 °C. [J]"""
    air = AIR_J * float(made.area_m2 @ state.air)
    mass = MASS_J * float(made.area_m2 @ state.mass)
    return air + mass + float(made.core_j @ state.core)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_the_city_stores_is_what_came_in_minus_what_went_out(seed: int) -> None:
    made, target = homes(seed)
    rng = np.random.default_rng(seed)
    state = steady(made, target + rng.normal(0.0, 2.0, made.count))
    before, balance = stored_j(made, state), 0.0
    for n in range(96):
        by = drive(made.count, outdoor=float(rng.uniform(-12, 6)), flow=float(n % 7 != 0))
        state, fluxes = step(made, state, by, 900.0)
        balance += 900.0 * float((fluxes.heating + fluxes.gains - fluxes.losses).sum())
    assert stored_j(made, state) - before == pytest.approx(balance, rel=1e-9)


@pytest.mark.parametrize("seed", [4, 5])
def test_warmer_supply_makes_every_home_warmer(seed: int) -> None:
    made, target = homes(seed)
    states = [
        after(made, steady(made, target), drive(made.count, supply=supply), 24)
        for supply in (35.0, 45.0, 55.0)
    ]
    assert np.all(states[0].air < states[1].air)
    assert np.all(states[1].air < states[2].air)


def test_colder_weather_makes_every_home_colder_at_the_same_supply() -> None:
    made, target = homes(6)
    mild, hard = (
        after(made, steady(made, target), drive(made.count, outdoor=outdoor, supply=45.0), 24)
        for outdoor in (3.0, -9.0)
    )
    assert np.all(hard.air < mild.air)


def test_the_heating_curve_keeps_homes_near_their_target_in_any_weather() -> None:
    made, target = homes(7)
    for outdoor in (-10.0, TYPICAL_OUTDOOR_C, 6.0):
        state = after(made, steady(made, target), drive(made.count, outdoor=outdoor), 24 * 20)
        assert state.air.mean() == pytest.approx(target.mean(), abs=0.6), f"at {outdoor} °C"


def test_a_city_without_heat_cools_with_the_time_constant_of_its_capacity_and_losses() -> None:
    made, _ = homes(8, buildings=1)
    still = Dwellings(
        made.area_m2, made.share, np.zeros(made.count), made.building, made.station, made.core_j
    )
    cold = drive(made.count, outdoor=0.0, flow=0.0)
    early = after(still, steady(still, np.full(made.count, 20.0)), cold, 24)
    late = after(still, early, cold, 48)
    constant_h = 48.0 / float(np.log(early.air.mean() / late.air.mean()))
    lumped_h = (AIR_J + MASS_J + CORE_J) / (WINDOWS + WALLS) / HOUR
    # the air, which loses half of the heat, is colder than the mass that stores it
    assert lumped_h < constant_h < 1.25 * lumped_h


def test_a_stopped_pump_delivers_nothing() -> None:
    made, target = homes(9)
    _, fluxes = step(made, steady(made, target), drive(made.count, flow=0.0), 900.0)
    assert not fluxes.heating.any()


def test_a_home_with_a_shut_valve_lives_on_its_neighbours() -> None:
    made, target = homes(10, count=12, buildings=1)
    by = drive(made.count)
    valve = by.valve.copy()
    valve[0] = 0.0
    shut = Drive(by.outdoor_c, by.sun_w_m2, by.supply_c, by.flow, valve)
    state = after(made, steady(made, target), shut, 24 * 10)
    assert TYPICAL_OUTDOOR_C < state.air[0] < state.air[1:].min() - 1.0
    assert NEIGHBOURS > 0.0
    alone = after(made, steady(made, target), drive(made.count, flow=0.0), 24 * 10)
    assert alone.air[0] < state.air[0]
