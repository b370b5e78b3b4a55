"""Journals on SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.journal.journal import Journal


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "journal.db")
    address: str = request.getfixturevalue("postgres")
    return address


@pytest.fixture
def journal(url: str) -> Iterator[Journal]:
    opened = Journal.open(url)
    yield opened
    opened.close()
