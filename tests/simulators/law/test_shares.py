"""The twin's shares: edges of deficits are in or out as the act writes them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from simulators.law.season import Season
from simulators.law.shares import share_of
from simulators.law.worlds import random_world


@pytest.mark.parametrize(
    ("policy", "celsius", "share"),
    [
        ("CN-BJ-BF2022-0501", "16.000", "3/5"),  # J1
        ("CN-BJ-BF2022-0501", "16.001", "2/5"),
        ("CN-TJ-2010", "16.000", "1/10"),  # J1
        ("CN-TJ-2010", "15.999", "1/2"),
    ],
)
def test_a_deficit_pays_its_band(policy: str, celsius: str, share: str) -> None:
    world = random_world(0, policy=policy)
    world.pop("contract", None)
    assert share_of(Season(world), Decimal(celsius), date(2025, 1, 1)) == Fraction(share)
