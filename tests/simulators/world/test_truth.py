"""The truth of a world: how its homes end, and which faults it has."""

from collections import Counter

import pytest

from simulators.law import refund as naive_refund
from tests.simulators.files import WorldFiles
from tests.simulators.world.written import files, scenario

__all__ = ["files"]  # fixtures


PAID_FOR = ("half_fee", "free", "gate_missed", "undetermined", "outage_and_cold", "user_fault")


@pytest.mark.parametrize("ending", PAID_FOR)
def test_at_least_twenty_households_end_so(files: WorldFiles, ending: str) -> None:
    assert len(files.ending(ending)) >= 20
    assert files.truth["endings"][ending] == len(files.ending(ending))


def test_the_great_majority_is_warm(files: WorldFiles) -> None:
    warm = [
        home for name in ("warm", "warm_request", "warm_consent") for home in files.ending(name)
    ]
    assert len(warm) > 1500
    for home in warm:
        for room in files.rooms[home]:
            assert files.of_room(room)[1].min() > 18.2


TWINNED = (
    "half_fee",
    "consent_half_fee",
    "free",
    "gate_missed",
    "undetermined",
    "outage_and_cold",
    "outage_only",
    "cold_no_request",
)


@pytest.mark.parametrize("ending", TWINNED)
def test_the_refund_in_the_truth_is_what_the_slow_twin_of_the_settlement_pays(
    files: WorldFiles, ending: str
) -> None:
    for home, told in list(files.ending(ending).items())[:2]:
        answer = naive_refund.settle(scenario(files, home, told))
        assert answer["total"] == told["refund"], home
        assert answer["undetermined"] == told["undetermined"], home


def test_every_kind_of_live_fault_is_there_and_some_end_while_one_watches(
    files: WorldFiles,
) -> None:
    live = [fault for fault in files.truth["faults"] if fault["live"]]
    kinds = {fault["kind"] for fault in live}
    assert kinds == {"make_up_leak", "station_outage", "cold_flat", "silent_sensor", "wrong_clock"}
    for kind in kinds:
        ends = [fault["until"] for fault in live if fault["kind"] == kind]
        assert any(end and end < files.truth["live_until"] for end in ends), kind
        assert all(fault["since"] > files.truth["present"] for fault in live)


def test_every_live_fault_names_its_alert_and_a_place_of_the_registry(files: WorldFiles) -> None:
    codes = {row["code"] for row in files.rows("places")}
    live = [fault for fault in files.truth["faults"] if fault["live"]]
    alerts = Counter(fault["alert"] for fault in live)
    assert {each["place"] for each in live + files.truth["low_rooms"]} <= codes
    assert alerts["station_outage"] == 1
    assert alerts["make_up_leak"] == 2
    assert alerts["silent_sensor"] == 17
    assert alerts["low_room_temperature"] == 12
    assert alerts[None] == 1
