"""A share is of what there is, in percent; of nothing there is none."""

from decimal import Decimal

import pytest

from reports.figures.views import share


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 3, "0.00"), (1, 3, "33.33"), (2, 3, "66.67"), (3, 3, "100.00"), (1, 10**9, "0.00")],
)
def test_a_share_has_two_decimals(part: int, whole: int, percent: str) -> None:
    assert share(part, whole) == Decimal(percent)


def test_of_nothing_there_is_no_share_and_not_zero() -> None:
    assert share(0, 0) is None
