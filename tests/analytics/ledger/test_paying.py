"""A batch is written whole and once, also when two clerks export at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from analytics.law.deadlines import Deadline
from analytics.ledger.entries import approve
from analytics.ledger.paying import any_batch, export, standing_of
from analytics.ledger.payments import Batch
from analytics.ledger.verify import verify
from domain.errors import WrongCall
from tests.actors import at
from tests.analytics.books import NOW, SEASON, drafted

LATER = NOW + timedelta(days=30)
DUE = Deadline(date(2025, 5, 15), "art. 28", True)


def exported(books: Engine, name: str = "tester") -> tuple[Batch, bool]:
    return export(books, SEASON, at(LATER, name), lambda _: DUE, lambda *_: "")


def test_nothing_is_payable_before_an_approval(books: Engine) -> None:
    drafted(books)
    with pytest.raises(WrongCall, match="nothing is payable"):
        exported(books)
    with Session(books) as session:
        assert not any_batch(session, 1)


@pytest.mark.parametrize("engine", ["books", "on_postgres"])
def test_two_exports_at_once_are_one_batch(engine: str, request: pytest.FixtureRequest) -> None:
    books: Engine = request.getfixturevalue(engine)
    approve(books, drafted(books), at(NOW))
    with ThreadPoolExecutor(2) as clerks:
        found = list(clerks.map(lambda name: exported(books, name), ("Li", "Wang")))
    assert sorted(already for _, already in found) == [False, True]
    assert {batch.number for batch, _ in found} == {1}
    with Session(books) as session:
        payments = standing_of(session, 1)
        assert any_batch(session, 1)
    assert len(payments.by_reference) == 4
    assert {each.due for each in payments.by_reference.values()} == {DUE.day}
    assert verify(books) is None


def test_an_export_answers_with_the_batch_that_the_ledger_read_anew_has(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    batch, _ = exported(books)
    with Session(books) as session:
        anew = standing_of(session, 1)
    assert batch == anew.batches[1]
    assert len(batch.payments) == len(anew.by_reference) == 4


def test_a_ledger_that_does_not_hold_pays_nothing(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    with books.begin() as link:
        link.execute(text("UPDATE ledger_entry SET amount = '900.00' WHERE number = 2"))
    with pytest.raises(WrongCall, match="does not hold at entry 2: nothing is paid"):
        exported(books)
