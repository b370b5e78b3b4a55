"""How far behind the journal a follower is, also where the journal has forgotten what it did not do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from store.books.watch import Checkpoint
from store.journal.journal import Journal
from store.lake.lake import Lake
from store.readings.lags import LAKE, Lag, lags
from store.readings.readings import Readings
from tests.books import new_books
from tests.store.batches import batch, hours

T0 = datetime(2026, 1, 12, 6, tzinfo=UTC)


def test_batches_and_the_age_of_the_oldest(tmp_path: Path) -> None:
    books = new_books(tmp_path / "books.db")
    journal = Journal.open(str(tmp_path / "journal.db"))
    readings = Readings(journal, Lake.open(str(tmp_path / "lake")), books)
    for minute in range(4):
        now = T0 + timedelta(minutes=minute)
        journal.append(batch(hours(1, first=minute)), messages=1, now=now)
    with Session(books) as session, session.begin():
        for name, done in (("alerts", 4), ("alerts/state", 0), ("influx-mirror", 1)):
            session.add(Checkpoint(follower=name, batch=done, state={}))
    now = T0 + timedelta(minutes=10)
    assert lags(readings, books, now) == {
        "alerts": Lag(0, timedelta()),
        "influx-mirror": Lag(3, timedelta(minutes=9)),
        LAKE: Lag(4, timedelta(minutes=10)),
    }
    readings.flush(now)
    journal.trim(2)  # its second batch is in the lake alone now
    assert lags(readings, books, now) == {
        "alerts": Lag(0, timedelta()),
        "influx-mirror": Lag(3, timedelta(minutes=8)),
        LAKE: Lag(0, timedelta()),
    }
    journal.trim(4)
    assert lags(readings, books, now)["influx-mirror"] == Lag(3, timedelta())
    journal.close()
    books.dispose()
