"""Calendar months of a season, and what a month's line takes of its days."""

from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np

from analytics.facts.facts_file import from_facts
from analytics.law.calculator import Basis, Claim
from analytics.law.months import month_line, months_of
from analytics.law.policy import load
from domain.time import to_us
from tests.analytics.law.calculators.test_hour_excess import RUSSIA, january


def basis_of(since: str, until: str) -> Basis:
    own = from_facts(january(season=[since, until], rooms={"bedroom": []}), RUSSIA, "RUB")
    return Basis(own.snapshot, load(RUSSIA).policy, lambda _: own.columns)


def test_a_season_is_cut_at_the_turns_of_months_and_at_its_ends() -> None:
    basis = basis_of("2024-12-30T12:00", "2025-02-02T06:00")
    season = basis.snapshot.season
    months = months_of(basis.days, season.since_us, season.until_us)
    assert [(each.first, each.last) for each in months] == [(0, 1), (2, 32), (33, 34)]
    assert (months[0].since_us, months[-1].until_us) == (season.since_us, season.until_us)
    turn = to_us(datetime(2025, 1, 1, tzinfo=ZoneInfo("Europe/Moscow")))
    assert months[0].until_us == months[1].since_us == turn


def test_a_line_takes_its_share_of_each_day_and_at_most_what_is_left() -> None:
    basis = basis_of("2025-01-01T00:00", "2025-02-01T00:00")
    (month,) = months_of(basis.days, basis.snapshot.season.since_us, basis.snapshot.season.until_us)
    inside = {day: int(s) for day, s in enumerate(np.asarray(basis.days.inside_s).tolist())}
    made = month_line(basis, "outage", Fraction(3100), month, Fraction(3, 4), "item 14", ())
    assert made is not None
    assert [str(each) for each in (made[0].days, made[0].share, made[0].amount)] == [
        "31",
        "3/4",
        "2325.00",
    ]
    before = Claim(taken=made[1])
    rest = month_line(
        basis, "temperature", Fraction(3100), month, Fraction(1, 2), "item 15", (before,)
    )
    assert rest is not None
    assert str(rest[0].amount) == "775.00"
    assert {day: made[1][day] + rest[1][day] for day in inside} == inside
    gone = Claim(taken=inside)
    assert month_line(basis, "outage", Fraction(3100), month, Fraction(1, 2), "x", (gone,)) is None
    assert month_line(basis, "outage", Fraction(3100), month, Fraction(0), "x", ()) is None
