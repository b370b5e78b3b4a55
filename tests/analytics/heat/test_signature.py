"""Energy signature: the bend where days tell it, a straight line where they don't, nothing where they are too few."""

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.heat.signature import signature

NAN = float("nan")


def days(
    seed: int, coldest: float, warmest: float, noise: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """200 days of a building of 1.2 kW/K that heats below 14 °C, and draws 5 kW for hot water."""
    rng = np.random.default_rng(seed)
    outdoor = rng.uniform(coldest, warmest, 200)
    power = 5_000 + 1_200 * np.maximum(0.0, 14.0 - outdoor) + rng.normal(0.0, noise, 200)
    return outdoor, power


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_year_gives_slope_base_and_balance_temperature(seed: int) -> None:
    found = signature(*days(seed, -10.0, 28.0, 300.0))
    assert found is not None
    assert found.base is not None
    assert found.balance is not None
    assert found.slope == pytest.approx(1_200, rel=0.02)
    assert found.base == pytest.approx(5_000, rel=0.03)
    assert found.balance == pytest.approx(14.0, abs=0.3)
    assert found.at_zero == pytest.approx(5_000 + 1_200 * 14, rel=0.02)
    assert found.r2 > 0.98
    assert found.days == 200


def test_of_a_winter_without_a_warm_day_base_and_balance_stay_open() -> None:
    found = signature(*days(4, -12.0, 10.0, 300.0))
    assert found is not None
    assert (found.base, found.balance) == (None, None)
    assert found.slope == pytest.approx(1_200, rel=0.02)
    assert found.at_zero == pytest.approx(5_000 + 1_200 * 14, rel=0.01)


def test_unknown_days_take_no_part() -> None:
    outdoor, power = days(5, -10.0, 28.0, 0.0)
    power[:50] = NAN
    outdoor[50:60] = NAN
    found = signature(outdoor, power)
    assert found is not None
    assert found.days == 140
    assert found.slope == pytest.approx(1_200, rel=0.005)


@pytest.mark.parametrize(("n", "step"), [(9, 2.0), (100, 0.01)])
def test_too_few_days_or_days_too_much_alike_have_no_signature(n: int, step: float) -> None:
    outdoor: NDArray[np.float64] = np.arange(float(n)) * step
    assert signature(outdoor, 100 - outdoor) is None


def test_constant_power_has_no_slope_and_explains_nothing() -> None:
    found = signature(np.arange(30.0), np.full(30, 7.0))
    assert found is not None
    assert (found.slope, found.base, found.r2) == (0.0, None, 0.0)


def test_arrays_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="two"):
        signature(np.zeros(3), np.zeros(4))
