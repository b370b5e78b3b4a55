"""The kernels against the reference seasons and the worked cases of regulations.md section 9."""

import hashlib
import json
from decimal import Decimal

import pytest

from analytics.law.policy import load
from analytics.settlement.settle import Result, settle_facts
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable, facts, reference_seasons, rows
from tests.analytics.worked import gap_in_the_cold, outage_and_cold
from tests.shared import shared_folder

HENAN, LINYI = "CN-HA-2018", "CN-SD-LINYI-2017"
POLICIES = (HENAN, "CN-HA-LY-2018", LINYI, "CN-SD-WEIFANG-2021")
WARM = "20.000"


def settled(scenario: Scenario) -> Result:
    return settle_facts(scenario, load(scenario["policy"]))


@pytest.mark.parametrize("policy", POLICIES)
def test_every_reference_season_comes_out_to_the_cent(policy: str) -> None:
    """Total, undetermined flag and each line, computed elsewhere twice and independently."""
    seasons = [each for each in reference_seasons(shared_folder()) if each[0]["policy"] == policy]
    assert len(seasons) >= 14
    wrong = [
        (scenario["id"], answer_of(settled(scenario)), answer)
        for scenario, answer in seasons
        if comparable(answer_of(settled(scenario))) != comparable(answer)
    ]
    assert wrong == []


#: Over totals, bounds, reasons and lines of the 80 seasons, before calculators were plugs.
AMOUNTS_BEFORE = "9c341894caa8287454c6f37fa69bb32192dc5d9929915d6990d1f0fda486eddf"


def test_amounts_and_lines_are_to_the_byte_what_they_were_before_calculators_were_plugs() -> None:
    hashed = hashlib.sha256()
    for scenario, _ in reference_seasons(shared_folder()):
        result = settled(scenario)
        names = ("kind", "first", "last", "days", "share", "amount")
        lines = [[str(getattr(line, name)) for name in names] for line in result.lines]
        sums = [str(each) for each in (result.total, result.upper, result.lower)]
        whole = [result.code, sums, result.undetermined, str(result.open_since), lines]
        hashed.update(json.dumps([*whole, result.reason.code]).encode())
    assert hashed.hexdigest() == AMOUNTS_BEFORE


def henan(cold_until: str, celsius: str, request: str = "2025-01-10T09:30") -> Scenario:
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-09T20:00", WARM),
        ("2025-01-09T20:00", cold_until, celsius),
        (cold_until, "2025-01-16T00:00", WARM),
    )
    return facts(HENAN, {"bedroom": bedroom}, requests=[request])


def test_h1_47_75_hours_miss_the_gate_and_the_sheet_says_so() -> None:
    result = settled(henan("2025-01-12T09:15", "17.200"))
    assert (str(result.total), result.reason.code) == ("0.00", "gate_missed")
    missed = [step for step in result.steps if step["step"] == "gate_missed"]
    assert [step["numbers"]["run_h"] for step in missed] == ["47.75"]
    assert missed[0]["clause"] == "art. 27 ¶2"


def test_h2_48_hours_meet_the_gate_and_pay_from_the_day_of_the_request() -> None:
    result = settled(henan("2025-01-12T09:30", "17.200"))
    assert (str(result.total), result.reason.code) == ("20.00", "paid")
    assert [(str(line.first), str(line.last)) for line in result.lines] == [
        ("2025-01-10", "2025-01-11")
    ]


@pytest.mark.parametrize(
    ("celsius", "paid"), [("17.990", "10.00"), ("14.000", "10.00"), ("13.990", "20.00")]
)
def test_h3_what_one_paid_day_pays_at_the_edges_of_the_bands(celsius: str, paid: str) -> None:
    scenario = henan("2025-01-14T00:00", "17.999", "2025-01-10T00:00")
    scenario["acts"] = [["2025-01-12T12:00", "bedroom", celsius]]
    assert settled(scenario).total - Decimal("30.00") == Decimal(paid)


def test_h3_at_18_00_nothing_is_below_and_nothing_is_owed() -> None:
    result = settled(henan("2025-01-13T00:00", "18.000"))
    assert (str(result.total), result.reason.code) == ("0.00", "never_below")


def test_h4_excluded_days_pay_nothing_but_count_for_the_gate() -> None:
    bedroom = rows(
        ("2024-11-16T00:00", "2024-11-22T12:00", "17.000"),
        ("2024-11-22T12:00", "2024-11-23T12:00", WARM),
    )
    result = settled(facts(HENAN, {"bedroom": bedroom}, requests=["2024-11-17T08:00"]))
    assert [(str(line.first), str(line.last), str(line.amount)) for line in result.lines] == [
        ("2024-11-20", "2024-11-21", "20.00")
    ]


def test_h6_outage_first_then_the_rest_of_each_day_never_over_a_day() -> None:
    result = settled(outage_and_cold())
    assert str(result.total) == "80.00"
    assert [(line.kind, str(line.days)) for line in result.lines] == [
        ("outage", "5/4"),
        ("temperature", "1/4"),
        ("temperature", "1/2"),
        ("temperature", "2"),
    ]


def gap_of_three_hours(acts: list[list[str]]) -> Result:
    """H7: nothing known for 3 h beyond what samples stand for, inside a cold run of 50 h."""
    return settled(gap_in_the_cold(acts))


def test_h7_a_gap_in_the_run_is_undetermined_and_both_sums_are_shown() -> None:
    result = gap_of_three_hours([])
    assert (str(result.total), result.undetermined) == ("0.00", True)
    assert (str(result.upper), str(result.lower)) == ("20.00", "0.00")
    assert str(result.open_since) == "2025-01-10"


def test_h7_with_a_failing_act_in_the_gap_is_settled() -> None:
    result = gap_of_three_hours([["2025-01-11T12:00", "bedroom", "17.500"]])
    assert (str(result.total), result.undetermined) == ("20.00", False)


@pytest.mark.parametrize(
    ("season", "year", "total"),
    [
        pytest.param(["2024-11-10T00:00", "2025-03-21T00:00"], 2025, "50.00", id="131-days"),
        pytest.param(["2023-11-10T00:00", "2024-03-21T00:00"], 2024, "49.62", id="132-leap"),
    ],
)
def test_l1_five_days_at_15_by_acts_within_the_limit(
    season: list[str], year: int, total: str
) -> None:
    acts = [
        [f"{year}-01-10T12:00", "bedroom", "15.000"],
        [f"{year}-01-15T12:00", "bedroom", "18.000"],
    ]
    scenario = facts(
        LINYI, {"bedroom": []}, requests=[f"{year}-01-10T09:00"], acts=acts, season=season
    )
    result = settled(scenario)
    assert (str(result.total), result.undetermined) == (total, False)
