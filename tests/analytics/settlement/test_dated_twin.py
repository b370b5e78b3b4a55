"""Values that change inside a season: the settlement and its naive twin, told of the same amendments."""

from datetime import date, timedelta
from typing import Any

import pytest

from analytics.law.policy import load, parse
from analytics.settlement.settle import settle_facts
from heatwatch.evaluate import law
from simulators.law import refund as naive_refund
from simulators.law.worlds import random_world
from tests.analytics.amended import AMENDMENTS, DAY, SAID, amended, dated, for_twin, some_day
from tests.analytics.cities import answer_of
from tests.analytics.facts import comparable, facts, rows

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
        result = settle_facts(world, amended(policy, (day, new.keys)))
        own = comparable(answer_of(result))
        if own != comparable(naive_refund.settle(for_twin(world, (day, new.numbers)))):
            wrong.append((seed, day))
        assert result.total <= result.lower <= result.upper, seed
        other += own != comparable(naive_refund.settle(world))
    assert wrong == []
    assert other, "the amendment must make a difference in some season"


#: From 1 January 12 h in one run in place of 48, and outages from 3 h on in place of 12.
SHORTER = amended(
    "CN-HA-2018",
    (date(2025, 1, 1), {"day_band.gate.continuous_h": '"12"', "outage_time.continuous_h": '"3"'}),
)
TOLD = (
    date(2025, 1, 1), {"gate": timedelta(hours=12), "outage_gate": timedelta(hours=3)},
)  # fmt: skip


def cold_over_new_year(request: str, *spells: tuple[str, str], **more: Any) -> dict[str, Any]:
    """Henan, at 17 °C in these spells; 20.00 a day, a half of it for cold."""
    parts, at = [], "2024-12-30T00:00"
    for since, until in spells:
        parts += [(at, since, "20.000"), (since, until, "17.000")]
        at = until
    room = rows(*parts, (at, "2025-01-05T00:00", "20.000"))
    return facts("CN-HA-2018", {"bedroom": room}, requests=[request], **more)


@pytest.mark.parametrize(
    ("scenario", "total"),
    [
        (cold_over_new_year("2024-12-31T23:00", ("2024-12-31T12:00", "2025-01-02T06:00")), "10.00"),
        (cold_over_new_year("2025-01-01T00:00", ("2024-12-31T12:00", "2025-01-02T06:00")), "10.00"),
        (cold_over_new_year("2024-12-30T00:00", ("2025-01-01T00:00", "2025-01-02T06:00")), "10.00"),
        (cold_over_new_year("2024-12-30T00:00", ("2024-12-31T23:00", "2025-01-02T06:00")), "10.00"),
        (cold_over_new_year("2024-12-30T00:00", ("2024-12-31T00:00", "2025-01-01T11:59")), "0.00"),
        (
            cold_over_new_year("2024-12-30T00:00", outages=[["2025-01-01T00:00", "2025-01-01T08:00"]]),
            "6.67",
        ),
        (
            cold_over_new_year("2024-12-30T00:00", outages=[["2024-12-31T23:00", "2025-01-01T08:00"]]),
            "6.67",
        ),
    ],
)  # fmt: skip
def test_what_lies_behind_a_change_and_is_long_enough_for_it_is_paid(
    scenario: dict[str, Any], total: str
) -> None:
    """An earlier request, an hour more of cold or of an outage never pays less."""
    result = settle_facts(scenario, SHORTER)
    assert str(result.total) == total
    assert comparable(answer_of(result)) == comparable(
        naive_refund.settle(for_twin(scenario, TOLD))
    )


def test_at_most_is_not_below_at_least_where_a_length_changes() -> None:
    """4 hours of the night are not known: as below it is one run, as compliant two."""
    told = [("2024-12-31T12:00", "2024-12-31T22:00", "17.000")]
    told += [("2025-01-01T02:00", "2025-01-02T06:00", "17.000")]
    room = rows(*told, ("2025-01-02T06:00", "2025-01-05T00:00", "20.000"))
    scenario = facts("CN-HA-2018", {"bedroom": room}, requests=["2024-12-31T12:00"])
    result = settle_facts(scenario, SHORTER)
    assert result.total <= result.lower <= result.upper
    assert str(result.total) == "10.00"


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
