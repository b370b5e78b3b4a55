"""Money is built from decimals, never mixed, and rounded half up once."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money, round_half_up


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_rounding_is_that_of_decimal_half_up(number: int, digits: int) -> None:
    exact = Decimal(number).scaleb(-digits)
    expected = exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert round_half_up(Fraction(exact), "CNY") == expected


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_what_has_no_hundredths_is_rounded_to_whole_units(number: int, digits: int) -> None:
    exact = Decimal(number).scaleb(-digits)
    expected = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert round_half_up(Fraction(exact), "KRW") == expected


def test_a_third_of_a_cent_is_none_and_half_a_cent_is_one() -> None:
    assert round_half_up(Fraction(1, 300), "CNY") == Decimal("0.00")
    assert round_half_up(Fraction(-1, 200), "EUR") == Decimal("-0.01")


def test_amounts_add_up_in_one_currency_only() -> None:
    assert str(Money(Decimal("1.10")) + Money(Decimal("2.20"))) == "3.30 CNY"
    with pytest.raises(ValueError, match="can't add EUR to CNY"):
        Money(Decimal(1)) + Money(Decimal(1), "EUR")
    with pytest.raises(ValueError, match="got float"):
        Money(1.5)  # type: ignore[arg-type]
