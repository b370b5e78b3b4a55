"""The bank's answers become entries once, all of a file or none of it."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from analytics.ledger.answers import SHOWN, Answer, Imported, Rate, import_answers
from analytics.ledger.entries import approve
from analytics.ledger.paying import export, standing_of
from analytics.ledger.payments import PAID, REJECTED, Payment
from analytics.ledger.verify import verify
from domain.errors import WrongCall
from domain.language import msg
from store.books.ledger import LedgerEntry
from tests.actors import at
from tests.analytics.books import NOW, SEASON, drafted
from tests.analytics.ledger.test_paying import DUE, exported

TODAY = NOW + timedelta(days=60)
RATE = Rate(Fraction("0.001"), date(2024, 1, 1), "contract, cl. 12")


@pytest.fixture
def sent(books: Engine) -> list[Payment]:
    """The payments of a first batch."""
    approve(books, drafted(books), at(NOW))
    return exported(books)[0].payments


def answer(payment: Payment, kind: str = PAID, on: date = DUE.day) -> Answer:
    reason = "closed" if kind == REJECTED else ""
    row = payment.reference, payment.amount, payment.currency
    return Answer(msg("row {n}", n=2), *row, kind, on, reason)


def enter(
    books: Engine, *answers: Answer, clause: str = "art. 46", zone: str = "Asia/Shanghai"
) -> Imported:
    who = at(TODAY)
    return import_answers(
        books, 1, answers, {}, who, lambda _: clause, lambda _: RATE, ZoneInfo(zone)
    )


def count(books: Engine) -> int:
    with Session(books) as session:
        return session.scalar(select(func.count()).select_from(LedgerEntry)) or 0


def test_interest_is_posted_for_lateness_and_taken_back_with_the_payment(
    books: Engine, sent: list[Payment]
) -> None:
    late = answer(sent[1], on=DUE.day + timedelta(days=3))
    done = enter(books, answer(sent[0]), late)
    assert (done.paid, done.interest) == (2, Decimal("0.30")), "100.00 for three days at 0.1 %"
    back = answer(sent[1], REJECTED, DUE.day + timedelta(days=3))
    assert enter(books, back).interest == Decimal("-0.30")
    again = enter(books, answer(sent[0]), late, back)
    assert (again.paid, again.rejected, again.already, again.currency) == (0, 0, 3, "")
    with Session(books) as session:
        (row,) = standing_of(session, 1).payable(1)
    assert (row.standing.code, row.amount, row.interest) == (
        "H2",
        Decimal("100.00"),
        Decimal("0.00"),
    )
    assert verify(books) is None


def test_a_law_without_interest_grants_none(books: Engine, sent: list[Payment]) -> None:
    late = answer(sent[1], on=DUE.day + timedelta(days=3))
    assert enter(books, late, clause="").interest == 0
    assert verify(books) is None


def test_a_payment_that_was_exported_under_a_clock_far_ahead_can_be_answered(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    ahead = at(TODAY + timedelta(days=3000))
    (first, *_) = export(books, SEASON, ahead, lambda _: DUE, lambda *_: "")[0].payments
    assert enter(books, answer(first)).paid == 1
    assert verify(books) is None


def test_many_wrong_answers_are_named_up_to_a_few(books: Engine, sent: list[Payment]) -> None:
    before = count(books)
    wrong = [answer(sent[0])._replace(reference=f"HW{i}") for i in range(SHOWN + 2)]
    with pytest.raises(WrongCall, match=r"nothing was imported: .*HW0; .*and 2 more"):
        enter(books, answer(sent[1]), *wrong)
    assert count(books) == before


def test_the_day_of_an_export_is_the_citys(books: Engine) -> None:
    """NOW is the evening before in New York: a bank's day is held against that, and it is what is said."""
    approve(books, drafted(books), at(NOW))
    first = export(books, SEASON, at(NOW), lambda _: DUE, lambda *_: "")[0].payments[0]
    said = "was exported on 2025-03-19, the answer is of 2025-03-17"
    with pytest.raises(WrongCall, match=said):
        enter(books, answer(first, on=date(2025, 3, 17)), zone="America/New_York")
    assert enter(books, answer(first, on=date(2025, 3, 18)), zone="America/New_York").paid == 1
