"""Households without any telemetry: what acts of several rooms say of the dwelling (7.20)."""

from typing import Any

import pytest

from tests.analytics.facts import Scenario, facts
from tests.analytics.settlement.owing import (
    HENAN,
    LINYI,
    LUOYANG,
    WEIFANG,
    acts,
    at,
    owed,
    paid_days,
)
from tests.analytics.settlement.owing import total as total_of

WARM_AGAIN = [["2025-01-14T12:00", room, "18.000"] for room in ("bedroom", "living")]


def total(made: list[list[str]]) -> str:
    """What Linyi owes for a request of the 10th, 20.00 a day; the naive twin agrees."""
    rooms: dict[str, list[list[str]]] = {"bedroom": [], "living": []}
    scenario = facts(LINYI, rooms, requests=["2025-01-10T09:00"], acts=[*made, *WARM_AGAIN])
    return str(owed(scenario)["total"])


@pytest.mark.parametrize("minutes", ["00", "05"], ids=["at-once", "five-minutes-later"])
@pytest.mark.parametrize(
    ("cold", "warm"),
    [("bedroom", "living"), ("living", "bedroom")],
    ids=["bedroom-cold", "living-room-cold"],
)
def test_a_warm_room_neither_ends_the_cold_of_the_other_nor_governs_its_days(
    cold: str, warm: str, minutes: str
) -> None:
    """A compliant act is recovery only if no other covered room is known below."""
    made = [["2025-01-10T12:00", cold, "15.000"], [f"2025-01-10T12:{minutes}", warm, "18.500"]]
    assert total(made) == "40.00", "the 10th to the 13th at a half, whatever the rooms are called"


def test_an_act_of_a_later_day_governs_what_follows_it() -> None:
    made = [["2025-01-10T12:00", "bedroom", "15.000"], ["2025-01-12T12:00", "living", "13.900"]]
    assert total(made) == "80.00", "two failed, so the lowest counts for each day (art. 32)"
    assert total(made[:1]) == "40.00"


# -- other acts, days of refund, and what no record tells ----------------------------------


def alone(policy: str, *made: tuple[str, str, str], **other: Any) -> Scenario:
    """No telemetry, asked for on the 10th at 9."""
    rooms: dict[str, list[list[str]]] = {"bedroom": [], "living": []}
    return facts(policy, rooms, requests=at("10T09:00"), acts=acts(*made), **other)


def test_the_first_failing_visit_governs_the_days_before_it_as_well() -> None:
    scenario = alone(WEIFANG, ("12T12:00", "bedroom", "15.000"), ("14T12:00", "bedroom", "18.000"))
    assert paid_days(scenario) == [("10", "14", "1")], "the day of recovery takes what governed"


def test_a_day_that_two_records_share_takes_the_lower() -> None:
    made = [("11T12:00", "bedroom", "15.000"), ("13T12:00", "bedroom", "17.000")]
    assert paid_days(alone(WEIFANG, *made, ("14T12:00", "bedroom", "18.000"))) == [
        ("10", "13", "1"), ("14", "14", "1/2"),
    ]  # fmt: skip


def test_without_a_passing_visit_it_lasts_to_the_seasons_end() -> None:
    lines = owed(alone(WEIFANG, ("11T12:00", "bedroom", "17.000")))["lines"]
    assert [(each["from"], each["to"]) for each in lines] == [
        ("2025-01-10", "2025-03-14"),
        ("2025-03-15", "2025-03-15"),
    ], "the season ends at noon of the 15th, so that day is half a day"


def test_a_record_before_the_request_makes_its_room_below_and_sets_no_band() -> None:
    scenario = alone(WEIFANG, ("09T12:00", "bedroom", "15.000"), ("12T12:00", "bedroom", "18.000"))
    assert (owed(scenario)["lines"], owed(scenario)["undetermined"]) == ([], True)


def test_records_that_all_pass_owe_nothing_but_in_linyi_what_was_presumed_before() -> None:
    passed = ("13T12:00", "bedroom", "18.000")
    assert total_of(alone(WEIFANG, passed)) == ("0.00", False)
    assert paid_days(alone(LINYI, passed)) == [("11", "12", "1")], "late from the 11th to the 12th"
    assert total_of(alone(LINYI, passed)) == ("40.00", True), "the 10th is undetermined"
    in_time = ("11T09:00", "bedroom", "18.000")
    assert total_of(alone(LINYI, in_time)) == ("0.00", False)


def test_no_record_at_all_is_undetermined_but_for_what_linyi_presumes() -> None:
    assert total_of(alone(WEIFANG)) == ("0.00", True)
    lines = owed(alone(LINYI))["lines"]
    assert [(each["from"], each["to"], each["share"]) for each in lines] == [
        ("2025-01-11", "2025-03-20", "1")
    ]
    assert owed(alone(LINYI))["undetermined"]


@pytest.mark.parametrize("policy", [HENAN, LUOYANG])
def test_where_48_hours_in_one_run_are_wanted_a_record_tells_of_thirty_minutes(policy: str) -> None:
    failed = ("11T12:00", "bedroom", "13.000")
    assert total_of(alone(policy, failed)) == ("0.00", True)
    assert total_of(alone(policy)) == ("0.00", True)
    passed_before = alone(policy, failed, ("12T08:59", "bedroom", "18.000"))
    assert total_of(passed_before) == ("0.00", False), "not 48 h from the request, whatever it was"
    passed_at = alone(policy, failed, ("12T09:00", "bedroom", "18.000"))
    assert total_of(passed_at) == ("0.00", True)


def test_a_fault_in_between_changes_nothing_of_what_a_record_governs() -> None:
    made = [("10T12:00", "bedroom", "15.000"), ("15T12:00", "bedroom", "18.000")]
    fault = [at("12T10:00", "12T11:00")]
    assert paid_days(alone(WEIFANG, *made, user_faults=fault)) == [
        ("10", "11", "1"), ("13", "15", "1"),
    ]  # fmt: skip
