"""Books on both servers, as the store's tests have them, and a city in which there is much to do."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.registry.importing import import_registry
from tests.actors import TEST
from tests.store.city import city, write_city
from tests.store.conftest import books, books_url

__all__ = ["books", "books_url"]


@pytest.fixture
def busy(books: Engine, tmp_path: Path) -> Engine:
    """H1 asked and was measured the same day; H2 asked and refused later; H3 asked twice and waits.

    An outage of station S1-02 has no end, and the certificate of the sensor in H1's living room lapses.
    """
    rows = city()
    rows["requests"] += [
        ["H2", "2025-12-02T08:00:00+08:00", ""],
        ["H3", "2025-12-05T00:00:00Z", ""],
        ["H3", "2025-12-20T08:00:00+08:00", ""],
    ]
    rows["outages"].append(["S1-02", "2025-12-04T08:00:00+08:00", *[""] * 7])
    rows.setdefault("certificates", []).append(
        ["liv", "2024-01-01T00:00:00+08:00", "2025-12-25T00:00:00+08:00", "a"]
    )
    assert import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST).refused == ()
    return books
