"""A file of the lake that was changed, cut or removed is named, with how to fix it."""

import contextlib
import json
import random
from pathlib import Path

import numpy as np
import pytest

from store.journal.journal import Journal
from store.lake.damaged import DamagedFile, fault
from store.lake.lake import Lake
from store.readings.readings import Readings
from tests.store.batches import YEAR, hours
from tests.store.lake.lakes import flushed


@pytest.fixture
def readings(tmp_path: Path) -> Readings:
    return Readings(Journal.open(str(tmp_path / "j.db")), Lake.open(str(tmp_path / "lake")))


def one_file(readings: Readings) -> tuple[Lake, Path]:
    flushed(readings, hours(700, 1))
    lake = readings.lake
    (file,) = lake.snapshot().files
    assert fault(lake.place, file) is None
    assert lake.place.folder is not None
    return lake, lake.place.folder / file.path


@pytest.mark.parametrize("seed", range(12))
def test_any_flipped_byte_is_found_and_no_reading_of_it_is_another_one(
    readings: Readings, seed: int
) -> None:
    lake, path = one_file(readings)
    ids = np.array([1], dtype=np.int32)
    before = readings.columns(ids, YEAR)
    data = bytearray(path.read_bytes())
    at = random.Random(seed).randrange(4, len(data))
    data[at] ^= 0x10
    path.write_bytes(data)
    (file,) = lake.snapshot().files
    assert "is damaged or gone" in str(fault(lake.place, file))
    with contextlib.suppress(DamagedFile):
        after = readings.columns(ids, YEAR)  # what no reading hangs on may be flipped
        assert after.value.tolist() in (before.value.tolist(), [])


@pytest.mark.parametrize("left", [0, 3, 200, -1])
def test_a_cut_file_is_found(readings: Readings, left: int) -> None:
    lake, path = one_file(readings)
    path.write_bytes(path.read_bytes()[:left])
    (file,) = lake.snapshot().files
    assert "bytes" in str(fault(lake.place, file))
    with pytest.raises(DamagedFile, match="is damaged or gone"):
        list(lake.scan())


def test_a_file_that_is_gone_is_found(readings: Readings) -> None:
    lake, path = one_file(readings)
    path.unlink()
    (file,) = lake.snapshot().files
    assert "is damaged or gone" in str(fault(lake.place, file))
    with pytest.raises(DamagedFile, match=r"month=2026-01-01/.* of store.lake"):
        list(lake.scan())


def test_another_file_in_its_place_is_found(readings: Readings) -> None:
    lake, path = one_file(readings)
    flushed(readings, hours(700, 2))
    one, other = lake.snapshot().files
    assert lake.place.folder is not None
    paths = [lake.place.folder / each.path for each in (one, other)]
    paths[0].write_bytes(paths[1].read_bytes())
    assert path.exists()
    assert fault(lake.place, one) is not None
    assert fault(lake.place, other) is None


def test_a_whole_file_of_another_size_in_its_place_is_not_read(readings: Readings) -> None:
    lake, path = one_file(readings)
    flushed(readings, hours(5, 2))
    (other,) = (each.path for each in lake.snapshot().files if each.rows == 5)
    assert lake.place.folder is not None
    path.write_bytes((lake.place.folder / other).read_bytes())
    with pytest.raises(DamagedFile, match=r"month=2026-01-01/.* bytes, \d+ were written"):
        list(lake.scan())


@pytest.mark.parametrize(
    ("part", "column", "value"),
    [
        ("numRecords", "", 699),
        ("minValues", "series", 0),
        ("maxValues", "series", 9),
        ("minValues", "at", "2026-01-02T00:00:00.000000Z"),
        ("maxValues", "at", "2026-01-03T00:00:00.000000Z"),
        ("maxValues", "flush", 77),
    ],
)
def test_statistics_that_were_changed_in_the_log_are_found_and_the_log_is_named(
    readings: Readings, part: str, column: str, value: int | str
) -> None:
    lake, path = one_file(readings)
    log = next(
        each
        for each in path.parents[1].glob("_delta_log/*.json")
        if path.name in each.read_text("utf-8")
    )
    actions = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    for action in actions:
        if "add" in action:
            stats = json.loads(action["add"]["stats"])
            stats[part] = {**stats[part], column: value} if column else value
            action["add"]["stats"] = json.dumps(stats)
    log.write_text("".join(f"{json.dumps(each)}\n" for each in actions), encoding="utf-8")
    lake = Lake.open(lake.place.uri)
    (file,) = lake.snapshot().files
    said = str(fault(lake.place, file))
    assert said.startswith(f"_delta_log/{log.name} of store.lake")
    assert f"{part}.{column}".rstrip(".") in said
    assert "put _delta_log back from a copy" in said
