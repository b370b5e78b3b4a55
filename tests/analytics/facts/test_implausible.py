"""Samples of a file that stored readings would have as unknown."""

from dataclasses import replace

import pytest

from analytics.facts.checked import checked
from analytics.facts.facts_file import from_facts
from analytics.facts.implausible import CHECKS, as_stored, implausible
from domain.quality import Quality
from domain.time import to_us
from tests.analytics.facts import facts, rows
from tests.reports.letters.cases import HENAN, at

LUOYANG = "CN-HA-LY-2018"

STILL = rows(
    ("2025-01-10T00:00", "2025-01-12T00:15", "18.600"),
    ("2025-01-12T00:15", "2025-01-16T00:00", "17.300"),
)


def test_a_value_that_stands_for_more_than_48_hours_is_named_with_its_room_and_times() -> None:
    own = from_facts(facts(HENAN, {"a": [], "b": STILL}), HENAN)
    assert [*implausible(own)] == [
        (
            "b", Quality.UNCHANGED, to_us(at("2025-01-12T00:15")), to_us(at("2025-01-15T23:45")),
            17_300,
        )
    ]  # fmt: skip
    assert not own.columns.mark.any()
    assert as_stored(own).columns.mark.any()


def test_a_value_that_moves_by_a_thousandth_is_as_good_stored() -> None:
    moved = [[when, value[:-1] + str(i % 2)] for i, (when, value) in enumerate(STILL)]
    own = from_facts(facts(HENAN, {"b": moved}, outdoor=moved), HENAN)
    assert [*implausible(own)] == []


def test_the_outdoor_station_is_judged_too() -> None:
    own = from_facts(facts(HENAN, {"b": []}, outdoor=STILL), HENAN)
    assert [each.room for each in implausible(own)] == [""]


@pytest.mark.parametrize("first", [20, 1_234])
def test_the_register_of_a_heat_meter_is_no_temperature(first: int) -> None:
    hours = [when for when, _ in STILL[::4]]
    meter = [[when, f"{first + i // 60 * 5}.0"] for i, when in enumerate(hours)]
    metered = facts(
        LUOYANG, {"b": STILL}, outdoor=STILL, interval_min=60, meter=meter,
        contract={"heat_price": "0.2", "basic_fee": "600.00"},
    )  # fmt: skip
    own = from_facts(metered, LUOYANG)
    assert own.snapshot.meters is not None
    assert [(each.room, each.mark) for each in implausible(own)] == [
        ("b", Quality.UNCHANGED), ("", Quality.UNCHANGED),
    ]  # fmt: skip
    register = own.columns.series[-1:]
    alone = checked(replace(own.snapshot, checks=CHECKS), lambda _: own.columns)
    assert not alone(register).of(int(register[0]))[2].any()
