"""Sessions on brokers and faults of delivery, in books of the revision before them."""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actor import program
from store.books.delivery import BrokerSession, DeliveryFault, DroppedCount, UplinkDay, UplinkTotal
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


def test_older_faults_do_not_know_how_many_and_counts_can_be_kept(books_url: str) -> None:
    older_books(
        books_url,
        "0039",
        "INSERT INTO delivery_fault (kind, client_id, broker, about, since, told_at, told_by) VALUES"
        " ('session_lost', 'hw', 'b:1883', '', '2026-01-12 00:00:00', '2026-01-12 00:00:00', 'program:ingest')",
    )
    books = open_books(books_url)
    kept = {
        "topic": "$SYS/broker/publish/messages/dropped", "dropped": 10**12, "uptime_s": 10**9,
        "started_at": AT, "read_at": AT, "read_by": program("ingest"),
    }  # fmt: skip
    with Session(books) as session, session.begin():
        session.add(DroppedCount(**KEY, **kept))
    with Session(books) as session:
        (fault,) = session.scalars(select(DeliveryFault))
        assert (fault.at_most, fault.feed) == (None, None)
        (count,) = session.scalars(select(DroppedCount))
        assert {name: getattr(count, name) for name in kept} == kept
    books.dispose()


def test_older_books_get_counts_of_uplinks(books_url: str) -> None:
    older_books(books_url, "0041")
    books = open_books(books_url)
    device, by = {"feed": "lora", "device": "0018b20000001a2b"}, program("ingest")
    with Session(books) as session, session.begin():
        session.add(
            UplinkTotal(**device, received=10**10, missed=10**9, counted_at=AT, counted_by=by)
        )
        session.add(
            UplinkDay(**device, day=date(2026, 1, 12), received=96, missed=5, counted_by=by)
        )
    with Session(books) as session:
        (total,) = session.scalars(select(UplinkTotal))
        (day,) = session.scalars(select(UplinkDay))
        assert (total.received, total.missed, total.counted_at) == (10**10, 10**9, AT)
        assert (day.day, day.received, day.missed, day.counted_by) == (date(2026, 1, 12), 96, 5, by)
    books.dispose()
