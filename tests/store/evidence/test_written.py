"""What changes wrote is found in the rows of today, through later corrections of the same rows."""

from pathlib import Path

from sqlalchemy import Engine, select, text

from store.books.seals import SEALS, as_kept, columns_of, tables_of_changes
from store.evidence.written import written
from tests.store.evidence.test_seal import FEE, H1, books, bring, bring_some_of_all

__all__ = ["books"]  # a fixture


def kept(books: Engine, after: int = 0) -> dict[int, dict[str, object]]:
    """As commits sealed it."""
    query = select(SEALS).where(SEALS.c.number > 0, SEALS.c.change_id > after)
    with books.connect() as link:
        return {row.change_id: row.tables for row in link.execute(query)}


def made(books: Engine, after: int = 0) -> dict[int, dict[str, object]]:
    """The same from the rows of today, of records that nothing writes later with what they say was done."""
    tables = tables_of_changes()
    columns = {name: columns_of(table, whole=True) for name, table in tables.items()}
    found: dict[int, dict[str, object]] = {}
    with books.connect() as link:
        every = range(after + 1, 9)
        by_change = {name: dict.fromkeys(every, own) for name, own in columns.items()}
        for name, wrote, ended in written(link, after, by_change):
            for change in {*wrote, *ended}:
                own = as_kept(wrote[change], ended[change], columns[name])
                found.setdefault(change, {})[name] = own
    return found


def test_every_change_is_found_as_it_was_sealed(books: Engine, tmp_path: Path) -> None:
    bring_some_of_all(books, tmp_path)
    bring(books, tmp_path, places=[H1 | {"name": "5-3", "parent": "B2"}], contracts=[FEE])
    bring(books, tmp_path, places=[H1 | {"name": "5-2"}], contracts=[FEE | {"season_fee": "1"}])
    assert len(kept(books)) == 4
    assert made(books) == kept(books)
    assert made(books, after=2) == kept(books, after=2)


def test_a_row_is_hashed_by_the_columns_that_its_seal_has(books: Engine) -> None:
    """A table that gets a column later, or loses one, does not open the seals before."""
    own = {"request": {1: ("household_id", "no_such_column")}}
    with books.connect() as link:
        found = {name: wrote for name, wrote, _ in written(link, 0, own)}
    with books.begin() as link:
        link.execute(text("UPDATE request SET source = 'x'"))
        later = {name: wrote for name, wrote, _ in written(link, 0, own)}
    assert found["request"][1] == later["request"][1]
    assert found["request"][1].rows == 2
