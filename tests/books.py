"""New books at the newest revision: migrated once in each process, copied from then on.

Migrating takes longer than most tests. What it does is tested in `tests/store/books`, on both
servers; whoever only needs books takes these.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from store.books.engine import open_books
from store.server.single_instance import HeldBy


def new_books(path: Path) -> Engine:
    """Empty books in this new SQLite file."""
    return open_books(str(place_books(path)))


def place_books(path: Path) -> Path:
    """The file of empty books, for whoever opens it by a configuration; the path again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(_migrated())
    return path


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory(prefix="heatwatch-books-") as folder:
        path = Path(folder) / "books.sqlite"
        open_books(str(path)).dispose()
        return path.read_bytes()


@contextmanager
def lock_lost(books: Engine) -> Iterator[None]:
    """Each connection is refused, as it is in a worker whose lock another process has taken."""

    def refuse(_: Connection) -> None:
        raise HeldBy("process 7 on elsewhere")

    event.listen(books, "engine_connect", refuse)
    try:
        yield
    finally:
        event.remove(books, "engine_connect", refuse)
