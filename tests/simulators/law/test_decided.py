"""What a decision settles, by hand."""

from datetime import date
from fractions import Fraction

import pytest

from simulators.law.decided import (
    as_below,
    decision_on,
    random_decisions,
    share_decided,
    with_decisions,
    without_decisions,
)
from simulators.law.season import Season
from tests.analytics.facts import Scenario, facts, rows

HALF, FULL = Fraction(1, 2), Fraction(1)


def season(*decisions: dict[str, str], living: tuple[str, str, str] | None = None) -> Season:
    cold = rows(("2025-01-10T00:00", "2025-01-11T06:00", "15.000"))
    rooms = {"bedroom": cold} | ({"living": rows(living)} if living else {})
    return Season(facts("CN-HA-2018", rooms) | {"decisions": list(decisions)})


def decided(outcome: str, **more: str) -> dict[str, str]:
    return {"since": "2025-01-10T12:00", "until": "2025-01-12T00:00", "outcome": outcome} | more


@pytest.mark.parametrize(
    ("outcome", "cold", "warm", "share"),
    [
        ("below", (HALF, HALF), (Fraction(0), Fraction(0)), HALF),
        ("below", (Fraction(0), FULL), (Fraction(0), Fraction(0)), HALF),
        ("below", (Fraction(0), Fraction(0)), (HALF, HALF), Fraction(0)),
        ("compliant", (HALF, HALF), (Fraction(0), Fraction(0)), Fraction(0)),
    ],
    ids=["known", "unknown", "no episode", "compliant"],
)
def test_a_day_takes_one_share(
    outcome: str,
    cold: tuple[Fraction, Fraction],
    warm: tuple[Fraction, Fraction],
    share: Fraction,
) -> None:
    made = decided(outcome)
    assert share_decided(season(made), date(2025, 1, 10), made, cold, warm) == share


def test_a_temperature_sets_the_band_of_what_is_unknown() -> None:
    made = decided("below", temperature="13.9")
    assert as_below(season(made), date(2025, 1, 10), made, None) == FULL
    assert as_below(season(made), date(2025, 1, 10), made, HALF) == HALF


def test_below_holds_before_compliant_and_a_span_before_its_end() -> None:
    own = season(decided("compliant"), decided("below"))
    days = own.days(own.instant("2025-01-09T00:00"), own.instant("2025-01-13T00:00"))
    made = [decision_on(own, day) for day in days]
    assert [each and each["outcome"] for each in made] == [None, "below", "below", None]


def test_a_room_speaks_for_the_dwelling_where_it_is_below_or_may_alone_be() -> None:
    warm = season(
        decided("below", room="living"), living=("2025-01-10T00:00", "2025-01-12T00:00", "21.000")
    )
    days = warm.days(warm.instant("2025-01-10T00:00"), warm.instant("2025-01-12T00:00"))
    assert [decision_on(warm, day) for day in days] == [None, None]
    late = season(
        decided("below", room="living"), living=("2025-01-12T00:00", "2025-01-13T00:00", "21.000")
    )
    assert [decision_on(late, day) is not None for day in days] == [False, True]


def world() -> Scenario:
    cold = rows(("2025-01-10T00:00", "2025-01-11T06:00", "15.000"))
    return facts("CN-HA-2018", {"bedroom": cold, "living": []})


def test_random_seasons_have_decisions_as_often_as_not_half_of_them_about_each_room() -> None:
    drawn = [with_decisions(world() | {"id": seed}) for seed in range(200)]
    some = [each["decisions"] for each in drawn if "decisions" in each]
    assert 70 <= len(some) <= 130
    by_room = [each for each in some if {"bedroom", "living"} <= {row.get("room") for row in each}]
    assert 10 <= len(by_room) < len(some)
    made = [row for each in some for row in each]
    assert {row["outcome"] for row in made} == {"below", "compliant"}
    assert all(row["outcome"] == "below" for row in made if "temperature" in row)
    assert any("room" not in row for row in made)
    assert drawn[3] == with_decisions(world() | {"id": 3})


def test_a_season_without_its_decisions_is_what_it_was() -> None:
    made = world() | {"decisions": random_decisions(world())}
    assert without_decisions(made) == world()
    assert "decisions" in made
