"""The files of a world are complete, agree with each other and tell the truth."""

import hashlib
from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np

from simulators.world.world import WorldReport, write_world
from tests.simulators.conftest import PRESENT, SMALL
from tests.simulators.files import WorldFiles
from tests.simulators.world.written import files

__all__ = ["files"]  # fixtures


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


def test_no_home_is_cold_when_the_history_ends(files: WorldFiles) -> None:
    for rooms in files.rooms.values():
        for room in rooms:
            assert files.of_room(room)[1][-4:].min() > 18.2


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
