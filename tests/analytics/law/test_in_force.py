"""A season's days against a policy's time in force: the edges."""

from datetime import date

import pytest

from analytics.law.in_force import not_in_force
from analytics.law.policy import load, parse

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
