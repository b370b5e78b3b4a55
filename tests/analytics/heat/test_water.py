"""Heat from volume and temperatures: coefficients, where the sensor is, and what can't be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.heat.water import SENSORS, Sensor, heat_coefficient, heat_of_volume, saturation_bar
from tests.analytics.twins import QUICK

CELSIUS = st.floats(0, 199)


#: k at 16 bar [kWh/(m3.K)] by another implementation of IAPWS-IF97 (CoolProp 8.0.0, `IF97::Water`).
@pytest.mark.parametrize(
    ("supply", "back", "in_supply", "in_return"),
    [
        (70, 40, 1.135609507, 1.152370534),
        (70, 50, 1.136014708, 1.147927655),
        (90, 40, 1.122709706, 1.153947096),
        (120, 70, 1.103565977, 1.144060791),
        (43, 40, 1.150074114, 1.151443505),
        (180, 20, 1.044652139, 1.175892907),
        (45, 38, 1.149130104, 1.152324072),
    ],
)
def test_the_heat_coefficient_is_that_of_another_implementation(
    supply: float, back: float, in_supply: float, in_return: float
) -> None:
    assert heat_coefficient(supply, back, "supply") == pytest.approx(in_supply, rel=1e-8)
    assert heat_coefficient(supply, back, "return") == pytest.approx(in_return, rel=1e-8)


def test_at_six_bar_it_is_a_little_more() -> None:
    assert heat_coefficient(70, 40, pressure_bar=6) == pytest.approx(1.1524903098, rel=1e-8)


@QUICK
@given(warm=CELSIUS, cold=CELSIUS, litres=st.floats(0, 1e6))
def test_heat_turns_its_sign_with_the_pipes(warm: float, cold: float, litres: float) -> None:
    there = heat_of_volume(litres, warm, cold, "supply")
    back = heat_of_volume(litres, cold, warm, "return")
    assert there == pytest.approx(-back)
    assert (there > 0) == (warm > cold) or there == 0 or abs(warm - cold) < 1e-9


@QUICK
@given(warm=st.floats(50, 199), cold=st.floats(5, 49), litres=st.floats(1, 1e6))
def test_litres_of_warm_water_hold_less_and_heat_goes_with_the_volume(
    warm: float, cold: float, litres: float
) -> None:
    one = [float(heat_of_volume(litres, warm, cold, each)) for each in SENSORS]
    assert one[0] > one[1] > 0
    assert float(heat_of_volume(3 * litres, warm, cold)) == pytest.approx(3 * one[0])
    assert one[0] == pytest.approx(litres * (warm - cold) * heat_coefficient(warm, cold))


def test_a_missing_value_and_water_that_is_none_give_no_heat() -> None:
    nan = float("nan")
    found = heat_of_volume([1, nan, 1, 1, 1], [70, 70, nan, 250, 70], [40, 40, 40, 40, -1])
    assert np.isnan(found).tolist() == [False, True, True, True, True]


@pytest.mark.parametrize(
    ("sensor", "bar", "told"),
    [
        ("supplies", 16.0, "allowed: return, supply"),
        ("return", 0.1, "allowed: 0.31"),
        ("return", 2e3, "1000"),
    ],
)
def test_what_cannot_be_is_refused_by_name(sensor: Sensor, bar: float, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        heat_of_volume(1.0, 70.0, 40.0, sensor, bar)


def test_equal_temperatures_have_no_coefficient() -> None:
    with pytest.raises(ValueError, match="two temperatures"):
        heat_coefficient(40.0, 40.0)
    with pytest.raises(ValueError, match="0 to 200"):
        heat_coefficient(240.0, 40.0)


def test_the_check_values_of_iapws_r7_97_table_35() -> None:
    """0.353658941e-2 MPa at 300 K, 0.263889776e1 MPa at 500 K."""
    assert saturation_bar(300 - 273.15) == pytest.approx(0.0353658941, rel=1e-8)
    assert saturation_bar(500 - 273.15) == pytest.approx(26.3889776, rel=1e-8)
