"""Numbers of a unit as ticks: as exact fractions have them, one rounding, ties to even."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.unit import Unit
from ingest.batch.conversion import UNITS, conversions
from ingest.batch.table import MOST_TICKS, QUANTITIES
from ingest.kernels.resolve import _in_unit


@pytest.mark.parametrize("code", UNITS)
def test_every_unit_is_arithmetic_on_integers(code: str) -> None:
    unit, held_ones = Unit.of(code), 0

    @settings(max_examples=60, deadline=None, database=None)
    @given(st.integers(-(10**12), 10**12), st.integers(0, 9))
    def compare(mantissa: int, decimals: int) -> None:
        nonlocal held_ones
        for k, quantity in enumerate(QUANTITIES):
            how = conversions()[UNITS.index(code), k]
            ticks, held = _in_unit(mantissa, decimals, how)
            if quantity.code != unit.quantity:
                assert not held
                continue
            exact = unit.to_ticks(Decimal(mantissa).scaleb(-decimals), quantity)
            assert not held or ticks == exact
            held_ones += held and abs(exact) < MOST_TICKS

    compare()
    assert held_ones > 10


def test_a_tie_goes_to_the_even_tick_and_a_large_number_to_the_codec() -> None:
    fahrenheit = conversions()[UNITS.index("[degF]"), [q.code for q in QUANTITIES].index("temperature")]  # fmt: skip
    assert _in_unit(68, 0, fahrenheit) == (20_000, True)
    assert _in_unit(10**18, 0, fahrenheit) == (0, False)
    assert _in_unit(1, 18, fahrenheit) == (0, False)
    joules = conversions()[UNITS.index("J"), [q.code for q in QUANTITIES].index("energy")]
    halves = [_in_unit(1800 * k, 0, joules)[0] for k in (1, 3, -1, -3)]
    assert halves == [Unit.of("J").to_ticks(Decimal(1800 * k), QUANTITIES[[q.code for q in QUANTITIES].index("energy")]) for k in (1, 3, -1, -3)]  # fmt: skip
    assert np.array_equal(conversions(), conversions())
