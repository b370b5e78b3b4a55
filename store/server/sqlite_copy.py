"""A file of SQLite copied as of one moment, while other processes go on writing it."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from store.server.damaged_database import DamagedDatabase

WAIT_S = 60.0  # how long another writer may take [s]
PAGES = 2048  # copied at a time


@contextmanager
def without_writers(path: Path) -> Iterator[None]:
    """Inside the `with` nobody commits to the database; readers go on."""
    with closing(_connected(path)) as link:
        link.execute("BEGIN IMMEDIATE")
        yield
        link.execute("ROLLBACK")


@contextmanager
def as_it_is_now(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees nothing of what is committed from now on, and keeps no writer waiting."""
    with closing(_connected(path)) as link:
        link.execute("BEGIN")
        link.execute(
            "SELECT count(*) FROM sqlite_schema"
        ).fetchone()  # a state is taken by the first read
        yield link


def _connected(path: Path) -> sqlite3.Connection:
    address = f"{path.resolve().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=WAIT_S, isolation_level=None)


def write_copy(
    link: sqlite3.Connection, target: Path, key: str, progress: Callable[[int, int], None]
) -> None:
    """What the connection sees as one synced file without a log beside it.

    `progress` is called with pages done and of all. Raises DamagedDatabase of the store `key`
    where the copy, and so the source, is damaged.
    """
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        link.backup(
            copy, pages=PAGES, progress=lambda _, left, every: progress(every - left, every)
        )
        copy.execute("PRAGMA journal_mode = DELETE")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise DamagedDatabase(key, str(target), " ".join(str(found).split()))
    with target.open("rb") as file:
        os.fsync(file.fileno())
