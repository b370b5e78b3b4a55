"""A user's fault: the days it touches are the user's, and it cuts the episode (7.13, 7.20)."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.heat.ragged import Ragged
from analytics.law.policy import load, shipped
from analytics.settlement.settle import settle
from simulators.law import refund as naive_refund
from simulators.law.worlds import random_world
from tests.analytics.cities import answer_of, settled_by_policy, source
from tests.analytics.facts import Scenario, comparable
from tests.analytics.settlement.test_settle import cold_week, us

Faults = list[list[str]]
LINYI = "CN-SD-LINYI-2017"


def kernels(scenario: Scenario, faults: Faults) -> dict[str, Any]:
    own = from_facts(scenario, scenario["policy"])
    spans = [(us(since), us(until)) for since, until in faults]
    snapshot = replace(own.snapshot, faults=Ragged.of([spans], 2))
    law = load(scenario["policy"])
    run = settle(snapshot, source(own.columns), law, flush=1, excused=own.excused_days)
    return answer_of(run.results[0])


def twin(scenario: Scenario, faults: Faults) -> dict[str, Any]:
    return naive_refund.settle({**scenario, "user_faults": faults})


@pytest.mark.parametrize("settled", [kernels, twin])
@pytest.mark.parametrize(
    ("fault", "days"),
    [
        pytest.param(["2025-01-12T10:00", "2025-01-12T10:10"], ["2"], id="40-h-before-it"),
        pytest.param(["2025-01-11T10:00", "2025-01-12T00:00"], ["3"], id="to-midnight"),
        pytest.param(["2025-01-13T10:00", "2025-01-13T10:10"], ["3"], id="32-h-after-it"),
        pytest.param(["2025-01-13T23:50", "2025-01-14T00:10"], ["3"], id="over-midnight"),
        pytest.param(["2025-01-15T10:00", "2025-01-15T10:10"], ["5"], id="on-an-unpaid-day"),
    ],
)
def test_each_part_beside_the_days_of_a_fault_has_its_own_gate(
    settled: Any, fault: list[str], days: list[str]
) -> None:
    """The 32 hours after a fault were paid without one: 40.00 for 30.00 at 10.00 a day."""
    answer = settled(cold_week(), [fault])
    assert [line["days"] for line in answer["lines"]] == days
    assert answer["total"] == f"{10 * sum(map(int, days))}.00"


@pytest.mark.parametrize("settled", [kernels, twin])
def test_without_a_gate_both_parts_are_paid_and_the_days_between_are_not(settled: Any) -> None:
    scenario = cold_week(LINYI, refusals=["2025-01-10T08:00"])
    lines = settled(scenario, [["2025-01-12T23:59", "2025-01-13T00:01"]])["lines"]
    assert [(line["from"], line["to"]) for line in lines] == [
        ("2025-01-11", "2025-01-11"), ("2025-01-14", "2025-01-14"),
    ]  # fmt: skip


@pytest.mark.parametrize("settled", [kernels, twin])
def test_a_record_on_a_day_of_a_fault_is_as_if_not_made(settled: Any) -> None:
    measured = [
        ["2025-01-12T10:00", "bedroom", "13.000"],
        ["2025-01-12T12:00", "bedroom", "19.000"],
    ]
    scenario = cold_week(LINYI, acts=measured)
    lines = settled(scenario, [["2025-01-12T20:00", "2025-01-12T21:00"]])["lines"]
    assert [(line["from"], line["to"], line["share"]) for line in lines] == [
        ("2025-01-10", "2025-01-10", "1/5"), ("2025-01-11", "2025-01-11", "1"),
        ("2025-01-13", "2025-01-14", "1/5"),
    ], "nobody came within 24 h, so the 11th is presumed; the visit of the 12th ends nothing"  # fmt: skip


@pytest.mark.parametrize("settled", [kernels, twin])
def test_a_fault_in_the_middle_of_the_run_leaves_no_48_hours(settled: Any) -> None:
    faults = [["2025-01-12T05:00", "2025-01-12T05:10"], ["2025-01-14T04:00", "2025-01-14T04:10"]]
    assert settled(cold_week(), faults)["lines"] == []


@pytest.mark.parametrize(
    "policy", [each.policy.id for each in shipped() if "day_band" in each.policy.tables]
)
def test_each_policy_that_pays_cold_days_names_this_interpretation(policy: str) -> None:
    assert "fault-days-cut-the-episode" in {
        each.name for each in load(policy).policy.interpretations
    }


def random_faults(scenario: Scenario, seed: int) -> Faults:
    rng = random.Random(seed)
    times = sorted(row[0] for found in scenario["rooms"].values() for row in found)
    at = datetime.fromisoformat(times[0] if times else scenario["season"][0])
    found = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        at += timedelta(minutes=rng.randrange(1, 4 * 24 * 60))
        until = at + timedelta(minutes=rng.choice((1, 10, 90, 600, 2000)))
        found.append([each.isoformat(timespec="minutes") for each in (at, until)])
        at = until
    return found


@pytest.mark.compiled
def test_kernels_and_twin_agree_on_random_faults() -> None:
    scenarios = [
        (scenario := random_world(seed)) | {"user_faults": random_faults(scenario, seed)}
        for seed in range(80)
    ]
    wrong = [
        scenario["id"]
        for scenario, result in zip(scenarios, settled_by_policy(scenarios), strict=True)
        if comparable(answer_of(result)) != comparable(naive_refund.settle(scenario))
    ]
    assert wrong == []
