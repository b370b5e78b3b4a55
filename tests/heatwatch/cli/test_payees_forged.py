"""Who was paid, changed in the ledger with all hashes made anew: each change is named."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from analytics.ledger.payments import OTHER, SAME
from analytics.ledger.verify import verify
from heatwatch.evaluate.forge import chained_anew
from heatwatch.wiring import open_world
from store.books.ledger import LedgerEntry
from tests.analytics.books import add, colder_record
from tests.heatwatch.cli.settled_town import config
from tests.heatwatch.cli.test_settle_held import desk, rename, sell, settle
from tests.heatwatch.cli.test_settle_payments import OF_SEASON, Desk

__all__ = ["config", "desk"]  # fixtures

Change = Callable[[LedgerEntry], None]


def of_body(name: str, value: object) -> Change:
    def change(entry: LedgerEntry) -> None:
        assert entry.body[name] != value
        entry.body = {**entry.body, name: value}

    return change


def of_entry(name: str, value: object) -> Change:
    def change(entry: LedgerEntry) -> None:
        assert getattr(entry, name) != value
        setattr(entry, name, value)

    return change


CHANGES: dict[str, Change] = {
    "was": of_body("was", "Li"),
    "payer": of_body("payer", "Li"),
    "stake": of_body("stake", "1.00"),
    "amount": of_entry("amount", 1),
    "household": of_entry("household_id", 12),
    "currency": of_entry("currency", "EUR"),
}


def named(books: Path, kind: str, change: Change | None) -> str:
    """The kind of damage of a copy of the books in which an entry of this kind is changed, or gone."""
    copy = books.with_name("forged.sqlite")
    with (
        contextlib.closing(sqlite3.connect(books)) as a,
        contextlib.closing(sqlite3.connect(copy)) as b,
    ):
        a.backup(b)
    engine = create_engine(f"sqlite:///{copy}")
    with Session(engine) as session, session.begin():
        entry = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == kind)).one()
        session.delete(entry) if change is None else change(entry)
        session.flush()
        chained_anew(session)
    broken = verify(engine)
    engine.dispose()
    return "" if broken is None else broken.damage.value


@pytest.mark.parametrize("kind", [SAME, OTHER])
def test_a_decision_who_was_paid_is_not_changed_unseen(desk: Desk, kind: str) -> None:
    desk.export()
    if kind == SAME:  # entered with the next batch, which pays what a correction adds
        rename(desk, "Wang")
        add(open_world(desk.config).books, colder_record())
        settle(desk)
        desk.export()
    else:
        sell(desk)
        of = ("payments", "decide", *OF_SEASON, "--household", "H1", "--payer", "Zhao")
        desk.call(*of, "--other", "--reason", "contract 88", "--by", "Li Wei")
        desk.export()
    books = desk.config.parent / "var/books.sqlite"
    assert desk.holds()
    found = {name: named(books, kind, change) for name, change in CHANGES.items()}
    other = OTHER if kind == SAME else SAME
    found["kind"] = named(books, kind, of_entry("kind", other))
    found["gone"] = named(books, kind, None)
    assert set(found.values()) == {"payment"}, found
