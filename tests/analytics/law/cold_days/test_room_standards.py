"""Rooms with a standard of their own: a kitchen in Qingdao, a corner room in Russia."""

import tomllib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.facts.facts_file import from_facts
from analytics.heat.ragged import Ragged
from analytics.law.applied import applied
from analytics.law.cold_days.room_standards import covered, more_than_general
from analytics.law.policy import load, parse
from analytics.law.steps import shown
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from tests.analytics.facts import Scenario, facts
from tests.analytics.settlement.owing import at, spells

QINGDAO, HENAN, RUSSIA = "CN-SD-QINGDAO-2017", "CN-HA-2018", "RU-354"
COLD = ("10T00:00", "12T00:00")


def kitchen(celsius: str, **other: Any) -> Scenario:
    """A warm bedroom, and a kitchen that is so warm on the 10th and 11th."""
    return facts(
        QINGDAO, {"bedroom": spells(), "kitchen": spells(COLD, celsius=celsius)},
        requests=at("09T12:00"), room_use={"kitchen": "kitchen"},
        room_area={"bedroom": "15.00", "kitchen": "10.00"}, area="100.00", **other,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("celsius", "total"), [("9.999", "4.00"), ("10.000", "0.00"), ("10.001", "0.00")]
)
def test_a_kitchen_is_judged_by_its_own_standard(celsius: str, total: str) -> None:
    assert str(settle_facts(kitchen(celsius), load(QINGDAO)).total) == total


def test_the_sheet_prints_the_rooms_own_line_of_the_law_with_its_clause() -> None:
    law = load(QINGDAO)
    steps = [*settle_facts(kitchen("9.000"), law).steps]
    (told,) = [each for each in steps if each["step"] == "room_standard"]
    assert told["clause"] == "art. 31"
    assert shown(told, "en") == "kitchen: standard of a room of this kind (kitchen): 10 °C"
    assert shown(told, "zh", {"kitchen": "厨房"}) == "厨房：此类房间（厨房）的标准：10℃"
    names = [each.name for each in applied(steps, law.policy.interpretations)]
    assert "own-standard-of-room" in names


def test_in_russia_each_corner_room_has_its_line() -> None:
    rooms = {"bedroom": spells(), "living": spells()}
    own = facts(
        HENAN, rooms, requests=at("09T12:00"), corner_rooms=["living"], zone="Europe/Moscow"
    )
    found = settle_facts(own | {"policy": RUSSIA}, load(RUSSIA))
    told = [each for each in found.steps if each["step"] == "room_standard"]
    assert [shown(each, "en") for each in told] == [
        "living: standard of a room of this kind (corner room): 20 °C"
    ]
    assert [each["clause"] for each in told] == ["item 15"]


def test_rooms_of_a_use_that_the_law_does_not_cover_are_left_out() -> None:
    own = from_facts(kitchen("5.000"), QINGDAO).snapshot
    assert covered(own, load(QINGDAO).policy) is own
    henan = covered(own, load(HENAN).policy)
    assert (henan.room_code, henan.room_kind, henan.room_area) == (("bedroom",), ("",), ("15.00",))
    assert henan.rooms.count().tolist() == henan.series.count().tolist() == [1]
    bathroom = replace(own, room_kind=("", "bathroom"))
    assert covered(bathroom, load(QINGDAO).policy).room_code == ("bedroom",)


def test_a_kitchen_that_nothing_measures_says_nothing() -> None:
    own = from_facts(kitchen("5.000"), QINGDAO).snapshot
    none = Ragged(np.array([0, 1, 1]), tuple(each[:1] for each in own.series.columns))
    silent = replace(own, series=none)
    assert covered(silent, load(QINGDAO).policy).room_code == ("bedroom",)
    of_bedroom = replace(silent, room_kind=("", "bedroom"))
    assert covered(of_bedroom, load(QINGDAO).policy).room_code == ("bedroom", "kitchen")


def test_a_corner_room_is_owed_two_degrees_more_and_an_unknown_one_the_general_standard() -> None:
    rooms = {"a": spells(), "b": spells(), "c": spells()}
    own = from_facts(
        facts(HENAN, rooms, corner_rooms=["b"], zone="Europe/Moscow"), RUSSIA, "RUB"
    ).snapshot
    assert more_than_general(own, load(RUSSIA).policy).tolist() == [0, 2000, 0]
    assert more_than_general(own, load(HENAN).policy).tolist() == [0, 0, 0]
    plain = replace(own, room_kind=())
    assert more_than_general(plain, load(RUSSIA).policy).tolist() == [0, 0, 0]


KITCHEN = '[[standard.own]]\nkind = "kitchen"\n'
FAULTS = [
    (QINGDAO, 'kind = "kitchen"', 'kind = "cellar"', "standard.own.0.kind.*cellar.*kitchen"),
    (QINGDAO, 'temp = "10"', 'temp = "18.001"', "the bands end at 18 °C and leave a gap"),
    (QINGDAO, 'temp = "10"', 'temp = "0"', "standard.own: kitchen: 0; allowed: above 0"),
    (QINGDAO, KITCHEN, KITCHEN + 'temp = "9"\nclause = "x"\n\n' + KITCHEN, "own.*kitchen.*twice"),
    (QINGDAO, '"own-standard-of-room"', '"exact-thousandths"', "needs the interpretation"),
    (HENAN, "[sla]", f'{KITCHEN}temp = "10"\nclause = "x"\n[sla]', "settled as one has one"),
    ("CN-NM-ORDOS", "[test_count]", f'{KITCHEN}temp = "9"\nclause = "x"\n[test_count]', "general"),
]


@pytest.mark.parametrize(("policy", "before", "after", "why"), FAULTS)
def test_a_policy_whose_own_standards_do_not_fit_is_refused(
    policy: str, before: str, after: str, why: str
) -> None:
    raw = load(policy).raw.decode()
    assert before in raw
    changed = raw.replace(before, after, 1)
    tomllib.loads(changed)
    with pytest.raises(WrongCall, match=why):
        parse(changed.encode(), "own.toml")
