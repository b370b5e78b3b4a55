"""The lake's contract: a local folder and a real S3 server."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from deltalake import DeltaTable, Transaction

from store.journal.journal import Flush, Journal
from store.lake import compact as lake_compact
from store.lake import lake
from store.lake.lake import Lake
from store.lake.place import LakePlace
from store.readings.readings import Readings
from tests.store.batches import NOW, hours
from tests.store.lake.lakes import Place, counted, flushed, place, readings

__all__ = ["place", "readings"]  # fixtures


def test_a_flush_is_one_commit_and_tells_its_number_batch_and_time(
    readings: Readings, place: Place
) -> None:
    version = readings.lake.snapshot().version
    flush = flushed(readings, hours(3, 1), hours(3, 2), hours(2, 1, first=3))
    assert flush == Flush(1, 3, NOW)
    assert readings.lake.snapshot().version == version + 1
    assert Lake.open(*place).last_flush() == flush
    assert counted(readings) == 8


def test_a_flush_without_news_commits_nothing(readings: Readings) -> None:
    assert readings.flush(NOW) == Flush(0, 0, None)
    first = flushed(readings, hours(3))
    version = readings.lake.snapshot().version
    assert readings.flush(NOW + timedelta(hours=1)) == first
    assert readings.lake.snapshot().version == version


def test_a_batch_of_refused_messages_alone_moves_the_lake_on(readings: Readings) -> None:
    assert flushed(readings, []) == Flush(1, 1, NOW)
    assert flushed(readings, hours(1)) == Flush(2, 2, NOW)
    assert counted(readings) == 1


def test_the_log_stays_short_and_the_state_survives_it(
    readings: Readings, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake_compact, "LOG_KEPT", 5)
    for first in range(12):
        flushed(readings, hours(1, first=first))
        lake_compact.tidy(readings.lake)
    assert readings.lake.place.last_checkpoint() >= 10
    again = Lake.open(*place)
    assert again.last_flush() == Flush(12, 12, NOW)
    assert again.snapshot().rows == 12


def test_two_who_write_the_same_lake_see_each_others_commits(
    readings: Readings, place: Place, tmp_path: Path
) -> None:
    other = Readings(Journal.open(str(tmp_path / "journal.db")), Lake.open(*place))
    for number in range(1, 7):
        mine = (readings, other)[number % 2]
        assert flushed(mine, hours(1, first=number)).number == number
        assert (readings, other)[1 - number % 2].lake.last_flush().number == number
    assert readings.lake.snapshot().rows == counted(other) == 6


def test_one_who_looked_away_until_the_log_was_cut_sees_what_is_new(
    readings: Readings, place: Place
) -> None:
    flushed(readings, hours(1))
    reader = Lake.open(*place, read_only=True)
    assert reader.last_flush().number == 1
    for first in range(1, 6):
        flushed(readings, hours(1, first=first))
    table = DeltaTable(place[0], storage_options=place[1] or None)
    table.create_checkpoint()
    flushed(readings, hours(1, first=6))
    _cut(readings.lake.place, table.version())
    assert reader.last_flush().number == 7
    assert reader.snapshot().rows == 7


def _cut(place: LakePlace, version: int) -> None:
    """Deletes the commits that a checkpoint stands for."""
    for number in range(version):
        place.filesystem.delete_file(f"_delta_log/{number:020d}.json")


def test_every_commit_is_synced_by_its_writer_or_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[str] = set()
    monkeypatch.setattr("store.lake.place.sync", lambda path: synced.add(path.name))
    lakes = [Lake.open(str(tmp_path / "lake")) for _ in range(2)]
    for number in range(9):
        fallen = number % 3 == 1
        with monkeypatch.context() as patch:
            if fallen:  # between its commit and the sync
                patch.setattr(LakePlace, "sync_log", lambda *_: None)
            lakes[1 if fallen else 0].commit([], [Transaction("x", number)])
    commits = {path.name for path in (tmp_path / "lake" / "_delta_log").glob("*.json")}
    assert len(commits) == 10
    assert commits <= synced


def test_a_lake_from_before_keeps_its_log_as_long_as_a_new_one(tmp_path: Path) -> None:
    uri = str(tmp_path / "lake")
    Lake.open(uri)
    table = DeltaTable(uri)
    table.alter.set_table_properties({"delta.logRetentionDuration": "interval 1 days"})
    Lake.open(uri)
    table.update_incremental()
    assert table.metadata().configuration["delta.logRetentionDuration"] == lake.LOG_RETENTION
    version = table.version()
    Lake.open(uri)
    table.update_incremental()
    assert table.version() == version


def test_locks_of_a_lake_on_s3_are_not_those_of_another_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a folder that both may write, the second user could not open the first one's file."""
    place = LakePlace("s3://bucket/lake", {})
    ours = lake._locks_of(place)
    monkeypatch.setattr(os, "getuid", lambda: 65_534)
    assert ours.parent == lake._locks_of(place).parent
    assert ours != lake._locks_of(place)
