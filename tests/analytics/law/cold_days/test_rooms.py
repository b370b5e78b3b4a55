"""Qingdao: each covered room alone, on its share of the fee."""

from dataclasses import replace
from typing import Any

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.settle import settle, settle_facts
from domain.errors import WrongCall
from tests.analytics.cities import source
from tests.analytics.facts import Scenario, facts
from tests.analytics.printed import recomputed
from tests.analytics.settlement.owing import acts, at, owed, spells

QINGDAO = "CN-SD-QINGDAO-2017"
AREAS: dict[str, Any] = {"room_area": {"bedroom": "15.00", "living": "25.00"}, "area": "100.00"}


def two_rooms(**other: Any) -> Scenario:
    """The bedroom at 17 on the 10th and 11th, the living room at 15 on the 11th."""
    rooms = {
        "bedroom": spells(("10T00:00", "12T00:00")),
        "living": spells(("11T00:00", "12T00:00"), celsius="15.000"),
    }
    return facts(QINGDAO, rooms, requests=at("09T12:00"), **(AREAS | other))


def lines(scenario: Scenario) -> list[tuple[str, ...]]:
    keys = ("room", "from", "days", "share", "amount")
    return [tuple(line.get(key, "") for key in keys) for line in owed(scenario)["lines"]]


def test_each_room_has_its_own_line_on_its_share_of_the_fee() -> None:
    assert lines(two_rooms()) == [
        ("bedroom", "2025-01-10", "2", "1/5", "1.20"),  # 20.00 a day × 2 × 1/5 × 15 / 100
        ("living", "2025-01-11", "1", "1/2", "2.50"),
    ]


def test_a_visit_serves_the_request_for_the_room_that_was_measured() -> None:
    scenario = two_rooms(acts=acts(("10T12:00", "bedroom", "18.000")))
    assert [line[:2] for line in lines(scenario)] == [("living", "2025-01-11")]


def test_an_outage_is_the_dwellings_and_a_rooms_share_applies_to_what_it_left() -> None:
    scenario = two_rooms(outages=[at("11T00:00", "11T12:00")])
    assert lines(scenario) == [
        ("", "2025-01-11", "1/2", "1", "10.00"),
        ("bedroom", "2025-01-10", "1", "1/5", "0.60"),
        ("bedroom", "2025-01-11", "1/2", "1/5", "0.30"),
        ("living", "2025-01-11", "1/2", "1/2", "1.25"),
    ]


def test_an_outage_of_a_minute_is_paid() -> None:
    scenario = facts(
        QINGDAO, {"bedroom": [], "living": []}, outages=[at("11T00:00", "11T00:01")], **AREAS
    )
    assert lines(scenario) == [("", "2025-01-11", "1/1440", "1", "0.01")]


def test_the_sheet_names_room_and_areas_and_its_formulas_are_true() -> None:
    steps = settle_facts(two_rooms(), load(QINGDAO)).steps
    told = [each for each in steps if each["step"] == "line.temperature"]
    assert [each["numbers"]["room"] for each in told] == ["bedroom", "living"]
    for each in told:
        for language in ("en", "zh"):
            recomputed(shown(each, language))
    assert "15.00 m² ÷ 100.00 m²" in shown(told[0], "en")
    rooms = [each["numbers"]["room"] for each in steps if each["step"] == "episode"]
    assert rooms == ["bedroom", "living"]
    assert shown(told[0], "zh", {"bedroom": "卧室"}).startswith("低温（卧室）")


def test_without_areas_what_is_owed_is_undetermined_and_no_measurement_is_asked_for() -> None:
    own = from_facts(two_rooms(), QINGDAO)
    for areas in (
        {"area": (), "room_area": ()},
        {"room_area": ("15.00", "")},
        {"area": ("30.00",)},
    ):
        snapshot = replace(own.snapshot, **areas)
        result = settle(snapshot, source(own.columns), load(QINGDAO), flush=1).results[0]
        assert (result.undetermined, result.reason.code, result.lines) == (
            True,
            "areas_missing",
            (),
        )
        assert str(result.open_since) == "2025-01-10"


def test_without_areas_a_warm_dwelling_is_decided() -> None:
    warm = facts(QINGDAO, {"bedroom": spells()}, requests=at("09T12:00"))
    result = settle_facts(warm, load(QINGDAO))
    assert (result.undetermined, result.reason.code) == (False, "never_below")


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ({"area": "30.00"}, "the rooms have 40.00 m²"),
        ({"area": "0"}, "area: '0'"),
        ({"room_area": {"bedroom": "15.00"}}, "room_area.living"),
        ({"room_area": {"kitchen": "5.00"}}, "kitchen"),
    ],
)
def test_areas_that_can_not_be_are_refused_by_name(areas: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongCall, match=said):
        from_facts(two_rooms(**areas), QINGDAO)


def test_a_supplier_who_came_to_one_room_in_time_is_not_late_for_the_others() -> None:
    """Heze: the living room's days were once presumed in the lowest band."""
    cold = spells(("10T00:00", "14T00:00"))
    scenario = facts(
        "CN-SD-HEZE-2017", {"bedroom": cold, "living": cold}, requests=at("10T00:00"),
        acts=acts(("10T12:00", "bedroom", "17.000")), **AREAS,
    )  # fmt: skip
    assert [line[:4] for line in lines(scenario)] == [
        ("bedroom", "2025-01-10", "4", "3/10"),
        ("living", "2025-01-10", "4", "3/10"),
    ]
    late = scenario | {"acts": acts(("11T00:01", "bedroom", "17.000"))}
    assert {line[3] for line in lines(late | {"acts": []})} == {"3/10", "1"}
    assert [line[0] for line in lines(late)] == ["bedroom", "living"]
