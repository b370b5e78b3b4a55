"""Values that change inside a season: the settlement and its naive twin, told of the same amendments."""

from datetime import date

import pytest

from analytics.law.policy import load, parse
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate import law
from simulators.law import refund as naive_refund
from simulators.law.worlds import random_world
from tests.analytics.amended import AMENDMENTS, DAY, SAID, amended, dated, for_twin, some_day
from tests.analytics.cities import answer_of
from tests.analytics.facts import comparable

EACH = 30


@pytest.mark.compiled
@pytest.mark.parametrize("policy", sorted(AMENDMENTS))
@pytest.mark.parametrize("first", [pytest.param(first, id=f"{first}..") for first in (0, 30)])
def test_settlement_and_twin_agree_where_values_change_inside_the_season(
    policy: str, first: int
) -> None:
    wrong, other = [], 0
    for seed in range(first, first + EACH):
        world = random_world(seed, policy=policy)
        day, new = some_day(world, seed), AMENDMENTS[policy]
        own = comparable(answer_of(settle_facts(world, amended(policy, (day, new.keys)))))
        if own != comparable(naive_refund.settle(for_twin(world, (day, new.numbers)))):
            wrong.append((seed, day))
        other += own != comparable(naive_refund.settle(world))
    assert wrong == []
    assert other, "the amendment must make a difference in some season"


@pytest.mark.compiled
def test_an_amended_act_keeps_the_properties_of_every_policy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As `evaluate law`: colder, more evidence or a request never pay less, order changes no byte."""
    henan, new = "CN-HA-2018", AMENDMENTS["CN-HA-2018"]
    values = "".join(dated(key, value) for key, value in new.keys.items())
    file = parse(load(henan).raw + (SAID + values).encode(), "amended.toml")
    told = (date.fromisoformat(DAY), new.numbers)
    twin = {henan: lambda world: naive_refund.settle(for_twin(world, told))}
    monkeypatch.setattr(law, "TWINS", twin)
    score = law.evaluate(file, range(6))
    assert score.wrong == []
    assert score.compared["twin"] == 6
