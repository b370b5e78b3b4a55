"""The sheet says which failing record holds until a new measurement, and of which room no sensor says anything."""

from typing import Any

import pytest

from analytics.law.applied import applied
from analytics.law.policy import load
from analytics.law.steps import Step, shown
from analytics.settlement.settle import settle_facts
from tests.analytics.facts import facts
from tests.analytics.settlement.owing import HENAN, LINYI, WEIFANG, acts, at, spells

QINGDAO = "CN-SD-QINGDAO-2017"
AREAS: dict[str, Any] = {"room_area": {"bedroom": "15.00", "living": "25.00"}, "area": "100.00"}
FAILED = ("11T12:00", "bedroom", "15.000")
RULE = "records-alone-until-one-passes"


def steps(policy: str, *made: tuple[str, str, str], **rooms: list[list[str]]) -> list[Step]:
    """Asked for on the 10th; rooms without a sensor where none is given."""
    own: dict[str, list[list[str]]] = {"bedroom": [], "living": []} | rooms
    areas = AREAS if policy == QINGDAO else {}
    found = settle_facts(
        facts(policy, own, requests=at("10T09:00"), acts=acts(*made), **areas), load(policy)
    )
    if any(each["step"] == "records_alone" for each in found.steps):
        assert RULE in {e.name for e in applied(found.steps, load(policy).policy.interpretations)}
    return [*found.steps]


def told(found: list[Step], code: str, language: str = "en") -> list[str]:
    return [shown(each, language) for each in found if each["step"] == code]


@pytest.mark.parametrize("policy", [LINYI, WEIFANG])
def test_a_failing_record_that_nobody_repeated_is_said_to_hold(policy: str) -> None:
    found = steps(policy, ("11T12:00", "living", "19.000"), FAILED)
    (sentence,) = told(found, "record_holds")
    assert sentence.startswith("bedroom: the measurement record of ")
    assert "15.000 °C, failed and no sensor reading is usable" in sentence
    assert "until a new measurement is recorded, or the season's end" in sentence
    (chinese,) = told(found, "record_holds", "zh")
    assert "重新测温" in chinese
    assert "15.000" in chinese
    assert told(found, "records_alone") == []  # the dwelling is one: interpretations say so


def test_a_record_that_was_repeated_holds_no_more() -> None:
    passed = ("14T12:00", "bedroom", "18.500")
    assert told(steps(LINYI, FAILED, passed), "record_holds") == []
    assert (
        told(steps(HENAN, FAILED), "record_holds") == []
    )  # there a record tells of thirty minutes
    bedroom = spells(("10T00:00", "12T00:00"))
    assert told(steps(LINYI, FAILED, bedroom=bedroom), "record_holds") == []  # a sensor says more


def test_where_rooms_are_settled_alone_each_is_asked_for_itself() -> None:
    """The living room has a sensor and is warm: it says nothing of the bedroom."""
    found = steps(QINGDAO, FAILED, living=spells())
    (alone,) = told(found, "records_alone")
    assert alone.startswith("bedroom: no sensor reading of this room")
    (holds,) = told(found, "record_holds")
    assert holds.startswith("bedroom: the measurement record of ")
    (chinese,) = (
        shown(e, "zh", {"bedroom": "卧室"}) for e in found if e["step"] == "records_alone"
    )
    assert chinese.startswith("卧室")
    both = steps(QINGDAO, FAILED, bedroom=spells(("10T00:00", "12T00:00")), living=spells())
    assert told(both, "records_alone") == []
    again = steps(QINGDAO, FAILED, ("14T12:00", "bedroom", "18.500"), living=spells())
    assert (len(told(again, "records_alone")), told(again, "record_holds")) == (1, [])
