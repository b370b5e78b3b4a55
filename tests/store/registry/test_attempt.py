"""Nothing of an import of readings that is refused stays."""

from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from store.books.changes import ChangeRecord
from store.books.registry import Feed
from store.registry.attempt import attempt, withdraw
from tests.actors import TEST


def counts(books: Engine) -> tuple[int, int]:
    """(records, feeds)."""
    with Session(books) as session:
        one, other = (select(func.count()).select_from(each) for each in (ChangeRecord, Feed))
        return session.scalar(one) or 0, session.scalar(other) or 0


def test_a_withdrawn_import_leaves_neither_record_nor_feed(books: Engine, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    made = attempt(books, "history", [file], TEST)
    assert counts(books) == (2, 1)
    withdraw(books, made)
    assert counts(books) == (0, 0)


def test_a_feed_that_was_there_stays(books: Engine, tmp_path: Path) -> None:
    attempt(books, "history", [tmp_path / "a.csv"], TEST)
    again = attempt(books, "history", [tmp_path / "b.csv"], TEST)
    assert not again.new_feed
    withdraw(books, again)
    assert counts(books) == (2, 1)
