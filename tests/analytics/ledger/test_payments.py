"""What is payable follows from the entries of a chain, one after the other."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from analytics.ledger.payees import ZERO, Payee
from analytics.ledger.payments import (
    EXPORTED,
    PAID,
    REJECTED,
    Payment,
    Payments,
    Row,
    may_follow,
    reference,
    rows_sha256,
)
from domain.actor import user
from store.books.ledger import LedgerEntry

SEASON, HOME = 1, 11


def refund(*lines: tuple[str, str], kind: str = "refund", run: int = 1) -> LedgerEntry:
    """A household's refund or correction, its lines by payer and amount."""
    body: dict[str, Any] = {
        "household": "H1", "name": "5-2",
        "lines": [{"payer": payer, "amount": amount} for payer, amount in lines],
    }  # fmt: skip
    made = LedgerEntry(kind=kind, season_id=SEASON, household_id=HOME, run_id=run, currency="CNY")
    made.body, made.hash, made.approved_by = body, f"hash of run {run}", user("li")
    made.made_at = datetime(2025, 4, 1, tzinfo=UTC)
    return made


def test_lines_are_summed_by_payer_and_a_correction_takes_their_place() -> None:
    payments = Payments()
    assert payments.take(refund(("", "10.00"), ("Wang", "5.00"), ("", "2.50"))) is None
    assert [(r.payee.payer, r.amount) for r in payments.payable(SEASON)] == [
        ("", Decimal("12.50")), ("Wang", Decimal("5.00")),
    ]  # fmt: skip
    assert payments.take(refund(("Wang", "7.00"), kind="correction", run=2)) is None
    (row,) = payments.payable(SEASON)
    assert (row.payee.payer, row.amount, row.standing.run) == ("Wang", Decimal("7.00"), 2)
    assert payments.payable(2) == []


def batch(left_out: list[list[str]], *rows: Row) -> LedgerEntry:
    made = refund(kind="payment_batch")
    made.previous_hash, made.number = "0" * 64, 2
    made.body = {
        "batch": 1, "rows": len(rows), "total": str(sum((each.amount for each in rows), ZERO)),
        "rows_sha256": rows_sha256([*rows], made.previous_hash), "held": "0.00", "left_out": left_out,
    }  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("left_out", "holds"),
    [([["H1", "Wang"]], True), ([["H1", "Li"]], False), ([["H1", "Wang"], ["H9", ""]], False), ([], False)],
)  # fmt: skip
def test_a_batch_leaves_out_payees_who_were_payable_and_no_others(
    left_out: list[list[str]], *, holds: bool
) -> None:
    payments = Payments()
    payments.take(refund(("", "12.50"), ("Wang", "5.00")))
    first, _ = payments.payable(SEASON)
    wrong = payments.take(batch(left_out, first))
    assert (wrong is None) is holds
    if holds:
        assert [row.whose for row in payments.payable(SEASON)] == [("H1", ""), ("H1", "Wang")]
    else:
        assert str(wrong) == "batch 1 does not pay what was payable then"


def test_what_was_sent_too_much_is_named_and_not_payable() -> None:
    payments = Payments()
    payments.take(refund(("", "10.00")))
    payee = Payee(SEASON, HOME, "")
    payments.payees.sent[payee] = Decimal("12.00")
    assert payments.payable(SEASON) == []
    assert list(payments.payees.overpaid(SEASON)) == [(payee, Decimal("2.00"))]


def test_an_entry_without_its_parts_does_not_say_what_it_is_about() -> None:
    for kind in ("refund", "payment_batch", "payment_paid", "late_interest"):
        entry = refund(kind=kind)
        entry.body = {}
        assert str(Payments().take(entry)) == "it does not say what it is about"
    whole = refund(("", "1.00"))
    whole.household_id = None
    assert str(Payments().take(whole)) == "it does not say what it is about"
    lost = refund(kind="payment")
    assert str(Payments().take(lost)) == "a payment stands behind no batch"


@pytest.mark.parametrize(
    ("state", "answer", "allowed"),
    [
        (EXPORTED, PAID, True), (EXPORTED, REJECTED, True), (PAID, REJECTED, True),
        (PAID, PAID, False), (REJECTED, PAID, False), (REJECTED, REJECTED, False),
    ],
)  # fmt: skip
def test_an_answer_follows_once_and_what_was_paid_may_come_back(
    state: str, answer: str, *, allowed: bool
) -> None:
    assert may_follow(state, answer) is allowed


@pytest.mark.parametrize(
    ("paid", "interest"),
    [(date(2025, 6, 3), "0.00"), (date(2025, 6, 4), "0.01"), (date(2025, 6, 13), "0.13")],
)
def test_only_the_principal_bears_interest_for_each_day_behind_the_due_day(
    paid: date, interest: str
) -> None:
    body = {"interest": "3.00", "due": "2025-06-03"}
    payment = Payment("HW1", 1, Payee(SEASON, HOME, ""), 1, Decimal("28.00"), "CNY", body)
    assert payment.bears(paid, Fraction("0.0005"), payment.principal) == Decimal(interest)


def test_references_are_short_and_plain() -> None:
    made = reference("abcdef0123" + "0" * 54, 12)
    assert (made, len(made), made.isalnum()) == ("HWABCDEF0123000012", 18, True)
