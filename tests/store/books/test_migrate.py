"""Books of an older, newer or foreign kind, on SQLite and on a real PostgreSQL."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, select, text
from sqlalchemy.orm import Session

from domain.actor import before_actors, user
from domain.errors import WrongCall
from store.books.changes import ChangeRecord, record
from store.books.engine import open_books, parse
from store.books.facts import ContractTerms, MeasurementRecord
from store.books.ledger import FrozenInput, SettlementRun
from store.books.migrate import migrate, script_directory
from store.books.registry import Feed, RegistryVersion, Season
from store.books.watch import CaseTask, Episode
from tests.actors import TEST, changing

NEXT_DAY = datetime(2025, 1, 12, tzinfo=UTC)
PLACE = "INSERT INTO place (id, code, kind, name, name_en, address, since) VALUES"


def older_books(url: str, revision: str, *statements: str) -> None:
    """Books as they were at a revision, with what the statements write into them."""
    old = create_engine(parse(url))
    migrate(old, revision)
    with old.begin() as connection:
        for each in statements:
            connection.execute(text(each))
    old.dispose()


def test_open_books_are_at_the_newest_revision_and_open_again(books_url: str) -> None:
    open_books(books_url).dispose()
    again = open_books(books_url)
    with again.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    again.dispose()
    assert [row[0] for row in found] == [script_directory().get_current_head()]


def test_books_of_an_older_revision_are_brought_up_and_keep_their_rows(books_url: str) -> None:
    older_books(books_url, "0001", "INSERT INTO feed (code, live) VALUES ('kept', true)")
    books = open_books(books_url)
    with books.connect() as connection:
        assert connection.execute(select(Feed.code)).scalars().all() == ["kept"]
        assert connection.execute(select(RegistryVersion.number)).scalar_one() == 0
    books.dispose()


def test_a_run_from_before_what_it_took_was_kept_still_loads(books_url: str) -> None:
    older_books(
        books_url,
        "0002",
        f"{PLACE} (1, 'c', 'company', 'c', '', '', '2024-11-15 00:00:00')",
        "INSERT INTO season (id, code, company_id, policy, since, until, zone) VALUES (1,"
        " 's', 1, 'CN-HA-2018', '2024-11-15 00:00:00', '2025-03-16 00:00:00', 'UTC')",
        "INSERT INTO settlement_run (id, season_id, policy, policy_sha256, snapshot_sha256,"
        " flush, made_at, state, households, total, currency, undetermined) VALUES"
        " (1, 1, 'CN-HA-2018', 'p', 's', 5, '2025-03-20 00:00:00', 'draft', 0, '0.00',"
        " 'CNY', 0)",
    )
    books = open_books(books_url)
    with Session(books) as session:
        run = session.get_one(SettlementRun, 1)
        assert (run.flush, run.total, run.results_sha256) == (5, Decimal("0.00"), None)
        assert (run.drafted_by, run.approved_by) == (before_actors(), None)
        season = session.get_one(Season, 1)
        assert session.get_one(ChangeRecord, season.change_id).actor == before_actors()
        assert session.scalars(select(FrozenInput)).all() == []
    books.dispose()


def test_processes_that_open_empty_books_at_once_all_succeed(books_url: str) -> None:
    program = "import sys; from store.books.engine import open_books; open_books(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-c", program, books_url], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=200)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said


def test_books_of_a_newer_heatwatch_are_refused_with_the_hint(
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


def test_acts_of_older_books_are_measurement_records_and_new_ones_follow(books_url: str) -> None:
    older_books(
        books_url,
        "0003",
        f"{PLACE} (1, 'r', 'room', 'c', '', '', '2024-11-15 00:00:00')",
        "INSERT INTO act (id, room_id, at, celsius, signed_by) VALUES"
        " (7, 1, '2025-01-11 00:00:00', '13.5', 'Li')",
    )
    books = open_books(books_url)
    with changing(books) as session:
        session.add(MeasurementRecord(room_id=1, at=NEXT_DAY, celsius=Decimal("18.2")))
        session.flush()
        kept = session.scalars(select(MeasurementRecord).order_by(MeasurementRecord.id)).all()
        assert [(each.id, each.celsius, each.signed_by) for each in kept] == [
            (7, Decimal("13.5"), "Li"), (8, Decimal("18.2"), ""),
        ]  # fmt: skip
    books.dispose()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Li Wei", "user:Li Wei"),
        ("Li\tWei\n", "user:Li Wei"),
        ("shift: B", "user:shift  B"),
        (" ", str(before_actors())),
    ],
)
def test_whoever_acknowledged_before_actors_were_kept_can_be_read(
    books_url: str, before: str, after: str
) -> None:
    old = create_engine(parse(books_url))
    migrate(old, "0005")
    with old.begin() as connection:
        record = "INSERT INTO change_record (id, actor, at, action, reason, files, details) VALUES"
        connection.execute(
            text(f"{record} (1, 'user:x', '2024-11-15 00:00:00', 'x', '', '[]', '{{}}')")
        )
        connection.execute(
            text(
                "INSERT INTO place (id, code, kind, name, name_en, address, since, change_id) VALUES"
                " (1, 'c', 'company', 'c', '', '', '2024-11-15 00:00:00', 1)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO episode (kind, place_id, opened_at, updated_at, acknowledged_by,"
                " evidence, opened_by) VALUES ('make_up_leak', 1, '2024-11-15 00:00:00',"
                " '2024-11-15 00:00:00', :name, '{}', 'program:alerts')"
            ),
            {"name": before},
        )
    old.dispose()
    books = open_books(books_url)
    with books.connect() as connection:
        assert str(connection.execute(select(Episode.acknowledged_by)).scalar_one()) == after
    books.dispose()


def test_measurement_tasks_from_before_kinds_are_tasks_of_that_kind(books_url: str) -> None:
    older_books(
        books_url,
        "0005",
        "INSERT INTO change_record (id, actor, at, action, reason, files, details)"
        " VALUES (1, 'user:li', '2025-01-01 00:00:00+00', 'test', '', '[]', '{}')",
        "INSERT INTO place (id, code, kind, name, name_en, address, since, change_id)"
        " VALUES (1, 'H1', 'household', '', '', '', '2024-01-01 00:00:00+00', 1)",
        "INSERT INTO measurement_task (id, household_id, cause, cause_at, opened_at, opened_by,"
        " due_at, clause, done_at, done_by, done_reason) VALUES (7, 1, 'request',"
        " '2025-01-10 00:00:00+00', '2025-01-10 00:00:00+00', 'user:li', '2025-01-10 12:00:00+00',"
        " 'art. 27', '2025-01-11 00:00:00+00', 'user:wang', 'moved out')",
    )
    books = open_books(books_url)
    with Session(books) as session, session.begin():
        (task,) = session.scalars(select(CaseTask))
        assert (task.id, task.kind, task.cause, task.clause) == (
            7,
            "measurement",
            "request",
            "art. 27",
        )
        assert (str(task.opened_by), str(task.done_by)) == ("user:li", "user:wang")
        assert (task.done_at, task.done_reason) == (datetime(2025, 1, 11, tzinfo=UTC), "moved out")
        other = CaseTask(
            kind="visit", household_id=1, cause="request", cause_at=task.cause_at,
            opened_at=NEXT_DAY, opened_by=user("li"), due_at=NEXT_DAY, clause="",
        )  # fmt: skip
        session.add(other)
        session.flush()
        assert other.id > 7
    books.dispose()


def test_what_a_policy_writes_has_room_in_the_books_of_every_server(books: Engine) -> None:
    """PostgreSQL refuses a text that is longer than its column; a policy's clause has no bound."""
    for table, names in {
        "settlement_run": ("policy",),
        "settlement_result": ("reason",),
        "settlement_line": ("kind", "days", "share", "clause"),
        "case_task": ("clause",),
    }.items():
        columns = {each["name"]: each["type"] for each in inspect(books).get_columns(table)}
        for name in names:
            assert getattr(columns[name], "length", None) is None, f"{table}.{name}"


