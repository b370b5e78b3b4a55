"""Books on both servers: a test that takes `books` or `books_url` runs twice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.books.engine import open_books


@pytest.fixture(params=["sqlite", "postgres"])
def books_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'books.db'}"
    url: str = request.getfixturevalue("postgres")
    return url


@pytest.fixture
def books(books_url: str) -> Iterator[Engine]:
    """Empty books at the newest revision."""
    engine = open_books(books_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest revision, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "books.db"
    open_books(str(path)).dispose()
    return path


@pytest.fixture
def sqlite_books(migrated: Path, tmp_path: Path) -> Iterator[Engine]:
    """Empty books on SQLite alone, where a second server would tell nothing new."""
    engine = open_books(str(shutil.copy(migrated, tmp_path / "books.db")))
    yield engine
    engine.dispose()
