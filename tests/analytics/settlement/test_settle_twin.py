"""The settlement kernels against their slow twin over random seasons of all four policies."""

import os

import pytest

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from simulators.law.refund import settle as naive
from tests.analytics.cities import answer_of
from tests.analytics.facts import comparable
from tests.analytics.seasons import SEASONS, random_season

SEEDS = 25 if os.environ.get("NUMBA_DISABLE_JIT", "0") == "0" else 3


@pytest.mark.parametrize("policy", sorted(SEASONS))
@pytest.mark.parametrize("seed", range(SEEDS))
def test_kernels_and_twin_owe_the_same(policy: str, seed: int) -> None:
    scenario = random_season(seed, policy)
    ours = answer_of(settle_facts(scenario, load(policy)))
    assert comparable(ours) == comparable(naive(scenario))
