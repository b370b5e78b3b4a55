"""Filled books on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.books.engine import open_books
from tests.analytics.books import fill, filled


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Engine]:
    engine = filled(tmp_path / "books.db")
    yield engine
    engine.dispose()


@pytest.fixture
def on_postgres(postgres_books: str) -> Iterator[Engine]:
    engine = open_books(postgres_books)
    fill(engine)
    yield engine
    engine.dispose()
