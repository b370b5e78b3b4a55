"""The settlement kernels against their slow twin over random seasons of all four policies."""

import os
from functools import cache

import pytest

from analytics.law.policy import load
from analytics.settlement.result import Result
from heatwatch.evaluate.law_city import settled_together
from simulators.law.refund import settle as naive
from tests.analytics.cities import answer_of
from tests.analytics.facts import Scenario, comparable
from tests.analytics.seasons import SEASONS, random_season

SEEDS = 25 if os.environ.get("NUMBA_DISABLE_JIT", "0") == "0" else 3


@cache
def seasons(policy: str) -> list[tuple[Scenario, Result]]:
    """The season of each seed with its result; those of a policy are settled as one city."""
    found = [random_season(seed, policy) for seed in range(SEEDS)]
    return list(zip(found, settled_together(load(policy), found), strict=True))


@pytest.mark.parametrize("policy", sorted(SEASONS))
@pytest.mark.parametrize("seed", range(SEEDS))
def test_kernels_and_twin_owe_the_same(policy: str, seed: int) -> None:
    scenario, ours = seasons(policy)[seed]
    assert comparable(answer_of(ours)) == comparable(naive(scenario))
