"""What one request serves, and what serves it (regulations.md 7.20)."""

from typing import Any

import pytest

from tests.analytics.facts import SEASONS, Scenario, facts
from tests.analytics.settlement.owing import (
    HENAN,
    LINYI,
    WEIFANG,
    acts,
    at,
    owed,
    paid_days,
    spells,
    total,
)

TWO_SPELLS = spells(("10T00:00", "13T00:00"), ("15T00:00", "18T00:00"))


def henan(*requests: str, made: list[list[str]] | None = None, **other: Any) -> Scenario:
    return facts(HENAN, {"bedroom": TWO_SPELLS}, requests=at(*requests), acts=made or (), **other)


def test_a_request_serves_every_later_spell_of_the_season() -> None:
    assert paid_days(henan("10T00:00")) == [("10", "12", "1/2"), ("15", "17", "1/2")]


def test_a_request_made_while_warm_waits_for_the_cold() -> None:
    assert paid_days(henan("09T12:00")) == [("10", "12", "1/2"), ("15", "17", "1/2")]
    assert paid_days(henan("14T00:00")) == [("15", "17", "1/2")]


def test_a_dip_of_fifteen_minutes_uses_no_request_up() -> None:
    bedroom = spells(("10T00:00", "10T00:15"), ("15T00:00", "18T00:00"))
    scenario = facts(HENAN, {"bedroom": bedroom}, requests=at("09T12:00"))
    assert paid_days(scenario) == [("15", "17", "1/2")]


def test_a_visit_that_finds_the_dwelling_compliant_serves_it() -> None:
    measured = acts(("13T12:00", "bedroom", "18.000"))
    assert paid_days(henan("10T00:00", made=measured)) == [("10", "12", "1/2")]
    again = henan("10T00:00", "13T12:01", made=measured)
    assert paid_days(again) == [("10", "12", "1/2"), ("15", "17", "1/2")]


def test_a_visit_before_the_request_serves_nothing_and_one_at_its_instant_does() -> None:
    for minute, days in (("01", [("15", "17", "1/2")]), ("00", []), ("59", [])):
        asked = "13T12:" + minute if minute != "59" else "13T11:59"
        measured = acts(("13T12:00", "bedroom", "18.000"))
        assert paid_days(henan(asked, made=measured)) == days, asked


def test_a_failing_visit_serves_nothing() -> None:
    measured = acts(("11T12:00", "bedroom", "17.500"))
    assert len(paid_days(henan("10T00:00", made=measured))) == 2


def test_a_second_request_while_one_stands_moves_no_limit() -> None:
    """Linyi: the supplier's 24 h run from the first."""
    bedroom = spells(("10T00:00", "13T00:00"))
    one = facts(LINYI, {"bedroom": bedroom}, requests=at("10T09:00"))
    two = facts(LINYI, {"bedroom": bedroom}, requests=at("10T09:00", "11T08:00"))
    assert paid_days(one) == paid_days(two) == [("10", "10", "1/5"), ("11", "12", "1")]


@pytest.mark.parametrize("policy", [HENAN, LINYI, WEIFANG])
def test_a_request_of_another_winter_pays_nothing_in_this_one(policy: str) -> None:
    for requests in (["2024-01-20T09:00"], ["2024-11-09T23:59"], ["2025-03-21T00:00"]):
        scenario = facts(policy, {"bedroom": TWO_SPELLS}, requests=requests)
        assert (owed(scenario)["lines"], owed(scenario)["undetermined"]) == ([], False)


@pytest.mark.parametrize(
    ("policy", "own", "cold", "owes"),
    [
        (HENAN, "2026-01-10T00:00", ("10T00:00", "14T00:00"), "40.00"),
        (LINYI, "2026-01-08T23:00", ("10T00:00", "15T00:00"), "100.00"),  # presumed: nobody came
    ],
)
def test_a_request_of_january_2025_is_not_paid_again_in_the_next_winter(
    policy: str, own: str, cold: tuple[str, str], owes: str
) -> None:
    """What it paid again takes a request of this winter's own."""
    season = [each.replace("2025-", "2026-").replace("2024-", "2025-") for each in SEASONS[policy]]
    bedroom = [[time.replace("2025-", "2026-"), value] for time, value in spells(cold)]
    for requests, paid in (
        (["2025-01-10T00:00"], "0.00"),
        ([own], owes),
        (["2025-01-10T00:00", own], owes),
    ):
        scenario = facts(policy, {"bedroom": bedroom}, requests=requests, season=season)
        assert total(scenario) == (paid, False), requests


def test_a_late_supplier_of_another_winter_is_not_presumed_in_this_one() -> None:
    scenario = facts(LINYI, {"bedroom": []}, requests=["2024-01-20T09:00"])
    assert total(scenario) == ("0.00", False)


