"""Which season a period belongs to."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from reports.filing.seasons import season_days, seasons_in
from reports.report import Period
from store.books.registry import Season

ZONE = ZoneInfo("Asia/Shanghai")


def season(code: str, since: date, until: date) -> Season:
    start, end = (datetime(d.year, d.month, d.day, tzinfo=ZONE) for d in (since, until))
    return Season(code=code, zone=ZONE.key, since=start.astimezone(UTC), until=end.astimezone(UTC))


FIRST = season("first", date(2025, 11, 15), date(2026, 1, 10))
SECOND = season("second", date(2026, 1, 10), date(2026, 3, 15))


def test_days_that_begin_in_the_season_by_its_own_clock_are_its_days() -> None:
    over_the_edge = Period(date(2026, 1, 8), date(2026, 1, 11))
    assert season_days(FIRST, over_the_edge) == (date(2026, 1, 8), date(2026, 1, 9))
    assert season_days(SECOND, over_the_edge) == (date(2026, 1, 10), date(2026, 1, 11))


def test_a_period_over_the_edge_has_days_of_both_seasons() -> None:
    both = Period(date(2026, 1, 8), date(2026, 1, 11))
    assert seasons_in([FIRST, SECOND], both) == [FIRST, SECOND]
    assert seasons_in([FIRST, SECOND], Period(date(2026, 1, 8), date(2026, 1, 9))) == [FIRST]


def test_a_summers_period_lies_in_none() -> None:
    assert seasons_in([FIRST, SECOND], Period(date(2026, 7, 1), date(2026, 7, 1))) == []


def test_a_season_from_noon_has_half_of_its_first_and_of_its_last_day() -> None:
    noon = Season(
        code="noon",
        zone=ZONE.key,
        since=datetime(2025, 11, 14, 12, tzinfo=ZONE),
        until=datetime(2026, 3, 15, 12, tzinfo=ZONE),
    )
    days = season_days(noon, Period(date(2025, 11, 13), date(2026, 3, 16)))
    assert (days[0], days[-1]) == (date(2025, 11, 14), date(2026, 3, 15))


def test_midnight_begins_the_next_day_and_ends_the_one_before() -> None:
    whole = season("whole", date(2025, 11, 15), date(2026, 3, 16))
    days = season_days(whole, Period(date(2025, 11, 14), date(2026, 3, 17)))
    assert (days[0], days[-1]) == (date(2025, 11, 15), date(2026, 3, 15))
