"""Working days, against a calendar of one year written out day by day."""

from datetime import date, timedelta

import pytest

from domain.workdays import WorkDays, months_after

CHINA = WorkDays("Asia/Shanghai")


def days(first: str, last: str) -> list[date]:
    since, until = date.fromisoformat(first), date.fromisoformat(last)
    return [since + timedelta(days=i) for i in range((until - since).days + 1)]


def test_the_spring_festival_is_off_and_the_days_that_make_up_for_it_are_worked() -> None:
    off = [day for day in days("2026-02-09", "2026-03-01") if not CHINA.is_one(day)]
    assert off == [*days("2026-02-15", "2026-02-23"), date(2026, 3, 1)]


@pytest.mark.parametrize(("year", "worked"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_the_notices_leave(year: int, worked: int) -> None:
    assert sum(CHINA.is_one(day) for day in days(f"{year}-01-01", f"{year}-12-31")) == worked


def test_a_year_without_a_notice_has_weekends_and_what_is_always_off_and_says_so() -> None:
    off = [day for day in days("2040-04-28", "2040-05-06") if not CHINA.is_one(day)]
    assert off == [
        date(2040, 4, 28),
        date(2040, 4, 29),
        *days("2040-05-01", "2040-05-02"),
        date(2040, 5, 5),
        date(2040, 5, 6),
    ]
    assert not CHINA.published(date(2040, 5, 1))
    assert CHINA.published(date(2026, 5, 1))


def test_a_zone_without_notices_has_weekends_alone() -> None:
    for zone, country in (("Europe/London", "GB"), ("UTC", "")):
        elsewhere = WorkDays(zone)
        assert elsewhere.country == country
        assert elsewhere.is_one(date(2026, 10, 1))
        assert not elsewhere.is_one(date(2026, 10, 3))
        assert not elsewhere.published(date(2026, 10, 1))


def test_a_limit_that_ends_on_a_day_off_ends_on_the_next_working_day() -> None:
    assert CHINA.on_or_after(date(2026, 10, 1)) == date(2026, 10, 8)
    assert CHINA.on_or_after(date(2026, 10, 10)) == date(2026, 10, 10)  # a Saturday that is worked


def test_the_opening_day_does_not_count() -> None:
    assert CHINA.after(date(2026, 3, 2), 1) == date(2026, 3, 3)
    assert CHINA.after(date(2026, 9, 30), 1) == date(2026, 10, 8)


def test_a_month_that_has_no_such_day_ends_the_period() -> None:
    assert months_after(date(2025, 12, 31), 2) == date(2026, 2, 28)
    assert months_after(date(2023, 12, 31), 2) == date(2024, 2, 29)
    assert months_after(date(2026, 11, 15), 2) == date(2027, 1, 15)
    assert months_after(date(2026, 10, 31), 2) == date(2026, 12, 31)
