"""How much of a season is past, and what has to be read of it."""

from analytics.facts.season_facts import SeasonFacts
from domain.time import HOUR_US, to_us

DAY_US = 24 * HOUR_US


def season(as_of_us: int) -> SeasonFacts:
    return SeasonFacts("s", "p", 10 * DAY_US, 20 * DAY_US, "UTC", None, as_of_us)


def test_a_season_ends_where_its_present_is_and_never_before_it_began() -> None:
    ends = [season(day * DAY_US).end_us // DAY_US for day in (5, 15, 25)]
    assert ends == [10, 15, 20]


def test_what_stood_before_the_season_is_read_and_nothing_after_the_present() -> None:
    span = season(15 * DAY_US).read_span
    assert (to_us(span.since), to_us(span.until)) == (10 * DAY_US - 3 * HOUR_US, 15 * DAY_US)
