"""What of a household's facts counts in a season (regulations.md 7.20)."""

from typing import Any

import numpy as np
import pytest

from analytics.facts.facts_file import from_facts
from analytics.facts.season_days import SeasonDays
from analytics.law.cold_days.counted import Counted, came_to, counted
from analytics.law.cold_days.rules import Rules
from analytics.law.cold_days.table import DayBandTable
from analytics.law.policy import load
from tests.analytics.facts import SEASONS, facts
from tests.analytics.settlement.test_settle import us

HENAN, LINYI = "CN-HA-2018", "CN-SD-LINYI-2017"
TWO_ROOMS: dict[str, list[list[str]]] = {"bedroom": [], "living": []}


def of(policy: str = HENAN, **other: Any) -> tuple[Counted, SeasonDays]:
    snapshot = from_facts(facts(policy, TWO_ROOMS, **other), policy).snapshot
    file = load(policy).policy
    days = SeasonDays.of(snapshot.season)
    rules = Rules.of(file, file.table(DayBandTable))
    return counted(snapshot, rules, days, came_to(snapshot)), days


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (SEASONS[HENAN][0], True),
        ("2024-11-14T23:59", False),
        ("2025-03-15T23:59", True),
        (SEASONS[HENAN][1], False),
    ],
)
def test_a_request_counts_in_the_season_that_holds_its_instant(at: str, counts: bool) -> None:
    found, _ = of(requests=[at])
    assert (found.snapshot.requests.columns[0].tolist() == [us(at)]) is counts


@pytest.mark.parametrize(
    ("fault", "days"),
    [
        (["2025-01-12T23:59", "2025-01-13T00:00"], ["2025-01-12"]),
        (["2025-01-12T23:59", "2025-01-13T00:01"], ["2025-01-12", "2025-01-13"]),
        (["2024-11-10T00:00", "2024-11-15T00:01"], ["2024-11-15"]),
        (["2025-03-15T10:00", "2025-04-01T00:00"], ["2025-03-15"]),
        (["2025-04-01T00:00", "2025-04-02T00:00"], []),
    ],
)
def test_the_days_of_a_fault_are_those_it_has_an_instant_in(
    fault: list[str], days: list[str]
) -> None:
    found, season = of(user_faults=[fault])
    assert [str(season.days[d]) for d in np.flatnonzero(found.fault[0])] == days


def test_records_on_days_of_a_fault_are_as_if_not_made_but_the_supplier_came() -> None:
    acts = [["2025-01-12T10:00", "bedroom", "15.000"], ["2025-01-14T10:00", "living", "15.000"]]
    found, _ = of(acts=acts, user_faults=[["2025-01-12T20:00", "2025-01-12T21:00"]])
    assert found.snapshot.measurements.columns[0].tolist() == [us("2025-01-14T10:00")]
    assert found.came.columns[0].tolist() == [us("2025-01-12T10:00"), us("2025-01-14T10:00")]


def test_a_refusal_is_a_time_at_which_the_supplier_came_and_closes_its_day_where_the_act_says_so() -> (
    None
):
    refused = {"refusals": ["2025-01-12T10:00"]}
    for policy, closes in ((HENAN, 0), (LINYI, 1)):
        found, _ = of(policy, **refused)
        assert found.came.columns[0].tolist() == [us("2025-01-12T10:00")]
        assert int(found.refused.sum()) == closes


@pytest.mark.parametrize(
    ("acts", "visits"),
    [
        pytest.param([("10:00", "bedroom", "18.000")], ["10:00"], id="one-room-passes"),
        pytest.param([("10:00", "bedroom", "17.999")], [], id="one-room-fails"),
        pytest.param(
            [("10:00", "living", "17.000"), ("10:05", "bedroom", "18.000")], [], id="the-other-fails"
        ),
        pytest.param(
            [("10:00", "bedroom", "17.000"), ("10:40", "bedroom", "18.500")], ["10:40"],
            id="judged-at-its-last-record",
        ),
        pytest.param(
            [("10:00", "bedroom", "18.500"), ("10:40", "bedroom", "17.000")], [],
            id="also-where-that-fails",
        ),
    ],
)  # fmt: skip
def test_a_visit_is_all_records_of_a_day_judged_at_the_last_of_each_room(
    acts: list[tuple[str, str, str]], visits: list[str]
) -> None:
    found, _ = of(acts=[[f"2025-01-12T{at}", room, celsius] for at, room, celsius in acts])
    assert found.visits.columns[0].tolist() == [us(f"2025-01-12T{at}") for at in visits]


def test_two_days_are_two_visits() -> None:
    acts = [["2025-01-12T23:59", "bedroom", "17.000"], ["2025-01-13T00:00", "bedroom", "18.000"]]
    assert of(acts=acts)[0].visits.columns[0].tolist() == [us("2025-01-13T00:00")]
