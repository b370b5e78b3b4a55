"""An agreed temperature that changes: each sample is judged by the value of its time."""

from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.changed_limits import judged_by
from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate.law_city import answer_of
from simulators.law.twins import TWINS
from tests.analytics.facts import rows

URUMQI = "CN-XJ-URUMQI-2002"
BOTH = pytest.mark.parametrize("settled", ["kernels", "twin"])


def promised(celsius: str) -> dict[str, Any]:
    """A contract that refunds half of each day below what it promises."""
    return {"agreed": celsius, "bands": [[celsius, "1/2"]]}


def season(celsius: str, since: str, **more: Any) -> dict[str, Any]:
    """Five days at one temperature in the middle of January, and 22 °C around them."""
    room = rows(
        ("2025-01-08T00:00", "2025-01-10T00:00", "22"), (f"{since}", "2025-01-15T00:00", celsius),
        ("2025-01-15T00:00", "2025-01-17T00:00", "22"), minutes=60,
    )  # fmt: skip
    return {
        "id": 0, "policy": URUMQI, "season": ["2024-11-15T00:00", "2025-03-16T00:00"],
        "season_fee": "2420.00", "interval_min": 60, "rooms": {"bedroom": room},
        "requests": ["2025-01-10T00:00"], "acts": [], "outages": [], "outdoor_excused_days": [],
        "contract": promised("18"),
    } | more  # fmt: skip


def paid(settled: str, scenario: dict[str, Any]) -> list[tuple[str, str]]:
    if settled == "twin":
        lines = TWINS[URUMQI](scenario)["lines"]
    else:
        lines = answer_of(settle_facts(scenario, load(URUMQI)))["lines"]
    return [(each["from"], each["to"]) for each in lines]


@BOTH
def test_what_was_warm_enough_before_the_change_is_cold_from_it_on(settled: str) -> None:
    warmer = [{"since": "2025-01-12T00:00", **promised("20")}]
    assert paid(settled, season("19", "2025-01-10T00:00")) == []
    changed = season("19", "2025-01-10T00:00", contract_changes=warmer)
    assert paid(settled, changed) == [("2025-01-12", "2025-01-14")]


@BOTH
def test_a_cold_spell_runs_through_a_change_and_what_continues_is_one_line(settled: str) -> None:
    warmer = [{"since": "2025-01-12T00:00", **promised("18.5")}]
    whole = paid(settled, season("13", "2025-01-10T00:00"))
    assert whole == [("2025-01-10", "2025-01-14")]
    assert paid(settled, season("13", "2025-01-10T00:00", contract_changes=warmer)) == whole


def test_a_household_whose_limit_stays_is_as_it_was() -> None:
    fee = [{"since": "2025-01-12T00:00", "season_fee": "1210.00", **promised("18")}]
    part = from_facts(season("13", "2025-01-10T00:00", contract_changes=fee), URUMQI).snapshot
    judged = judged_by(load(URUMQI).policy.standard, part, [1])
    assert (judged.moved, judged.changes) == (None, ())
    warmer = [{"since": "2025-01-12T00:00", **promised("20")}]
    part = from_facts(season("13", "2025-01-10T00:00", contract_changes=warmer), URUMQI).snapshot
    moved = judged_by(load(URUMQI).policy.standard, part, [1]).moved
    assert moved is not None
    assert moved.columns[2].tolist() == [2000]
