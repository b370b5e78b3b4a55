"""The log of a lake copied."""

from pathlib import Path

import pytest
from deltalake import DeltaTable

from store.journal.journal import Journal
from store.lake import compact as lake_compact
from store.lake.lake import Lake
from store.lake.log_copy import copy_log
from store.readings.readings import Readings
from tests.store.batches import hours
from tests.store.lake.lakes import flushed


def test_a_copied_log_names_the_same_files_also_behind_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake_compact, "LOG_KEPT", 4)
    lake = Lake.open(str(tmp_path / "lake"))
    readings = Readings(Journal.open(str(tmp_path / "journal.db")), lake)
    for first in range(10):
        flushed(readings, hours(1, first=first))
    lake_compact.compact(lake)
    flushed(readings, hours(1, first=10))
    snapshot = copy_log(lake, tmp_path / "copy")
    copy = DeltaTable(str(tmp_path / "copy"))
    assert copy.version() == snapshot.version
    assert sorted(Path(each).name for each in copy.file_uris()) == sorted(
        Path(each.path).name for each in snapshot.files
    )
    assert Lake.open(str(tmp_path / "copy")).identity == lake.identity
