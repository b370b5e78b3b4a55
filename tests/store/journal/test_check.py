"""The journal is read through: a garbled or missing batch is named, also at its very end."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.journal.check import damaged
from store.journal.journal import Journal
from store.server.damaged_database import DamagedDatabase
from tests.store.batches import hours, keep

CHANGES = {
    "UPDATE journal_batch SET data = substr(data, 1, 200) WHERE number = 3": "batch 3 of store",
    "UPDATE journal_batch SET data = x'00' WHERE number = 1": "batch 1 of store.journal",
    "DELETE FROM journal_batch WHERE number = 2": "batch 2 of store.journal",
    "DELETE FROM journal_batch WHERE number = 3": "is gone, though 3 were given",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(str(path))
    for _ in range(3):
        keep(journal, hours(50))
    assert damaged(journal) is None
    return path


@pytest.mark.parametrize("change", CHANGES)
def test_a_batch_that_is_damaged_or_gone_is_named(place: Path, change: str) -> None:
    engine = sa.create_engine(f"sqlite:///{place}")
    with engine.begin() as link:
        link.execute(sa.text(change))
    engine.dispose()
    found = damaged(Journal.open(str(place)))
    assert CHANGES[change] in str(found)
    assert "back from a copy" in str(found)
    assert str(place) in str(found)


LAST = 4096


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-LAST])


def garbled(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-LAST] + random.Random(7).randbytes(LAST))


def one_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-LAST // 2] ^= 1
    path.write_bytes(data)


def copied(folder: Path, end: str) -> Path:
    """A copy of a journal with three batches: closed, or with the log of SQLite (`-wal`) beside it."""
    path = folder / "journal.sqlite"
    journal = Journal.open(str(path))
    for _ in range(3):
        keep(journal, hours(500))
    if not end:
        journal.close()
    (folder / "copy").mkdir()
    for name in {path.name, path.name + end}:
        shutil.copy(folder / name, folder / "copy" / name)
    journal.close()
    return folder / "copy" / path.name


@pytest.mark.parametrize("end", ["", "-wal"])
@pytest.mark.parametrize("change", [cut, garbled, one_byte])
def test_damage_to_the_end_of_a_file_is_named(
    tmp_path: Path, end: str, change: Callable[[Path], None]
) -> None:
    path = copied(tmp_path, end)
    done = {"alerts": 3, "mirror": 2, "store.lake": 1}
    change(path.with_name(path.name + end))
    try:
        journal = Journal.open(str(path))
        found = str(damaged(journal, done))
    except DamagedDatabase as error:
        found = str(error)
    assert "store.journal" in found
    assert "back from a copy" in found or "put it back" in found


def test_the_last_commits_that_sqlite_drops_are_known_by_whoever_has_done_them(
    tmp_path: Path,
) -> None:
    path = copied(tmp_path, "-wal")
    garbled(path.with_name(path.name + "-wal"))
    journal = Journal.open(str(path))
    assert journal.last() == 2
    assert damaged(journal, {"alerts": 2}) is None
    assert "ends with batch 2, though alerts has had batch 3" in str(
        damaged(journal, {"alerts": 3})
    )


def test_a_copy_with_its_log_holds(tmp_path: Path) -> None:
    assert damaged(Journal.open(str(copied(tmp_path, "-wal"))), {"alerts": 3}) is None
