"""The first row that holds no values is found, of however many."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from analytics.ledger.entries import approve
from analytics.ledger.unreadable import unreadable
from store.books.ledger import SettlementResult
from tests.actors import at
from tests.analytics.books import NOW, drafted


def test_books_that_can_be_read_have_none(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    with Session(books) as session:
        assert unreadable(session) is None


@pytest.mark.parametrize("row", [1, 2, 3, 4])
def test_the_first_of_several_is_named_with_its_fault(books: Engine, row: int) -> None:
    drafted(books)
    with books.begin() as link:
        link.execute(text(f"UPDATE settlement_result SET total = 'x{row}' WHERE id >= {row}"))
    with Session(books) as session:
        found = unreadable(session)
    assert found is not None
    assert (found.table, found.row) == (SettlementResult, row)
    assert f"row {row} of table settlement_result can't be read" in str(found.why)
