"""Time limits of people in words."""

from decimal import Decimal

from analytics.law.limit_words import days, hours


def test_a_limit_is_told_in_its_unit_and_none_is_not() -> None:
    assert [str(each) for each in (hours(Decimal(12)), days(1), days(2))] == [
        "12 h", "1 day", "2 days",
    ]  # fmt: skip
    assert str(days(2, same_day=True)) == "the same day, otherwise 2 days"
    assert hours(None) is days(None) is days(None, same_day=True) is None
