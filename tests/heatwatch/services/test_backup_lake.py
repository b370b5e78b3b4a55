"""Files of a lake in a backup."""

from pathlib import Path

import pytest

from heatwatch.services.backup_lake import copy_lake
from store.lake.damaged import DamagedFile
from store.lake.lake import Lake
from tests.heatwatch.services.test_backing_up import silent
from tests.store.batches import NOW, hours, table


def lake_of(folder: Path) -> Lake:
    lake = Lake.open(str(folder))
    with lake.lock("flush"):
        lake.append([table(hours(10))], 1, NOW)
    return lake


def test_a_file_that_a_try_left_is_taken_only_where_its_bytes_are_right(tmp_path: Path) -> None:
    lake, target = lake_of(tmp_path / "from"), tmp_path / "backups/new/lake"
    target.mkdir(parents=True)
    (file,) = lake.snapshot().files
    first = copy_lake(lake, lake.snapshot(), target, tmp_path / "backups", silent)
    again = copy_lake(lake, lake.snapshot(), target, tmp_path / "backups", silent)
    assert (first.shared, again.shared, again.files) == (0, file.size, first.files)
    (target / file.path).write_bytes(bytes(file.size))
    assert copy_lake(lake, lake.snapshot(), target, tmp_path / "backups", silent) == first


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_file_of_the_lake_that_is_gone_or_changed_is_named(tmp_path: Path, damage: str) -> None:
    lake, target = lake_of(tmp_path / "from"), tmp_path / "backups/new/lake"
    target.mkdir(parents=True)
    (file,) = lake.snapshot().files
    if damage == "gone":
        (tmp_path / "from" / file.path).unlink()
    else:
        (tmp_path / "from" / file.path).write_bytes(bytes(file.size))
    with pytest.raises(DamagedFile, match=file.path):
        copy_lake(lake, lake.snapshot(), target, tmp_path / "backups", silent)
