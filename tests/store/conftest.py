"""Books on both servers: a test that takes `books` or `books_url` runs twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.books.engine import open_books
from tests.books import new_books, place_books


@pytest.fixture(params=["sqlite", "postgres"])
def books_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database; of one with new books in it where a test takes `books`."""
    filled = "books" in request.fixturenames
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_books" if filled else "postgres")
        return url
    path = tmp_path / "books.db"
    return f"sqlite:///{place_books(path) if filled else path}"


@pytest.fixture
def books(books_url: str) -> Iterator[Engine]:
    """Empty books at the newest revision."""
    engine = open_books(books_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_books(tmp_path: Path) -> Iterator[Engine]:
    """Empty books on SQLite alone, where a second server would tell nothing new."""
    engine = new_books(tmp_path / "alone.db")
    yield engine
    engine.dispose()
