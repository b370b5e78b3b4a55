"""A copy of PostgreSQL whose sequences were left out: numbers that rows have are never given."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from domain.errors import WrongCall
from store.books.check import faults
from store.books.engine import open_books
from store.registry.importing import import_registry
from tests.actors import TEST
from tests.store.city import city, write_city


@pytest.fixture
def copied(postgres_books: str, tmp_path: Path) -> Engine:
    """Books with a city, whose sequence of places begins anew."""
    books = open_books(postgres_books)
    import_registry(books, [write_city(tmp_path / "city", city())], by=TEST)
    assert not list(faults(books))
    with books.begin() as link:
        link.execute(text("ALTER SEQUENCE place_id_seq RESTART"))
    return books


def test_an_import_says_how_to_set_it_and_writes_nothing(copied: Engine, tmp_path: Path) -> None:
    rows = city()
    rows["places"].append(
        ["S9", "source", "demo", "", "", "", "", "", "2025-11-01T00:00:00+08:00", ""]
    )
    with pytest.raises(WrongCall, match=r"setval\(pg_get_serial_sequence\('place', 'id'\), 14\)"):
        import_registry(copied, [write_city(tmp_path / "more", rows)], by=TEST)
    with copied.connect() as link:
        assert link.scalar(text("SELECT count(*) FROM place")) == 14
    copied.dispose()


def test_a_check_of_the_books_names_it_until_it_is_set(copied: Engine) -> None:
    (found,) = [str(each) for each in faults(copied)]
    assert "the sequence of table place is behind its rows, whose highest id is 14" in found
    with copied.begin() as link:
        link.execute(text(found.rpartition("set it: ")[2]))
    assert not list(faults(copied))
    copied.dispose()
