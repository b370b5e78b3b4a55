"""When which limit applies: by the calendar, the hour and the cold outside."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.facts.season_days import SeasonDays
from analytics.facts.season_facts import SeasonFacts
from analytics.law.known import Known
from analytics.law.watched import Hours, Watched, watched_of
from domain.time import HOUR_US, from_us, to_us

ZONE = "America/New_York"
DAY, NIGHT = Hours("06:00", "22:00", 20_000, 12_778), Hours("22:00", "06:00", 16_667, None)
HEAT_SEASON = ("10-01", "05-31")


def us(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)))


def known(*rows: tuple[str, str, int]) -> Known:
    at, until, value = zip(*rows, strict=True) if rows else ((), (), ())
    begin, end = (np.array([us(each) for each in column], dtype=np.int64) for column in (at, until))
    return Known(begin, end, np.array(value, dtype=np.int64))


def watched(since: str, until: str, outdoor: Known, now: str = "") -> Watched:
    season = SeasonFacts("s", "p", us(since), us(until), ZONE, None, us(now or until))
    return watched_of(season, SeasonDays.of(season), HEAT_SEASON, (DAY, NIGHT), outdoor)[0]


def told(found: Watched) -> list[tuple[str, str, int, bool]]:
    local = [
        [from_us(at).astimezone(ZoneInfo(ZONE)).strftime("%m-%d %H:%M") for at in column.tolist()]
        for column in (found.since, found.until)
    ]
    return list(zip(*local, found.limit.tolist(), found.sure.tolist(), strict=True))


def test_by_day_the_limit_follows_the_cold_outside_and_by_night_it_does_not() -> None:
    outdoor = known(
        ("2025-01-10 05:00", "2025-01-10 09:00", 12_777),
        ("2025-01-10 09:00", "2025-01-10 12:00", 12_778),
        ("2025-01-10 13:00", "2025-01-10 23:00", -5_000),
    )
    assert told(watched("2025-01-10 00:00", "2025-01-11 00:00", outdoor)) == [
        ("01-10 00:00", "01-10 06:00", 16_667, True),
        ("01-10 06:00", "01-10 09:00", 20_000, True),
        ("01-10 12:00", "01-10 13:00", 20_000, False),
        ("01-10 13:00", "01-10 22:00", 20_000, True),
        ("01-10 22:00", "01-11 00:00", 16_667, True),
    ]


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2025-03-08 22:00", "2025-03-09 06:00", 7),
        ("2024-11-02 22:00", "2024-11-03 06:00", 9),
        ("2025-01-10 22:00", "2025-01-11 06:00", 8),
    ],
)
def test_a_night_is_as_long_as_the_clocks_make_it(since: str, until: str, hours: int) -> None:
    found = watched(since, until, known())
    assert int((found.until - found.since).sum()) == hours * HOUR_US
    assert np.unique(found.period).size == 1


def test_outside_the_heat_season_and_after_the_present_nothing_is_watched() -> None:
    ends = told(watched("2024-09-30 00:00", "2024-10-01 05:00", known()))
    assert ends == [("10-01 00:00", "10-01 05:00", 16_667, True)]
    assert told(watched("2025-06-01 00:00", "2025-06-03 00:00", known())) == []
    running = told(watched("2025-01-10 00:00", "2025-01-12 00:00", known(), "2025-01-10 03:00"))
    assert running == [("01-10 00:00", "01-10 03:00", 16_667, True)]


def test_a_time_that_does_not_count_is_cut_out_wherever_it_lies() -> None:
    night = watched("2025-01-10 22:00", "2025-01-11 06:00", known())
    for since, until, left in (
        ("2025-01-10 20:00", "2025-01-10 22:00", 8), ("2025-01-11 06:00", "2025-01-11 08:00", 8),
        ("2025-01-10 20:00", "2025-01-11 01:00", 5), ("2025-01-11 05:00", "2025-01-11 08:00", 7),
        ("2025-01-11 01:00", "2025-01-11 02:00", 7), ("2025-01-10 20:00", "2025-01-12 00:00", 0),
    ):  # fmt: skip
        cut = night.without([(us(since), us(until))])
        assert int((cut.until - cut.since).sum()) == left * HOUR_US, (since, until)
    assert night.without([]) is night
