"""Opening the books, on SQLite and on a real PostgreSQL: one contract for both."""

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.errors import ServerMissing, WrongCall
from store.books.engine import open_books, parse
from store.books.ledger import FrozenInput, SettlementRun
from store.books.migrate import migrate, script_directory
from store.books.registry import Device, Feed, MeasurementRecord, Place, RegistryVersion, Season
from store.books.revise import differences, write
from store.books.revision import newest
from tests.servers.process import free_port

NEXT_DAY = datetime(2025, 1, 12, tzinfo=UTC)


def test_the_migrations_make_exactly_the_tables_of_the_code(books: Engine) -> None:
    missing = differences(books).upgrade_ops
    assert missing is not None
    assert missing.as_diffs() == []


def test_no_migration_is_written_when_none_is_needed() -> None:
    with pytest.raises(ValueError, match="nothing to write"):
        write("nothing")


def test_a_table_that_no_migration_makes_is_found(books: Engine) -> None:
    with books.begin() as connection:
        connection.execute(text("ALTER TABLE device DROP COLUMN model"))
    missing = differences(books).upgrade_ops
    assert missing is not None
    assert [diff[0] for diff in missing.as_diffs()] == ["add_column"]


def test_open_books_are_at_the_newest_revision_and_open_again(
    books: Engine, books_url: str
) -> None:
    again = open_books(books_url)
    with again.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    again.dispose()
    assert [row[0] for row in found] == [script_directory().get_current_head()]


def test_books_of_an_older_revision_are_brought_up_and_keep_their_rows(books_url: str) -> None:
    old = create_engine(parse(books_url))
    migrate(old, "0001")
    with old.begin() as connection:
        connection.execute(insert(Feed).values(code="kept", live=True))
    old.dispose()
    books = open_books(books_url)
    with books.connect() as connection:
        assert connection.execute(select(Feed.code)).scalars().all() == ["kept"]
        assert connection.execute(select(RegistryVersion.number)).scalar_one() == 0
    books.dispose()


def test_a_run_from_before_what_it_took_was_kept_still_loads(books_url: str) -> None:
    old = create_engine(parse(books_url))
    migrate(old, "0002")
    at = {"since": datetime(2024, 11, 15, tzinfo=UTC), "until": datetime(2025, 3, 16, tzinfo=UTC)}
    with old.begin() as connection:
        connection.execute(insert(Place).values(id=1, code="c", kind="company", name="c", **at))
        season = {"id": 1, "code": "s", "company_id": 1, "policy": "CN-HA-2018", "zone": "UTC"}
        connection.execute(insert(Season).values(**season, **at))
        connection.execute(
            text(
                "INSERT INTO settlement_run (id, season_id, policy, policy_sha256, snapshot_sha256,"
                " flush, made_at, state, households, total, currency, undetermined) VALUES"
                " (1, 1, 'CN-HA-2018', 'p', 's', 5, '2025-03-20 00:00:00', 'draft', 0, '0.00',"
                " 'CNY', 0)"
            )
        )
    old.dispose()
    books = open_books(books_url)
    with Session(books) as session:
        run = session.get_one(SettlementRun, 1)
        assert (run.flush, run.total, run.results_sha256) == (5, Decimal("0.00"), None)
        assert session.scalars(select(FrozenInput)).all() == []
    books.dispose()


def test_acts_of_older_books_are_measurement_records_and_new_ones_follow(books_url: str) -> None:
    old = create_engine(parse(books_url))
    migrate(old, "0003")
    at = datetime(2025, 1, 11, tzinfo=UTC)
    with old.begin() as connection:
        connection.execute(insert(Place).values(id=1, code="r", kind="room", name="r", since=at))
        columns = "(id, room_id, at, celsius, signed_by)"
        connection.execute(
            text(f"INSERT INTO act {columns} VALUES (7, 1, '2025-01-11 00:00:00', '13.5', 'Li')")
        )
    old.dispose()
    books = open_books(books_url)
    with Session(books) as session, session.begin():
        session.add(MeasurementRecord(room_id=1, at=NEXT_DAY, celsius=Decimal("18.2")))
        session.flush()
        kept = session.scalars(select(MeasurementRecord).order_by(MeasurementRecord.id)).all()
        assert [(each.id, each.celsius, each.signed_by) for each in kept] == [
            (7, Decimal("13.5"), "Li"), (8, Decimal("18.2"), ""),
        ]  # fmt: skip
    books.dispose()


