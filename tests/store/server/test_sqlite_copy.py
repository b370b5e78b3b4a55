"""A database copied while it is written."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.server.damaged_database import BOOKS, DamagedDatabase
from store.server.sqlite_copy import as_it_is_now, without_writers, write_copy


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as link:
        link.execute("PRAGMA journal_mode = WAL")
        link.execute("CREATE TABLE t (n, text)")
        link.executemany("INSERT INTO t VALUES (?, ?)", [(n, "x" * 4000) for n in range(3000)])
    return path


def add(path: Path, wait_s: float = 5) -> None:
    """Another process's row; waits up to `wait_s` [s]."""
    with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as link:
        link.execute("INSERT INTO t VALUES (-1, '')")


def test_the_copy_is_of_the_moment_whatever_is_written_before_and_while_it_is_made(
    path: Path, tmp_path: Path
) -> None:
    target, steps = tmp_path / "copy", []

    def step(done: int, every: int) -> None:
        steps.append((done, every))
        add(path)

    with as_it_is_now(path) as link:
        add(path)
        write_copy(link, target, BOOKS, step)
    assert len(steps) > 1
    with closing(sqlite3.connect(target)) as link:
        assert link.execute("SELECT count(*), min(n) FROM t").fetchone() == (3000, 0)
    assert sorted(each.name for each in tmp_path.glob("copy*")) == ["copy"]


def test_nobody_commits_while_writers_are_kept_out(path: Path) -> None:
    with without_writers(path), pytest.raises(sqlite3.OperationalError, match="locked"):
        add(path, wait_s=0.1)
    add(path)


def test_a_damaged_source_is_named(path: Path, tmp_path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096 * 5)
        file.write(b"\xff" * 4096)
    with as_it_is_now(path) as link, pytest.raises(DamagedDatabase, match=BOOKS):
        write_copy(link, tmp_path / "copy", BOOKS, lambda _done, _every: None)
