"""A season's days against a policy's time in force: the edges."""

from datetime import date

import pytest

from analytics.law.in_force import not_for_season, not_in_force
from analytics.law.policy import load, parse
from tests.analytics.amended import dated, own

HENAN = load("CN-HA-2018")


@pytest.mark.parametrize(
    ("force", "first", "last", "said"),
    [
        ("since = 2018-04-01", date(2018, 4, 1), date(2019, 3, 15), ""),
        ("since = 2018-04-01", date(2018, 3, 31), date(2019, 3, 15), "in force since 2018-04-01;"),
        ("until = 2019-03-16", date(2018, 11, 15), date(2019, 3, 15), ""),
        ("until = 2019-03-15", date(2018, 11, 15), date(2019, 3, 15), "in force until 2019-03-15;"),
        ("", date(1950, 11, 15), date(1951, 3, 15), ""),
    ],
)
def test_a_season_lies_wholly_in_the_time_in_force(
    force: str, first: date, last: date, said: str
) -> None:
    raw = HENAN.raw.decode().replace("since = 2018-04-01", force)
    why = not_in_force(parse(raw.encode(), HENAN.origin).policy, "x", first, last)
    assert (why is None) == (not said)
    if why is not None:
        assert said in str(why)
        assert f"season x runs {first} to {last}; allowed: a policy in force on all" in str(why)


@pytest.mark.parametrize(
    ("key", "value", "since", "said"),
    [
        ("sla.measure_h", '"6"', "2025-01-15", "changes sla.measure_h (2025-01-15) inside season x"),
        ("sla.measure_h", '"6"', "2024-11-15", ""),  # of the season's first day on: all of it
        ("sla.measure_h", '"6"', "2025-03-16", ""),
        ("day_band.bands.0.refund", '"3/4"', "2025-01-15", ""),
    ],
)  # fmt: skip
def test_a_value_that_may_not_change_inside_a_season_refuses_the_season(
    key: str, value: str, since: str, said: str
) -> None:
    policy = own(dated(key, value, since)).policy
    why = not_for_season(policy, "x", date(2024, 11, 15), date(2025, 3, 15))
    assert (why is None) == (not said)
    if why is not None:
        assert said in str(why)
        assert "allowed inside a season: outage_time.continuous_h, outage_time.op" in str(why)
        assert "day_band.bands" in str(why)
