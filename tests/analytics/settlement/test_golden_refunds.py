"""The kernels against the reference seasons and the worked cases of regulations.md section 9."""

import hashlib
import json

import pytest

from analytics.law.policy import load
from analytics.settlement.results import Result
from analytics.settlement.settle import settle_facts
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable, reference_seasons
from tests.analytics.worked import five_days_by_records, gap_in_the_cold
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
    result = settled(five_days_by_records(season, year))
    assert (str(result.total), result.undetermined) == (total, False)
