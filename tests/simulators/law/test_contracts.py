"""Random contracts have what their policy needs, and worlds are moved to its edges."""

import random
from decimal import Decimal

import pytest

from simulators.law.contracts import contract_of, edges, fitted
from simulators.law.policies import MATRIX
from simulators.law.worlds import random_world


@pytest.mark.parametrize("policy", MATRIX)
def test_a_contract_has_what_its_household_can_not_be_settled_without(policy: str) -> None:
    for seed in range(20):
        contract = contract_of(random.Random(seed), policy)
        assert ("bands" in contract) is bool(MATRIX[policy].get("contract_bands"))
        assert ("basic_fee" in contract) is bool(MATRIX[policy].get("net_of_basic"))
        if MATRIX[policy].get("contract_bands") and MATRIX[policy].get("agreed"):
            assert "agreed" in contract


def test_temperatures_lie_at_the_edges_or_a_thousandth_beside_them() -> None:
    world = random_world(7, policy="CN-BJ-BF2022-0501")
    marks = edges(world["policy"], world.get("contract", {}))
    values = {Decimal(value) for rows in world["rooms"].values() for _, value in rows}
    assert values
    beside = {Decimal(0), Decimal("0.001"), Decimal("-0.001")}
    assert all(any(value - mark in beside for mark in marks) for value in values)
    assert fitted(random.Random(1), world) == fitted(random.Random(1), world)
