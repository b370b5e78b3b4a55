"""The registry files of a world hang together."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.quantity import Quantity, Role
from domain.tree import PlaceKind, RoomUse
from simulators.world.registry_csv import COLUMNS
from simulators.world.world import WorldReport
from tests.simulators.files import WorldFiles
from tests.simulators.world.written import ZONE, files

__all__ = ["files"]  # fixtures


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
