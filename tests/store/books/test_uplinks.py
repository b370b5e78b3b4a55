"""Uplinks of LoRaWAN devices, summed over days."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from domain.actor import program
from store.books.delivery import UplinkDay
from store.books.uplinks import DeviceUplinks, uplinks_of
from tests.books import new_books


def test_days_are_summed_by_feed_and_device(tmp_path: Path) -> None:
    books = new_books(tmp_path / "books.db")
    rows = (
        ("a", "A1", 11, 9, 1),
        ("a", "A1", 12, 9, 2),
        ("b", "A1", 12, 5, 0),
        ("a", "B2", 13, 1, 1),
    )
    with Session(books) as session, session.begin():
        for feed, device, day, received, missed in rows:
            session.add(
                UplinkDay(
                    feed=feed, device=device, day=date(2026, 1, day), received=received,
                    missed=missed, counted_by=program("ingest"),
                )
            )  # fmt: skip
    with Session(books) as session:
        assert uplinks_of(session, date(2026, 1, 11), date(2026, 1, 13)) == [
            DeviceUplinks("a", "A1", 18, 3),
            DeviceUplinks("b", "A1", 5, 0),
        ]
        assert uplinks_of(session, date(2026, 1, 14), date(2026, 1, 15)) == []
    assert DeviceUplinks("a", "A1", 15, 5).share == 0.25
    assert DeviceUplinks("a", "A1", 0, 0).share == 0
    books.dispose()
