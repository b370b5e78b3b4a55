"""How transactions of the books behave, on SQLite and on PostgreSQL alike."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from store.books.changes import record
from store.books.engine import open_books
from store.books.facts import Request
from store.books.registry import Device, Feed, RegistryVersion
from tests.actors import TEST, WHEN


def named(connection: Connection) -> Connection:
    """The connection, with a record that its rows name."""
    record(connection, TEST, "test")
    return connection


def test_references_are_checked(books: Engine) -> None:
    wrong = pytest.raises(IntegrityError, match=r"(?i)foreign key")
    with wrong, books.begin() as connection:
        named(connection).execute(insert(Request).values(household_id=77, at=WHEN))


def test_sqlite_waits_for_its_turn_and_syncs_every_commit(tmp_path: Path) -> None:
    books = open_books(str(tmp_path / "books.db"))
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with books.connect() as connection:
        found = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]
    books.dispose()
    assert found == ["wal", 2, 1, 30_000]


def test_a_transaction_that_reads_first_can_write_after_another_wrote(books: Engine) -> None:
    """On plain SQLite this fails at once with "database is locked"."""
    with books.connect() as slow, books.connect() as quick:
        assert slow.execute(select(Feed.code)).all() == []
        named(quick).execute(insert(Feed).values(code="quick", live=True))
        quick.commit()
        named(slow).execute(insert(Feed).values(code="slow", live=True))
        slow.commit()
        assert set(quick.execute(select(Feed.code)).scalars()) == {"quick", "slow"}


def test_writing_while_reading_rows_works_though_another_wrote_in_between(books: Engine) -> None:
    with books.begin() as connection:
        named(connection).execute(
            insert(Feed), [{"code": f"f{i}", "live": True} for i in range(500)]
        )
    with books.connect() as reader, books.connect() as other:
        for i, row in enumerate(reader.execute(select(Feed.code).order_by(Feed.id))):
            if i == 10:
                named(other).execute(insert(Feed).values(code="other", live=True))
                other.commit()
            if i == 20:
                named(reader).execute(insert(Feed).values(code=f"again-{row.code}", live=True))
        reader.commit()
        codes = set(other.execute(select(Feed.code)).scalars())
    assert len(codes) == 502
    assert {"other", "again-f20"} < codes


@pytest.mark.parametrize("count", [1, 2, 2500])
def test_rows_returned_by_inserts_all_arrive(books: Engine, count: int) -> None:
    rows = [{"code": f"f{i}", "live": True} for i in range(count)]
    with books.begin() as connection:
        made = insert(Feed).returning(Feed.code, sort_by_parameter_order=True)
        assert named(connection).execute(made, rows).scalars().all() == [
            row["code"] for row in rows
        ]


def test_a_long_read_does_not_stop_a_writer(books: Engine) -> None:
    with books.connect() as reader, books.begin() as writer:
        assert reader.execute(select(Feed.code)).all() == []
        named(writer).execute(insert(Feed).values(code="a", live=True))


def test_a_rolled_back_transaction_leaves_nothing(books: Engine) -> None:
    with books.connect() as connection:
        connection.execute(select(Device.code)).all()
        named(connection).execute(insert(Device).values(code="d", model="", verified=True))
        connection.rollback()
        assert connection.execute(select(Device.code)).all() == []


def test_rows_taken_for_update_are_changed_by_one_at_a_time(books: Engine) -> None:
    def grow() -> None:
        for _ in range(20):
            with books.begin() as connection:
                query = select(RegistryVersion.number).with_for_update()
                number = connection.execute(query).scalar_one()
                connection.execute(update(RegistryVersion).values(number=number + 1))

    threads = [threading.Thread(target=grow) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with books.connect() as connection:
        assert connection.execute(select(RegistryVersion.number)).scalar_one() == 60