def test_the_newest_revision_is_told_by_the_files_alone() -> None:
    assert newest() == script_directory().get_current_head()


def test_processes_that_open_empty_books_at_once_all_succeed(books_url: str) -> None:
    program = "import sys; from store.books.engine import open_books; open_books(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-c", program, books_url], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=200)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said


def test_books_of_a_newer_heatwatch_are_refused_with_the_mend(
    books: Engine, books_url: str
) -> None:
    with books.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongCall, match=r"revision 9999.*knows up to \d{4}; install the newer"):
        open_books(books_url)


def test_a_database_with_somebody_elses_tables_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE place (name TEXT)")
    theirs.close()
    with pytest.raises(WrongCall, match=r"place, .*a database of its own"):
        open_books(str(path))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to look at" * 50)
    with pytest.raises(WrongCall, match="not a database"):
        open_books(f"sqlite:///{path}")


@pytest.mark.parametrize("url", ["mysql://host/books", "://", "postgres"])
def test_an_address_of_another_kind_is_refused_or_taken_as_a_path(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if "://" in url:
        with pytest.raises(WrongCall, match="allowed: sqlite:///"):
            open_books(url)
    else:
        open_books(url).dispose()
        assert (tmp_path / "postgres").is_file()


def test_a_postgresql_that_is_not_there_is_named_with_its_mend_and_without_the_password() -> None:
    url = f"postgresql://heat:secret@127.0.0.1:{free_port()}/books"
    with pytest.raises(ServerMissing, match="start it") as raised:
        open_books(url)
    assert raised.value.server == "PostgreSQL"
    assert "secret" not in str(raised.value)


def test_references_are_checked(books: Engine) -> None:
    with pytest.raises(IntegrityError), books.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO request (id, household_id, at, by)"
                " VALUES (1, 77, '2026-01-01 00:00:00', '')"
            )
        )


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
        quick.execute(insert(Feed).values(code="quick", live=True))
        quick.commit()
        slow.execute(insert(Feed).values(code="slow", live=True))
        slow.commit()
        assert set(quick.execute(select(Feed.code)).scalars()) == {"quick", "slow"}


def test_writing_while_reading_rows_works_though_another_wrote_in_between(books: Engine) -> None:
    with books.begin() as connection:
        connection.execute(insert(Feed), [{"code": f"f{i}", "live": True} for i in range(500)])
    with books.connect() as reader, books.connect() as other:
        for i, row in enumerate(reader.execute(select(Feed.code).order_by(Feed.id))):
            if i == 10:
                other.execute(insert(Feed).values(code="other", live=True))
                other.commit()
            if i == 20:
                reader.execute(insert(Feed).values(code=f"again-{row.code}", live=True))
        reader.commit()
        codes = set(other.execute(select(Feed.code)).scalars())
    assert len(codes) == 502
    assert {"other", "again-f20"} < codes


@pytest.mark.parametrize("count", [1, 2, 2500])
def test_rows_returned_by_inserts_all_arrive(books: Engine, count: int) -> None:
    rows = [{"code": f"f{i}", "live": True} for i in range(count)]
    with books.begin() as connection:
        made = insert(Feed).returning(Feed.code, sort_by_parameter_order=True)
        assert connection.execute(made, rows).scalars().all() == [row["code"] for row in rows]


def test_a_long_read_does_not_stop_a_writer(books: Engine) -> None:
    with books.connect() as reader, books.begin() as writer:
        assert reader.execute(select(Feed.code)).all() == []
        writer.execute(insert(Feed).values(code="a", live=True))


def test_a_rolled_back_transaction_leaves_nothing(books: Engine) -> None:
    with books.connect() as connection:
        connection.execute(select(Device.code)).all()
        connection.execute(insert(Device).values(code="d", model="", verified=True))
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
