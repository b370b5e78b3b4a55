"""An approval covers the evidence: what is changed in it behind the books' back is named by table."""

import pytest
from sqlalchemy import Engine, text

from analytics.ledger.damage import Damage
from analytics.ledger.entries import approve
from analytics.ledger.sealed import seal_faults
from analytics.ledger.verify import verify
from tests.actors import at
from tests.analytics.books import NOW, add, colder_record, drafted


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            "UPDATE contract SET season_fee = '1.00' WHERE id = 2",
            "rows of table contract that were recorded before run 2 was approved were changed",
        ),
        ("DELETE FROM request WHERE id = 1", "of the rows of table request that were recorded"),
        (
            'INSERT INTO request (household_id, at, "by", change_id, source) '
            "VALUES (13, '2025-01-09 00:00:00', '', 1, '')",
            "1 rows of table request say that they were recorded before run 2",
        ),
    ],
)
def test_evidence_changed_behind_the_books_back_is_named_once(
    books: Engine, change: str, why: str
) -> None:
    for _ in range(2):
        approve(books, drafted(books), at(NOW))
    add(books, colder_record())
    assert list(seal_faults(books)) == []
    with books.begin() as link:
        link.execute(text(change))
    assert verify(books) is None
    (found,) = seal_faults(books)
    assert (found.damage, why in str(found.why)) == (Damage.EVIDENCE, True)


def test_evidence_that_came_between_two_approvals_is_sealed_by_the_second(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    add(books, colder_record())
    approve(books, drafted(books), at(NOW))
    with books.begin() as link:
        link.execute(text("UPDATE measurement_record SET celsius = '17.9'"))
    (found,) = seal_faults(books)
    assert "table measurement_record" in str(found.why)
    assert found.number == 7
