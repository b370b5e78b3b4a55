"""Days colder outdoors than the design temperature lie where they decide something."""

from datetime import date, timedelta

from simulators.law.outdoor import with_cold_days
from simulators.law.refund import settle
from simulators.law.worlds import random_world
from tests.analytics.facts import Scenario, facts, rows

HENAN, WEIFANG = "CN-HA-2018", "CN-SD-WEIFANG-2021"


def world(seed: int) -> Scenario:
    """Cold from 10 to 14 January, asked for on the 11th, a user's fault on the 20th."""
    room = rows(
        ("2025-01-08T00:00", "2025-01-10T06:00", "20.000"),
        ("2025-01-10T06:00", "2025-01-14T12:00", "17.000"),
        ("2025-01-14T12:00", "2025-01-16T00:00", "20.000"),
    )
    asked = facts(WEIFANG, {"bedroom": room}, requests=["2025-01-11T09:00"])
    return {**asked, "id": seed, "user_faults": [["2025-01-20T08:00", "2025-01-20T09:00"]]}


def test_up_to_three_days_at_or_beside_what_happens_the_same_for_a_seed() -> None:
    drawn = [with_cold_days(world(seed))["outdoor_excused_days"] for seed in range(60)]
    assert drawn[5] == with_cold_days(world(5))["outdoor_excused_days"]
    assert {len(each) for each in drawn} == {0, 1, 2, 3}
    days = {date.fromisoformat(day) for each in drawn for day in each}
    edges = [date(2025, 1, day) for day in (8, 10, 11, 14, 15, 20)]
    assert days <= {each + timedelta(days=i) for each in edges for i in (-1, 0, 1)}
    assert {date(2025, 1, day) for day in (9, 10, 11, 12, 14, 20)} <= days


def test_where_nothing_happens_no_day_is_drawn() -> None:
    for seed in range(10):
        empty = facts(WEIFANG, {"bedroom": []}) | {"id": seed}
        assert with_cold_days(empty)["outdoor_excused_days"] == []


def test_random_seasons_of_every_act_have_them() -> None:
    for policy in (HENAN, WEIFANG):
        worlds = [random_world(seed, policy=policy) for seed in range(30)]
        assert sum(bool(each["outdoor_excused_days"]) for each in worlds) >= 10


def test_they_excuse_where_the_act_says_so_and_nowhere_else() -> None:
    """Weifang, four days at a half: the 12th pays nothing and parts the line. Henan's act has no such clause."""
    excused = {"outdoor_excused_days": ["2025-01-12"]}
    own = world(0) | {"user_faults": []}
    assert settle(own)["total"] == "40.00"
    answer = settle(own | excused)
    assert answer["total"] == "30.00"
    assert [(line["from"], line["to"]) for line in answer["lines"]] == [
        ("2025-01-11", "2025-01-11"), ("2025-01-13", "2025-01-14"),
    ]  # fmt: skip
    henan = own | {"policy": HENAN}
    assert settle(henan) == settle(henan | excused)


def test_a_block_of_24_hours_loses_what_lies_in_such_a_day() -> None:
    room = rows(
        ("2025-01-10T09:00", "2025-01-12T09:00", "15.000"),
        ("2025-01-12T09:00", "2025-01-14T00:00", "24.000"),
    )
    asked = facts(HENAN, {"bedroom": room}, requests=["2025-01-10T09:00"])
    own = asked | {"policy": "CN-SD-YANTAI"}
    assert settle(own)["total"] == "20.00"
    assert settle(own | {"outdoor_excused_days": ["2025-01-11"]})["total"] == "10.00"
