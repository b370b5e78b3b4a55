"""Books, journal and lake: there, whole, of this version."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from heatwatch.diagnosis import stores
from store.journal.refused_message import RefusedMessage
from tests.analytics.books import fill
from tests.books import new_books, place_books
from tests.heatwatch.diagnosis.towns import lines, world_in
from tests.store.batches import batch, hours

NOW = datetime(2026, 1, 12, 6, tzinfo=UTC)


def test_what_is_there_is_told_with_its_size(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    place_books(tmp_path / "books.sqlite")
    refused = [RefusedMessage("rooms", "t", b"x", "unmapped", "x", NOW)] * 2
    world.journal.append(batch(hours(3)), messages=5, now=NOW, refused=refused)
    world.readings.flush(NOW)
    (books,) = lines(stores.check_books(world))
    assert books.startswith("books: well: revision ")
    journal, messages = lines(stores.check_journal(world))
    assert journal.startswith("journal: well: 5 messages, ")
    assert messages.startswith("refused messages: well: unmapped 2; ")
    (lake,) = lines(stores.check_lake(world))
    assert lake.startswith("lake: well: 3 readings in 1 files, flush 1")


def test_a_row_that_names_one_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    books = new_books(tmp_path / "books.sqlite")
    fill(books)
    with closing(sqlite3.connect(tmp_path / "books.sqlite")) as link, link:
        link.execute("DELETE FROM device WHERE id IN (1, 2)")
    (found,) = lines(stores.check_books(world))
    assert found.startswith("books: fault: 2 rows of table series name a row of table device")
    assert found.endswith("restore them from a backup")
    books.dispose()


def test_a_damaged_journal_is_a_fault(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    world.journal.append(batch(hours(3)), messages=3, now=NOW)
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as link, link:
        link.execute("UPDATE journal_batch SET data = x'00'")
    (found,) = lines(stores.check_journal(world))
    assert found.startswith("journal: fault: ")
    assert found.endswith("restore journal and lake from the same backup")
