"""One rounding a line, from exact fractions."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from analytics.law.lines import Line, total
from tests.analytics.amounts import amount_of


@pytest.mark.parametrize(
    ("fee", "days", "share", "count", "amount"),
    [
        (2640, "2", "1/2", "132", "20.00"),
        (1000, "1", "1", "3", "333.33"),
        (1, "1", "1/2", "100", "0.01"),  # half a cent is rounded up
        (1, "1", "1/2", "101", "0.00"),
        (1200, "5/4", "1", "120", "12.50"),
    ],
)
def test_a_line_is_rounded_once_half_up(
    fee: int, days: str, share: str, count: str, amount: str
) -> None:
    assert str(amount_of(Fraction(fee), Fraction(days), Fraction(share), Fraction(count))) == amount


def test_lines_add_up_as_they_are_printed_and_none_is_nothing() -> None:
    day = date(2026, 1, 1)
    lines = [
        Line("outage", day, day, Fraction(1), Fraction(1), Decimal("3.33"), "1") for _ in range(3)
    ]
    assert str(total(lines)) == "9.99"
    assert str(total([])) == "0.00"
