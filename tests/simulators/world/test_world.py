"""The files of a world are complete, agree with each other and tell the truth."""

import hashlib
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from domain.quantity import Quantity, Role
from domain.tree import PlaceKind, RoomUse
from simulators.world.registry_csv import COLUMNS
from simulators.world.world import WorldReport, write_world
from tests import naive_refund
from tests.simulators.conftest import PRESENT, SMALL
from tests.simulators.files import WorldFiles

ZONE = ZoneInfo("Asia/Shanghai")
PAID_FOR = ("half_fee", "free", "gate_missed", "undetermined", "outage_and_cold", "user_fault")


@pytest.fixture(scope="module")
def files(demo: WorldReport) -> WorldFiles:
    return WorldFiles(demo.folder)


def digest(report: WorldReport) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(report.folder.iterdir())
    }


def test_the_same_arguments_write_the_same_bytes(small: WorldReport, tmp_path: Any) -> None:
    assert digest(write_world(tmp_path / "again", PRESENT, 5, SMALL)) == digest(small)


def test_another_seed_writes_another_world(small: WorldReport, tmp_path: Any) -> None:
    other = digest(write_world(tmp_path / "other", PRESENT, 6, SMALL))
    assert other["history.parquet"] != digest(small)["history.parquet"]


def test_the_demo_is_as_big_as_promised(demo: WorldReport, files: WorldFiles) -> None:
    kinds = Counter(row["kind"] for row in files.rows("places"))
    assert (kinds["source"], kinds["station"], kinds["building"]) == (2, 12, 60)
    assert kinds["household"] == 2000
    assert 5_000_000 < demo.readings < 6_000_000
    assert demo.readings == files.truth["history_readings"]


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_each_registry_file_has_its_columns_and_rows(files: WorldFiles, name: str) -> None:
    header = (files.folder / f"{name}.csv").read_text("utf-8").splitlines()[0]
    assert header == COLUMNS[name]
    assert files.rows(name)


def test_every_code_is_unique_and_every_reference_leads_somewhere(files: WorldFiles) -> None:
    kind = {row["code"]: PlaceKind.of(row["kind"]) for row in files.rows("places")}
    assert len(kind) == len(files.rows("places"))
    for row in files.rows("places"):
        assert not row["parent"] or kind[row["parent"]].level < kind[row["code"]].level
        assert row["name"]
        assert row["name_en"]
        assert row["kind"] != "room" or RoomUse(row["room_use"])
    devices = {row["code"] for row in files.rows("devices")}
    for row in files.rows("series"):
        assert row["device"] in devices
        assert row["place"] in kind
        assert isinstance(Role.of(row["role"]).quantity, Quantity)
    for name, column in (
        ("contracts", "household"),
        ("requests", "household"),
        ("measurements", "room"),
    ):
        for row in files.rows(name):
            assert kind[row[column]].value == column


def test_every_household_has_a_contract_a_fee_and_a_room_with_a_sensor(files: WorldFiles) -> None:
    area = {row["code"]: Decimal(row["area_m2"]) for row in files.rows("places") if row["area_m2"]}
    price = Decimal(files.rows("tariffs")[0]["price"])
    contracts = {row["household"]: row for row in files.rows("contracts")}
    assert contracts.keys() == area.keys() == files.rooms.keys()
    for home, row in contracts.items():
        assert Decimal(row["season_fee"]) == (area[home] * price).quantize(Decimal("0.01"))
        assert all(room in files.sensor_of for room in files.rooms[home])


def test_every_device_of_the_history_is_registered_and_the_history_lies_in_the_season(
    demo: WorldReport, files: WorldFiles
) -> None:
    season = files.rows("seasons")[0]
    since, until = (datetime.fromisoformat(season[name]) for name in ("since", "until"))
    assert since.astimezone(ZONE).time().isoformat() == "00:00:00"
    assert (until - since).days == 121
    first = min(at_s[0] for at_s, _ in files.samples.values())
    last = max(at_s[-1] for at_s, _ in files.samples.values())
    assert first >= (since + timedelta(days=5)).timestamp()
    assert last < demo.present.timestamp() < (until - timedelta(days=5)).timestamp()
    assert files.samples.keys() == set(files.sensor_of.values())


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


