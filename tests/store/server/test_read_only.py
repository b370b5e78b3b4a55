"""A file that may only be read is read without a byte being written, also beside it."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from store.server.read_only import connector, may_write
from tests.reader import only_reading, readable_folder


def filled(path: Path) -> sqlite3.Connection:
    """A file with one row, still open: its newest changes stand beside it."""
    link = sqlite3.connect(path)
    link.execute("PRAGMA journal_mode = WAL")
    link.execute("CREATE TABLE t (x)")
    link.execute("INSERT INTO t VALUES (7)")
    link.commit()
    return link


@pytest.mark.parametrize("is_open", [True, False])
def test_a_copy_is_read_as_it_is_and_what_stands_beside_it_too(is_open: bool) -> None:
    with readable_folder() as folder:
        link = filled(folder / "a file?.sqlite")
        if not is_open:
            link.close()
        path = folder / "a file?.sqlite"
        assert may_write(path)
        with only_reading(folder):
            assert not may_write(path)
            before = sorted(each.name for each in folder.iterdir())
            read = connector(path)()
            assert read.execute("SELECT x FROM t").fetchall() == [(7,)]
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                read.execute("INSERT INTO t VALUES (8)")
            read.close()
            assert sorted(each.name for each in folder.iterdir()) == before
        link.close()


def test_changes_that_stand_beside_a_copy_are_never_left_out() -> None:
    """Without the file by which they are found they can't be read: it is said, not passed over."""
    with readable_folder() as folder:
        link, path = filled(folder / "a.sqlite"), folder / "copy.sqlite"
        for end in ("", "-wal"):
            shutil.copy(folder / f"a.sqlite{end}", f"{path}{end}")
        link.close()
        with only_reading(folder):
            read = connector(path)()
            with pytest.raises(sqlite3.OperationalError, match="unable to open"):
                read.execute("SELECT x FROM t").fetchall()
            read.close()


def test_what_is_not_there_may_be_made(tmp_path: Path) -> None:
    assert may_write(tmp_path / "new.sqlite")
