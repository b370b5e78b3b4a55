"""A season's local days: whole ones, parts at its ends, and those of 23 and 25 hours."""

from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from analytics.facts.season_days import SeasonDays
from analytics.facts.season_facts import SeasonFacts
from domain.time import to_us


def days_of(since: str, until: str, zone: str) -> SeasonDays:
    ends = [
        to_us(datetime.fromisoformat(each).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))
        for each in (since, until)
    ]
    return SeasonDays.of(SeasonFacts("s", "p", ends[0], ends[1], zone, None, ends[1]))


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        ("2024-11-15T00:00", "2025-03-16T00:00", "121"),
        ("2024-11-14T12:00", "2025-03-15T12:00", "121"),
        ("2024-11-14T18:00", "2024-11-15T12:00", "3/4"),
    ],
)
def test_parts_of_days_count_as_their_part(since: str, until: str, count: str) -> None:
    assert days_of(since, until, "Asia/Shanghai").count() == Fraction(count)


def test_a_day_is_one_day_whether_it_has_23_24_or_25_hours() -> None:
    days = days_of("2025-10-25T00:00", "2026-03-30T00:00", "Europe/Belgrade")
    length = dict(zip(days.days, (days.length_s // 3600).tolist(), strict=True))
    assert (length[date(2025, 10, 26)], length[date(2026, 3, 29)]) == (25, 23)
    assert days.count() == len(days.days)


def test_the_first_day_begins_before_a_season_that_begins_at_noon() -> None:
    days = days_of("2024-11-14T12:00", "2024-11-16T00:00", "Asia/Shanghai")
    assert days.days == (date(2024, 11, 14), date(2024, 11, 15))
    assert (days.inside_s // 3600).tolist() == [12, 24]
    assert days.start_us.size == 3
