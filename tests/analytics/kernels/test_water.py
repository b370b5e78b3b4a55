"""Water by IAPWS-IF97: against the published check values and the naive twin."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.kernels import water as kernel
from tests import naive_water
from tests.analytics.twins import QUICK

WATER: Any = kernel.water
HEAT: Any = kernel.heat


@pytest.mark.parametrize(
    ("kelvin", "megapascal", "volume", "enthalpy"),
    [
        (300.0, 3.0, 0.100215168e-2, 0.115331273e3),
        (300.0, 80.0, 0.971180894e-3, 0.184142828e3),
        (500.0, 3.0, 0.120241800e-2, 0.975542239e3),
    ],
)
def test_the_check_values_of_iapws_r7_97_table_5(
    kelvin: float, megapascal: float, volume: float, enthalpy: float
) -> None:
    found = WATER(kelvin - 273.15, megapascal * 1e6)
    assert found[0] == pytest.approx(volume, rel=5e-9)
    assert found[1] / 1000 == pytest.approx(enthalpy, rel=5e-9)


@QUICK
@given(
    litres=st.floats(0, 1e6), supply=st.floats(0, 200), back=st.floats(0, 200),
    in_supply=st.booleans(), bar=st.floats(16, 400),
)  # fmt: skip
def test_heat_agrees_with_the_twin(
    litres: float, supply: float, back: float, in_supply: bool, bar: float
) -> None:
    found = np.empty(1)
    HEAT(*(np.array([each]) for each in (litres, supply, back)), in_supply, bar * 1e5, found)
    twin = naive_water.heat(litres, supply, back, in_supply, bar * 1e5)
    assert found[0] == pytest.approx(twin, rel=1e-9, abs=litres * 1e-9)