def below(files: WorldFiles, home: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Times and whether below 18 °C, of a household with one room."""
    (room,) = files.rooms[home]
    at_s, value = files.of_room(room)
    return at_s, value < 18.0


def test_a_missed_gate_is_a_quarter_of_an_hour_short_of_two_days(files: WorldFiles) -> None:
    for home in files.ending("gate_missed"):
        at_s, cold = below(files, home)
        request_s = int(files.requests[home].timestamp())
        after = at_s >= request_s
        assert at_s[after][0] == request_s
        assert cold[after][0]
        recovery = at_s[after][np.argmin(cold[after])]
        assert recovery - request_s == 47 * 3600 + 45 * 60
        assert not cold[at_s >= recovery].any()
        inside = at_s[(at_s >= request_s) & (at_s <= recovery)]
        assert np.all(np.diff(inside) == 900)


def test_a_gap_leaves_three_hours_unknown_between_two_cold_samples(files: WorldFiles) -> None:
    for home in files.ending("undetermined"):
        at_s, cold = below(files, home)
        told = files.truth["households"][home]
        request_s = files.requests[home].timestamp()
        recovery_s = datetime.fromisoformat(told["recovery"]).timestamp()
        assert 48 <= (recovery_s - request_s) / 3600 <= 52
        inside = (at_s >= request_s) & (at_s < recovery_s)
        assert cold[inside].all()
        steps = np.diff(at_s[inside])
        assert sorted(set(steps.tolist())) == [900, 1800 + 3 * 3600]
        assert at_s[inside][np.argmax(steps)] - request_s < 48 * 3600


@pytest.mark.parametrize(("ending", "low", "high"), [("half_fee", 14.0, 18.0), ("free", 8.0, 14.0)])
def test_cold_homes_lie_in_their_band(
    files: WorldFiles, ending: str, low: float, high: float
) -> None:
    for home, told in files.ending(ending).items():
        request_s = files.requests[home].timestamp()
        recovery_s = datetime.fromisoformat(told["recovery"]).timestamp()
        assert recovery_s - request_s >= 48 * 3600
        for room in files.rooms[home]:
            at_s, value = files.of_room(room)
            coldest = value[(at_s >= request_s) & (at_s < recovery_s - 4 * 3600)]
            assert low <= coldest.min()
            assert coldest.min() < high


def test_no_home_is_cold_when_the_history_ends(files: WorldFiles) -> None:
    for rooms in files.rooms.values():
        for room in rooms:
            assert files.of_room(room)[1][-4:].min() > 18.2


def test_the_outage_is_in_the_registry_and_its_homes_asked_while_it_lasted(
    files: WorldFiles,
) -> None:
    (record,) = files.rows("outages")
    since, until = (datetime.fromisoformat(record[name]) for name in ("since", "until"))
    assert until - since == timedelta(hours=30)
    for home in files.ending("outage_and_cold"):
        assert home.startswith(record["place"])
        assert since < files.requests[home] < until
    for home in files.ending("outage_only"):
        assert home not in files.requests


def test_a_fault_of_the_user_is_recorded_from_before_the_cold(files: WorldFiles) -> None:
    recorded = {row["household"]: row for row in files.rows("user_faults")}
    assert recorded.keys() == files.ending("user_fault").keys()
    for home, row in recorded.items():
        told = files.truth["households"][home]
        assert datetime.fromisoformat(row["since"]) < datetime.fromisoformat(told["below_since"])
        assert "35" in row["clause"]


def scenario(files: WorldFiles, home: str, told: dict[str, Any]) -> dict[str, Any]:
    """A household in the form of the reference seasons, cut to the days around its run."""
    season = files.rows("seasons")[0]
    centre = told.get("below_since") or files.rows("outages")[0]["since"]
    centre_s = datetime.fromisoformat(centre).timestamp()
    rooms = {}
    for room in files.rooms[home]:
        at_s, value = files.of_room(room)
        near = np.abs(at_s - centre_s) < 7 * 86_400
        rooms[room] = [
            [local(datetime.fromtimestamp(int(at), ZONE)), f"{celsius:.3f}"]
            for at, celsius in zip(at_s[near], value[near], strict=True)
        ]
    asked = [files.requests[home]] if home in files.requests else []
    if told["ending"] == "consent_half_fee":
        asked = [datetime.fromisoformat(told["below_since"])]
    return {
        "id": 1,
        "policy": season["policy"],
        "season": [local(datetime.fromisoformat(season[name])) for name in ("since", "until")],
        "season_fee": next(
            row["season_fee"] for row in files.rows("contracts") if row["household"] == home
        ),
        "interval_min": 15,
        "rooms": rooms,
        "requests": [local(at) for at in asked],
        "acts": [
            [local(datetime.fromisoformat(row["at"])), row["room"], row["celsius"]]
            for row in files.rows("measurements")
            if row["room"] in rooms
        ],
        "outages": [
            [local(datetime.fromisoformat(row[name])) for name in ("since", "until")]
            for row in files.rows("outages")
            if home.startswith(row["place"])
        ],
        "outdoor_excused_days": [],
    }


def local(at: datetime) -> str:
    return at.astimezone(ZONE).replace(tzinfo=None).isoformat()


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


def test_a_household_with_a_fault_of_its_own_would_be_paid_without_it(files: WorldFiles) -> None:
    home, told = next(iter(files.ending("user_fault").items()))
    assert told["refund"] == "0.00"
    assert Decimal(naive_refund.settle(scenario(files, home, told))["total"]) > 0


def test_signed_acts_lie_in_the_cold_they_witness(files: WorldFiles) -> None:
    for row in files.rows("measurements"):
        told = files.truth["households"][row["room"].rsplit("-", 1)[0]]
        assert told["below_since"] < row["at"] < told["recovery"]
        assert Decimal(14) <= Decimal(row["celsius"]) < Decimal(18)


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


def test_each_cold_flat_shows_in_its_rooms_for_long_enough_to_be_sure(files: WorldFiles) -> None:
    flats = {
        fault["place"]
        for fault in files.truth["faults"]
        if fault["live"] and fault["kind"] == "cold_flat"
    }
    sure = {room["household"] for room in files.truth["low_rooms"] if room["sure"]}
    assert sure == flats


def test_homes_fall_below_the_standard_because_their_station_stands(files: WorldFiles) -> None:
    children = [room for room in files.truth["low_rooms"] if room["cause"] == "station_outage"]
    (stop,) = [
        fault
        for fault in files.truth["faults"]
        if fault["live"] and fault["kind"] == "station_outage"
    ]
    assert len(children) >= 10
    for child in children:
        assert child["place"].startswith(stop["place"])
        assert child["since"] >= stop["since"]


def test_values_name_one_decimal_each(files: WorldFiles) -> None:
    for at_s, value in list(files.samples.values())[:50]:
        assert np.array_equal(np.rint(value * 1000) / 1000, value)
        assert all(a < b for a, b in pairwise(at_s.tolist()))
