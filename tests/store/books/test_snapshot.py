"""One state of the books, whatever is written meanwhile."""

from sqlalchemy import Engine, func, insert, select

from store.books.changes import ChangeRecord, record
from store.books.registry import Feed
from store.books.snapshot import snapshot
from tests.actors import TEST


def test_what_is_written_meanwhile_is_not_seen(books: Engine) -> None:
    counted = select(func.count()).select_from(ChangeRecord)
    with snapshot(books) as link:
        before = link.scalar(counted)
        with books.begin() as other:
            record(other, TEST, "test")
            other.execute(insert(Feed).values(code="a", live=True))
        assert link.scalar(counted) == before
    with books.connect() as link:
        assert link.scalar(counted) == (before or 0) + 1
