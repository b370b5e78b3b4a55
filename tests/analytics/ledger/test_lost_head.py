"""A head that an approval printed is looked for in the ledger it is said to be of."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from analytics.ledger.entries import approve
from analytics.ledger.lost_head import lost_head
from store.books.ledger import LedgerEntry
from store.books.registry import Place
from tests.actors import at
from tests.analytics.books import NOW, add, drafted

FOREIGN = "0" * 64


@pytest.fixture
def head(books: Engine) -> str:
    approve(books, drafted(books), at(NOW))
    add(books, Place(id=900, code="new-co", kind="company", name="新热力", since=NOW))
    with Session(books) as session:
        query = select(LedgerEntry.hash).order_by(LedgerEntry.number.desc())
        return session.scalars(query).first() or ""


def test_a_head_of_nobodys_is_said_of_the_one_ledger_there_is(books: Engine, head: str) -> None:
    with Session(books) as session:
        own = session.scalars(select(LedgerEntry.company_id)).first()
        assert lost_head(session, None, [head]) is None
        for company in (None, own):
            found = lost_head(session, company, [head, FOREIGN])
            assert found is not None
            assert found.company == "co"
            assert FOREIGN in str(found.why)


def test_a_head_of_another_company_is_named_with_its_ledger(books: Engine, head: str) -> None:
    with Session(books) as session:
        found = lost_head(session, 900, [head])
    assert found is not None
    assert (found.company, found.number) == ("new-co", 1)
    assert "in the ledger of company co; allowed: --company co" in str(found.why)


def test_where_nobody_has_a_ledger_none_is_named(books: Engine) -> None:
    with Session(books) as session:
        found = lost_head(session, None, [FOREIGN])
    assert found is not None
    assert (found.company, found.number) == ("", 1)
