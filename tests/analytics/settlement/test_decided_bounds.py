"""Whatever decisions settle of what is undetermined, the sum lies between at least and at most."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from simulators.law.decided import without_decisions
from simulators.law.worlds import random_world

#: A season that came to less than was named: seed 6 has a day that pays less as below than as compliant.
BY_POLICY = ("", "CN-SD-BINZHOU-2016", "CN-SD-QINGDAO-2017")
WAYS = 4


def decisions(world: dict[str, Any], rng: Random) -> Iterator[dict[str, str]]:
    """One on each stretch of the season, of a day to all of it: below, at some temperature, or compliant."""
    since, until = (date.fromisoformat(each[:10]) for each in world["season"])
    day = since
    while day <= until:
        ends = day + timedelta(days=rng.choice((1, 1, 1, 2, 5, 30, 200)))
        outcome = rng.choice(("below", "below", "below", "compliant"))
        made = {
            "since": f"{day}T00:00", "until": f"{ends}T00:00", "outcome": outcome,
            "basis": "agreement", "document": "No. 1", "clause": "art. 1",
        }  # fmt: skip
        if outcome == "below" and rng.random() < 0.7:
            made["temperature"] = rng.choice(("17.9", "17", "15.5", "13.9", "10", "5"))
        yield made
        day = ends


@pytest.mark.compiled
@pytest.mark.parametrize("policy", BY_POLICY)
@pytest.mark.parametrize("first", [pytest.param(first, id=f"{first}..") for first in (0, 10)])
def test_no_decision_comes_to_less_than_at_least_or_more_than_at_most(
    policy: str, first: int
) -> None:
    open_seasons = 0
    for seed in range(first, first + 10):
        world = without_decisions(
            random_world(seed, policy=policy) if policy else random_world(seed)
        )
        law = load(world["policy"])
        found = settle_facts(world, law)
        assert found.lower <= found.total <= found.upper
        open_seasons += found.undetermined
        for way in range(WAYS if found.undetermined else 0):
            made = [*decisions(world, Random(f"{seed} {way}"))]
            decided = settle_facts({**world, "decisions": made}, law)
            assert found.lower <= decided.total <= found.upper, (seed, way)
    assert open_seasons
