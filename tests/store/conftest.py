"""Books on both servers: a test that takes `books` or `books_url` runs twice."""

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
