"""Households without any telemetry: what acts of several rooms say of the dwelling (7.20)."""

import pytest

from analytics.law.policy import load
from analytics.settlement.settle import settle_facts
from tests import naive_refund
from tests.analytics.cities import answer_of
from tests.analytics.facts import comparable, facts

LINYI = "CN-SD-LINYI-2017"
WARM_AGAIN = [["2025-01-14T12:00", room, "18.000"] for room in ("bedroom", "living")]


def total(acts: list[list[str]]) -> str:
    """What Linyi owes for a request of the 10th, 20.00 a day; the naive twin agrees."""
    rooms: dict[str, list[list[str]]] = {"bedroom": [], "living": []}
    scenario = facts(LINYI, rooms, requests=["2025-01-10T09:00"], acts=[*acts, *WARM_AGAIN])
    answer = answer_of(settle_facts(scenario, load(LINYI)))
    assert comparable(answer) == comparable(naive_refund.settle(scenario))
    return str(answer["total"])


@pytest.mark.parametrize("minutes", ["00", "05"], ids=["at-once", "five-minutes-later"])
@pytest.mark.parametrize(
    ("cold", "warm"),
    [("bedroom", "living"), ("living", "bedroom")],
    ids=["bedroom-cold", "living-room-cold"],
)
def test_a_warm_room_neither_ends_the_cold_of_the_other_nor_governs_its_days(
    cold: str, warm: str, minutes: str
) -> None:
    """A compliant act is recovery only if no other covered room is known below."""
    acts = [["2025-01-10T12:00", cold, "15.000"], [f"2025-01-10T12:{minutes}", warm, "18.500"]]
    assert total(acts) == "40.00", "the 10th to the 13th at a half, whatever the rooms are called"


def test_an_act_of_a_later_day_governs_what_follows_it() -> None:
    acts = [["2025-01-10T12:00", "bedroom", "15.000"], ["2025-01-12T12:00", "living", "13.900"]]
    assert total(acts) == "80.00", "two failed, so the lowest counts for each day (art. 32)"
    assert total(acts[:1]) == "40.00"
