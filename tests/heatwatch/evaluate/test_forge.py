"""Forged chains hold by their hashes: what finds them must look further."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from analytics.ledger.damage import Damage
from analytics.ledger.entries import approve
from analytics.ledger.verify import verify
from heatwatch.evaluate.forge import approvals_anew, chained_anew
from store.books.ledger import LedgerEntry
from tests.actors import at
from tests.analytics.books import NOW, drafted, fill
from tests.books import new_books


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Engine]:
    engine = new_books(tmp_path / "books.db")
    fill(engine)
    yield engine
    engine.dispose()


def test_an_untouched_chain_written_anew_is_the_same(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    query = select(LedgerEntry.number, LedgerEntry.hash).order_by(LedgerEntry.number)
    with Session(books) as session, session.begin():
        before = session.execute(query).all()
        approvals_anew(session)
        chained_anew(session)
        assert session.execute(query).all() == before


def test_a_changed_entry_holds_by_its_hashes_once_they_are_made_anew(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    change = text("UPDATE ledger_entry SET amount = '1.00' WHERE number = 1")
    with Session(books) as session, session.begin():
        session.execute(change)
    broken = verify(books)
    assert broken is not None
    assert broken.damage is Damage.ENTRY
    with Session(books) as session, session.begin():
        chained_anew(session)
    broken = verify(books)
    assert broken is not None
    assert broken.damage is not Damage.ENTRY