def test_terms_from_before_they_could_change_are_those_of_the_begin(books_url: str) -> None:
    older_books(
        books_url,
        "0028",
        "INSERT INTO change_record (id, at, actor, action, reason, files, details)"
        " VALUES (1, '2025-01-01', '{}', 'test', '', '[]', '{}')",
        "INSERT INTO place (id, code, kind, name, name_en, address, since, change_id) VALUES"
        " (1, 'co', 'company', '', '', '', '2024-01-01', 1), (2, 'H1', 'household', '', '', '', '2024-01-01', 1)",
        "INSERT INTO season (id, code, company_id, policy, since, until, zone, change_id)"
        " VALUES (1, '2025', 1, 'CN-HA-2018', '2024-11-15', '2025-03-16', 'Asia/Shanghai', 1)",
        "INSERT INTO contract_terms (id, household_id, season_id, agreed, bands, document, source, change_id)"
        " VALUES (1, 2, 1, '20', '', 'contract 7', '', 1)",
    )
    books = open_books(books_url)
    with Session(books) as session:
        kept = session.execute(select(ContractTerms)).scalar_one()
        assert (kept.agreed, kept.since, kept.until, kept.season_fee) == (
            Decimal(20),
            None,
            None,
            None,
        )
    books.dispose()


@pytest.mark.parametrize("seen", ["last_change", "sealed"])
def test_changes_after_an_upgrade_get_no_number_that_was_seen(tmp_path: Path, seen: str) -> None:
    """Refused imports took their records back, and an earlier heatwatch gave their numbers again."""
    url, run = str(tmp_path / "books.db"), 9 if seen == "last_change" else 1
    sealed = f'{{"sealed": {{"change": {10 - run}}}}}'.replace(":", "\\:")
    older_books(
        url,
        "0031",
        "INSERT INTO change_record (id, at, actor, action, reason, files, details)"
        " VALUES (1, '2025-01-01 00:00:00', 'user:li', 'test', '', '[]', '{}')",
        "INSERT INTO place (id, code, kind, name, name_en, address, since, change_id)"
        " VALUES (1, 'co', 'company', '', '', '', '2024-01-01 00:00:00', 1)",
        "INSERT INTO season (id, code, company_id, policy, since, until, zone, change_id)"
        " VALUES (1, '2025', 1, 'CN-HA-2018', '2024-11-15 00:00:00', '2025-03-16 00:00:00', 'UTC', 1)",
        "INSERT INTO settlement_run (id, season_id, policy, policy_sha256, snapshot_sha256, flush, made_at,"
        " state, households, total, currency, undetermined, drafted_by, approval_reason, last_change) VALUES"
        " (1, 1, 'CN-HA-2018', 'p', 's', 5, '2025-03-20 00:00:00', 'draft', 0, '0.00', 'CNY', 0, 'user:li',"
        f" '', {run})",
        "INSERT INTO ledger_entry (id, made_at, kind, season_id, run_id, amount, currency, body,"
        " previous_hash, hash, drafted_by, approved_by, version, number, company_id) VALUES"
        " (1, '2025-03-20 00:00:00', 'approval', 1, 1, '0.00', 'CNY',"
        f" '{sealed}', '', 'h', 'user:li', 'user:wu', 1, 1, 1)",
    )
    books = open_books(url)
    with books.begin() as link:
        assert record(link, TEST, "test") == 10
    books.dispose()
