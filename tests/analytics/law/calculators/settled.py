"""What seasons without readings come to, beside the answers of the reference."""

from collections.abc import Sequence
from typing import Any

from analytics.law.policy import load
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from simulators.law.twins import TWINS
from tests.analytics.cities import answer_of, settled_by_policy
from tests.analytics.facts import Scenario, comparable, reference_seasons
from tests.shared import shared_folder


def settled(scenario: Scenario) -> Result:
    return settle_facts(scenario, load(scenario["policy"]))


def differing(policy: str) -> tuple[int, list[int]]:
    """How many reference seasons a policy has, and the ids of those that come out otherwise."""
    found = list(reference_seasons(shared_folder(), policy))
    return len(found), [
        scenario["id"]
        for scenario, answer in found
        if comparable(answer_of(settled(scenario))) != comparable(answer)
    ]


def check_twin(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """What the naive twin says of each season; AssertionError where the settlement says otherwise of one."""
    answers = [TWINS[each["policy"]](each) for each in scenarios]
    for result, answer, each in zip(settled_by_policy(scenarios), answers, scenarios, strict=True):
        assert comparable(answer_of(result)) == comparable(answer), each["id"]
    return answers
