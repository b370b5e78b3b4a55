"""A lake that is cut, older, or none at all."""

import shutil
from pathlib import Path

import pytest
from deltalake import DeltaTable

from domain.errors import WrongCall
from store.journal.journal import Flush, Journal
from store.lake import compact as lake_compact
from store.lake.lake import Lake
from store.readings.readings import Readings
from tests.store.batches import NOW, counted_elsewhere, hours, keep, table
from tests.store.lake.lakes import flushed


def test_a_commit_that_a_power_cut_left_half_written_is_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "lake"
    readings = Readings(Journal.open(str(tmp_path / "j.db")), Lake.open(str(folder)))
    flushed(readings, hours(5))
    log = folder / "_delta_log"
    whole = max(log.glob("*.json")).read_bytes()
    (log / f"{2:020d}.json").write_bytes(whole[: len(whole) // 2])
    (log / f"{3:020d}.json").write_bytes(b"")
    again = Readings(Journal.open(str(tmp_path / "j.db")), Lake.open(str(folder)))
    keep(again.journal, hours(5, first=5))
    assert again.flush(NOW) == Flush(2, 2, NOW)
    assert counted_elsewhere(again.lake.file_uris()) == (10, 10)
    aside = sorted(file.name.split("-")[1] for file in (folder / "_set_aside").iterdir())
    assert aside == [f"{number:020d}.json" for number in (2, 3)]
    lake_compact.compact(again.lake)
    assert len(list((folder / "_set_aside").iterdir())) == 2


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_lake_that_lost_its_log_is_refused_and_not_begun_anew(
    tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "lake"
    flushed(Readings(Journal.open(str(tmp_path / "j.db")), Lake.open(str(folder))), hours(5))
    for commit in (folder / "_delta_log").glob("*.json"):
        commit.write_bytes(commit.read_bytes()[:50]) if damage == "cut" else commit.unlink()
    for _ in range(2):
        with pytest.raises(WrongCall, match=r"files of readings.*_delta_log.* is gone or damaged"):
            Lake.open(str(folder))


def test_a_lake_older_than_its_journal_is_refused(tmp_path: Path) -> None:
    """Also where only imports were flushed: then no batch tells it."""
    journal, folder = Journal.open(str(tmp_path / "j.db")), tmp_path / "lake"
    readings = Readings(journal, Lake.open(str(folder)))
    readings.import_table(table(hours(5)), NOW)
    shutil.copytree(folder, tmp_path / "older")
    readings.import_table(table(hours(5, first=5)), NOW)
    with pytest.raises(WrongCall, match=r"ends at flush 1, but the journal saw flush 2"):
        Readings(journal, Lake.open(str(tmp_path / "older")))
    assert Readings(journal, Lake.open(str(folder))).lake.last_flush().number == 2


def test_a_half_written_checkpoint_is_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "lake"
    lake = Lake.open(str(folder))
    lake.append([table(hours(5))], 1, NOW)
    DeltaTable(str(folder)).create_checkpoint()
    checkpoint = next((folder / "_delta_log").glob("*.checkpoint.parquet"))
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    assert Lake.open(str(folder)).snapshot().rows == 5
    assert not checkpoint.exists()


def test_an_address_that_is_no_lake_is_a_wrong_call() -> None:
    with pytest.raises(WrongCall, match="a folder or s3://"):
        Lake.open("ftp://host/lake")
