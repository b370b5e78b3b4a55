"""Sessions on brokers and faults of delivery, in books of the revision before them."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actor import program
from store.books.delivery import BrokerSession, DeliveryFault
from store.books.engine import open_books
from tests.store.books.test_migrate import older_books

AT = datetime(2026, 1, 12, tzinfo=UTC)
KEY = {"client_id": "heatwatch-ingest", "broker": "10.0.0.9:1883"}


def test_older_books_get_both_tables(books_url: str) -> None:
    older_books(books_url, "0034")
    books = open_books(books_url)
    by = program("ingest")
    with Session(books) as session, session.begin():
        session.add(BrokerSession(**KEY, since=AT, alive_at=AT, worker=by))
        session.add(
            DeliveryFault(
                **KEY, kind="qos_lowered", about="rooms/+", since=AT, told_at=AT, told_by=by
            )
        )
    with Session(books) as session:
        kept = session.get(BrokerSession, KEY)
        assert kept is not None
        assert (kept.alive_at, kept.worker) == (AT, by)
        (fault,) = session.scalars(select(DeliveryFault))
        assert (fault.since, fault.until, fault.told_by) == (AT, None, by)
    books.dispose()
