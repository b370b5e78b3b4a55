"""No row of the books is written by nobody: a contract over every table."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, delete, insert, select, update
from sqlalchemy.exc import StatementError

from domain.actor import By, user
from store.books.base import ActorColumn
from store.books.changes import REGISTRY_IMPORT, ChangeRecord, begun, ended, record
from store.books.registry import Feed
from store.books.tables import METADATA
from tests.actors import TEST, WHEN

#: Tables whose rows name no actor of their own, and why none is missing.
BY_OTHERS = {
    "frozen_input": "kept under its hash and never changed; the runs that name it have a drafter",
    "settlement_result": "part of a run, which has its drafter; never changed",
    "settlement_left_out": "part of a run, which has its drafter; never changed",
    "settlement_line": "part of a run, which has its drafter; never changed",
    "registry_edit": "part of a change record, which has its actor; never changed",
    "change_seal": "written by the commit of the change record that it names",
    "registry_version": "a counter, grown in the transaction of a change record",
    "checkpoint": "its key is the program that follows",
    "inbound_message": "its sender is the phone; who that was stands in `actor` once it is known",
    "inbound_part": "part of an inbound message",
    "outbox": "made by the alert worker for an episode, which names it; sent by it alone",
}


def actors(table: Table) -> list[str]:
    """Columns that say who, and may not be empty."""
    return [
        column.name
        for column in table.columns
        if not column.nullable
        and (isinstance(column.type, ActorColumn) or column.name == "change_id")
    ]


def test_every_table_has_an_actor_or_a_reason_for_none() -> None:
    without = {name for name, table in METADATA.tables.items() if not actors(table)}
    assert without | {"registry_edit"} == set(BY_OTHERS)


def test_a_row_of_the_registry_without_a_record_is_refused(sqlite_books: Engine) -> None:
    with (
        pytest.raises(StatementError, match="a change needs its actor"),
        sqlite_books.begin() as link,
    ):
        link.execute(insert(Feed).values(code="a", live=True))


def test_a_change_of_a_row_without_a_record_is_refused(sqlite_books: Engine) -> None:
    with sqlite_books.begin() as link:
        record(link, TEST, "test")
        link.execute(insert(Feed).values(code="a", live=True))
    with (
        pytest.raises(StatementError, match="a change needs its actor"),
        sqlite_books.begin() as link,
    ):
        link.execute(update(Feed).values(live=False))


def test_a_changed_row_names_the_newest_record(books: Engine) -> None:
    for live in (True, False):
        with books.begin() as link:
            number = record(link, By(user("Li Wei"), WHEN, "wrong"), "test")
            if live:
                link.execute(insert(Feed).values(code="a", live=True))
            else:
                link.execute(update(Feed).values(live=False))
    with books.connect() as link:
        assert link.execute(select(Feed.change_id)).scalar_one() == number
        kept = link.execute(select(ChangeRecord).where(ChangeRecord.id == number)).one()
    assert (kept.actor, kept.at, kept.reason) == (user("Li Wei"), WHEN, "wrong")


def test_a_record_does_not_reach_the_next_transaction(sqlite_books: Engine) -> None:
    with sqlite_books.begin() as link:
        record(link, TEST, "test")
    with (
        pytest.raises(StatementError, match="a change needs its actor"),
        sqlite_books.begin() as link,
    ):
        link.execute(insert(Feed).values(code="a", live=True))


def test_a_long_work_is_recorded_with_its_files_before_it_begins(
    books: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "rooms.csv"
    file.write_bytes(b"abc")
    number = begun(books, TEST, "test", [file, tmp_path / "gone.csv"])
    ended(books, number, {"rows": 3})
    with books.connect() as link:
        kept = link.execute(select(ChangeRecord).where(ChangeRecord.id == number)).one()
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert kept.files == [
        {"file": "rooms.csv", "sha256": digest}, {"file": "gone.csv", "sha256": ""},
    ]  # fmt: skip
    assert kept.details == {"rows": 3}


def test_the_number_of_a_change_never_comes_again(books: Engine) -> None:
    """Also where its row is gone, as somebody may have taken it away."""
    with books.begin() as connection:
        first = record(connection, TEST, REGISTRY_IMPORT)
        connection.execute(delete(ChangeRecord))
        assert record(connection, TEST, REGISTRY_IMPORT) > first
