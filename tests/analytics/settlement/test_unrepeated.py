"""Failing records that pay until a new measurement are listed with their rooms and what they pay since."""

from decimal import Decimal
from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from analytics.settlement.unrepeated import pays_until_measured, unrepeated
from tests.analytics.facts import Scenario, facts
from tests.analytics.settlement.owing import HENAN, LINYI, WEIFANG, acts, at, spells

QINGDAO = "CN-SD-QINGDAO-2017"
AREAS: dict[str, Any] = {"room_area": {"bedroom": "15.00", "living": "25.00"}, "area": "100.00"}
BED, LIVING = ("11T12:00", "bedroom", "15.000"), ("12T12:00", "living", "17.000")


def scenario(policy: str, *made: tuple[str, str, str], **rooms: list[list[str]]) -> Scenario:
    own: dict[str, list[list[str]]] = {"bedroom": [], "living": []} | rooms
    areas = AREAS if policy == QINGDAO else {}
    return facts(policy, own, requests=at("10T09:00"), acts=acts(*made), **areas)


def found(policy: str, own: Scenario) -> list[tuple[tuple[str, ...], bool, str, Decimal]]:
    known = from_facts(own, policy, "CNY")
    listed = unrepeated(known.snapshot, lambda _: known.columns, load(policy))
    return [(e.rooms, e.by_room, f"{e.since:%dT%H}", e.at_stake) for e in listed]


def paid(policy: str, own: Scenario) -> Decimal:
    return settle_facts(own, load(policy)).upper


@pytest.mark.parametrize("policy", [LINYI, WEIFANG])
def test_at_stake_is_what_a_measurement_that_passes_would_end(policy: str) -> None:
    own = scenario(policy, BED)
    passed = scenario(policy, BED, ("11T12:01", "bedroom", "20.000"))
    stake = paid(policy, own) - paid(policy, passed)
    assert stake > 0
    assert found(policy, own) == [(("bedroom",), False, "11T12", stake)]


def test_a_dwelling_waits_for_all_of_its_rooms_and_rooms_settled_alone_each_for_itself() -> None:
    assert [each[:3] for each in found(LINYI, scenario(LINYI, BED, LIVING))] == [
        (("bedroom", "living"), False, "11T12")
    ]
    own = scenario(QINGDAO, BED, LIVING)
    bed, living = found(QINGDAO, own)
    assert (bed[:3], living[:3]) == ((("bedroom",), True, "11T12"), (("living",), True, "12T12"))
    both = scenario(
        QINGDAO, BED, LIVING, ("11T12:01", "bedroom", "20.000"), ("12T12:01", "living", "20.000")
    )
    assert bed[3] + living[3] == paid(QINGDAO, own) - paid(QINGDAO, both)
    warm = scenario(QINGDAO, BED, living=spells())
    assert [each[:2] for each in found(QINGDAO, warm)] == [(("bedroom",), True)]


def test_nothing_is_listed_where_it_was_measured_again_or_a_sensor_says_more() -> None:
    assert found(LINYI, scenario(LINYI, BED, ("14T12:00", "bedroom", "19.000"))) == []
    assert found(LINYI, scenario(LINYI, BED, bedroom=spells(("10T00:00", "12T00:00")))) == []
    assert found(HENAN, scenario(HENAN, BED)) == []
    assert (pays_until_measured(load(HENAN).policy), pays_until_measured(load(LINYI).policy)) == (
        False, True,
    )  # fmt: skip
