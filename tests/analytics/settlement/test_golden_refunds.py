"""The kernels against the reference seasons and the worked cases of regulations.md section 9."""

import pytest

from analytics.law.policy import load
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable, reference_seasons
from tests.analytics.worked import five_days_by_records, gap_in_the_cold
from tests.shared import shared_folder

HENAN, LINYI = "CN-HA-2018", "CN-SD-LINYI-2017"
#: Policy -> how many seasons there are; `calculators/` has those of the policies without cold days.
SEASONS = {
    HENAN: 37, "CN-HA-LY-2018": 37, LINYI: 37, "CN-SD-WEIFANG-2021": 31, "CN-SD-TAIAN-2020": 34,
    "CN-SD-QINGDAO-2017": 28,
}  # fmt: skip


def settled(scenario: Scenario) -> Result:
    return settle_facts(scenario, load(scenario["policy"]))


@pytest.mark.parametrize("policy", SEASONS)
def test_every_reference_season_comes_out_to_the_cent(policy: str) -> None:
    """Total, undetermined flag and each line, computed elsewhere twice and independently."""
    seasons = list(reference_seasons(shared_folder(), policy))
    assert len(seasons) == SEASONS[policy]
    wrong = [
        (scenario["id"], answer_of(settled(scenario)), answer)
        for scenario, answer in seasons
        if comparable(answer_of(settled(scenario))) != comparable(answer)
    ]
    assert wrong == []


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