# -- visits ------------------------------------------------------------------------------


BOTH = {"bedroom": TWO_SPELLS, "living": TWO_SPELLS}


@pytest.mark.parametrize(
    "order",
    [
        (("12:00", "bedroom", "18.500"), ("12:05", "living", "18.200")),
        (("12:00", "living", "18.200"), ("12:05", "bedroom", "18.500")),
    ],
    ids=["bedroom-first", "living-room-first"],
)
def test_the_order_in_which_rooms_are_measured_changes_nothing(
    order: tuple[tuple[str, str, str], ...],
) -> None:
    """Both rooms are below by their samples until they are measured, a minute after one came."""
    measured = acts(*((f"11T{when}", room, celsius) for when, room, celsius in order))
    scenario = facts(HENAN, BOTH, requests=at("10T00:00"), acts=measured)
    steps = paid_days(scenario)
    assert steps == paid_days({**scenario, "acts": acts(
        ("11T12:00", "bedroom", "18.500"), ("11T12:05", "living", "18.200"),
    )})  # fmt: skip
    assert steps == [], "36 h before the visit; the request is served, so nothing after it counts"


def test_one_room_that_fails_on_the_day_leaves_the_request_unserved() -> None:
    measured = acts(("13T12:00", "bedroom", "19.000"), ("13T12:30", "living", "17.900"))
    scenario = facts(HENAN, BOTH, requests=at("10T00:00"), acts=measured)
    assert len(paid_days(scenario)) == 2


def test_a_visit_is_judged_at_its_last_record() -> None:
    failed_then = acts(("13T12:00", "bedroom", "17.900"), ("13T15:00", "bedroom", "18.000"))
    assert paid_days(henan("10T00:00", made=failed_then)) == [("10", "12", "1/2")]
    passed_then = acts(("13T12:00", "bedroom", "18.000"), ("13T15:00", "bedroom", "17.900"))
    assert len(paid_days(henan("10T00:00", made=passed_then))) == 2


def test_a_compliant_record_ends_no_spell_while_another_room_is_below() -> None:
    warm = spells()
    measured = acts(("11T12:00", "living", "19.000"))
    scenario = facts(
        HENAN, {"bedroom": TWO_SPELLS, "living": warm}, requests=at("10T00:00"), acts=measured
    )
    assert paid_days(scenario) == [("10", "12", "1/2"), ("15", "17", "1/2")]


# -- lines -------------------------------------------------------------------------------


def test_equal_days_of_two_episodes_are_one_line_and_rounded_once() -> None:
    bedroom = spells(("10T00:00", "11T12:00"), ("11T14:00", "13T00:00"))
    scenario = facts(WEIFANG, {"bedroom": bedroom}, requests=at("10T00:00"), season_fee="2420.01")
    lines = owed(scenario)["lines"]
    assert [(each["from"], each["to"], each["days"]) for each in lines] == [
        ("2025-01-10", "2025-01-12", "3")
    ], "the 11th is shared by two episodes and paid once"


def test_three_half_days_at_2620_over_132_days_are_29_77() -> None:
    season = ["2023-11-10T00:00", "2024-03-21T00:00"]
    cold = [[each[0].replace("2025", "2024"), each[1]] for each in spells(
        ("10T00:00", "13T00:00"), celsius="15.000"
    )]  # fmt: skip
    scenario = facts(
        LINYI, {"bedroom": cold}, requests=["2024-01-10T00:00"], season=season,
        refusals=["2024-01-09T10:00", "2024-01-10T00:00"],
    )  # fmt: skip
    assert owed(scenario)["total"] == "19.85", "the 10th was refused: two halves"
    scenario["refusals"] = ["2024-01-13T00:00"]
    scenario["acts"] = [["2024-01-10T09:00", "bedroom", "15.000"]]
    assert owed(scenario)["total"] == "29.77"


def test_a_presumed_day_joins_days_of_the_same_fraction() -> None:
    """The 11th and 12th are presumed, the 13th is below 14 by itself: one line of three days."""
    bedroom = [
        *spells(("10T00:00", "13T00:00"), celsius="15.000")[: 4 * 24 * 4],
        *(
            row
            for row in spells(("13T00:00", "14T00:00"), celsius="13.000")
            if row[0] >= "2025-01-13"
        ),
    ]
    measured = acts(("13T06:00", "bedroom", "13.500"))
    scenario = facts(LINYI, {"bedroom": bedroom}, requests=at("10T09:00"), acts=measured)
    assert paid_days(scenario) == [("10", "10", "1/2"), ("11", "13", "1")]
