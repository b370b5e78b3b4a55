"""An import of readings that is refused is no part of the history, and its numbers come to nobody else."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from store.books.changes import FEED, READINGS_IMPORT, ChangeRecord
from store.books.registry import Feed
from store.evidence.seal import seal, sealed_tables
from store.evidence.since import newest_change
from store.registry.attempt import attempt, kept, withdraw
from store.registry.history import history
from tests.actors import TEST


def test_a_withdrawn_import_is_not_in_the_history(books: Engine, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    first = attempt(books, "history", [file], TEST)
    kept(books, first, {"readings": 1})
    withdraw(books, attempt(books, "history", [file], TEST))
    assert [each.change for each in history(books, limit=1)] == [first.change]
    assert len(history(books)) == 2  # the feed and the one that was kept


def test_a_feed_that_a_withdrawn_import_brought_is_in_the_history_once_it_is_used(
    books: Engine,
) -> None:
    withdraw(books, attempt(books, "history", [], TEST))
    assert history(books) == []
    kept(books, attempt(books, "history", [], TEST), {"readings": 1})
    assert [each.action for each in history(books)] == [READINGS_IMPORT, FEED]
    assert history(books)[1].details == {"feed": "history"}


def test_an_import_that_has_just_begun_is(books: Engine, tmp_path: Path) -> None:
    made = attempt(books, "history", [tmp_path / "a.csv"], TEST)
    assert history(books)[0].change == made.change


@pytest.mark.parametrize("feed", ["history", "new"])
def test_what_others_saw_of_a_withdrawn_import_stays(
    books: Engine, tmp_path: Path, feed: str
) -> None:
    """Runs and approvals keep the number of the last change: a later one must not be given it."""
    attempt(books, "history", [], TEST)
    made = attempt(books, feed, [tmp_path / "a.csv"], TEST)
    last = newest_change(books)
    with books.connect() as link:
        before = {name: seal(link, name, last) for name in sealed_tables()}
    withdraw(books, made)
    again = attempt(books, feed, [], TEST)
    assert again.feed == made.feed
    assert again.change > last == made.change
    with books.connect() as link:
        assert {name: seal(link, name, last) for name in sealed_tables()} == before
        assert link.scalar(select(Feed.code).where(Feed.id == made.feed)) == feed
        assert made.change in link.scalars(select(ChangeRecord.id)).all()
