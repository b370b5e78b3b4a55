"""Sums behind the figures are exact and rounded once."""

from decimal import Decimal

import pytest

from domain.time import HOUR_US
from reports.figures.tally import Tally, degree_hours, hours


def test_tallies_add_up_field_by_field() -> None:
    one = Tally(home_days=2, at_standard=1, deficit=5, readings=10)
    other = Tally(home_days=1, below=1, deficit=7, expected=3)
    assert one + other == Tally(3, 1, 1, 12, 0, 0, 10, 3)
    assert sum([one, other], Tally()) == other + one


def test_figures_name_what_is_unknown_and_give_no_share_of_nothing() -> None:
    counts = Tally(home_days=4, at_standard=2, below=1, home_us=4 * HOUR_US).counts(2)
    assert (counts.households, counts.unknown) == (2, 1)
    assert counts.coverage == Decimal(0)
    assert counts.availability is None
    assert Tally(home_days=4).counts(4).share_at_standard is None


def test_a_sum_is_rounded_once_and_not_piece_by_piece() -> None:
    piece = HOUR_US // 250  # 0.004 h
    whole = sum((Tally(known_us=piece) for _ in range(10)), Tally())
    assert whole.counts(1).known_h == Decimal("0.04")


@pytest.mark.parametrize(("us", "shown"), [(0, "0.00"), (HOUR_US * 3 // 2, "1.50")])
def test_hours_have_two_decimals(us: int, shown: str) -> None:
    assert str(hours(us)) == shown


def test_two_kelvin_too_cold_for_three_hours_are_six_degree_hours() -> None:
    assert str(degree_hours(2000 * 3 * HOUR_US)) == "6.00"
