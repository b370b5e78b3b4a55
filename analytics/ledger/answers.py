"""The bank's answers into the ledger: paid, or rejected with a reason; all of a file or nothing of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from analytics.ledger.entries import chain_end, hold_ledger
from analytics.ledger.payees import ZERO
from analytics.ledger.paying import entry_of, standing_of, write
from analytics.ledger.payments import (
    INTEREST,
    PAID,
    REJECTED,
    Payment,
    Payments,
    may_follow,
)
from domain.actor import By
from domain.errors import WrongCall
from domain.language import Text, joined, msg
from store.books.ledger import LedgerEntry
from store.books.registry import Place

#: How far a bank's day may be from ours. [d]
AHEAD_DAYS = 1
SHOWN = 10  # wrong answers that are named


class Rate(NamedTuple):
    """What a late payment bears."""

    share: Fraction  # of the sum a day
    since: date | None  # from which day it holds; None: it was given with the answers
    document: str  # where it is written


#: The due day of a payment -> the contracts' late fee for it; None: none is known.
RateOf = Callable[[date], Rate | None]
#: A payment -> the clause that grants interest where it is late; "": none does.
Grants = Callable[[Payment], str]


class Answer(NamedTuple):
    """What the bank says of one payment."""

    where: Text  # file and row
    reference: str
    amount: Decimal
    currency: str
    kind: str  # PAID | REJECTED
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import of answers wrote."""

    paid: int
    rejected: int
    already: int  # answers that were there
    interest: Decimal  # posted for late payments
    currency: str
    head: str


def import_answers(
    engine: Engine, company: int, answers: Sequence[Answer], source: Mapping[str, str], by: By,
    grants: Grants, rate_of: RateOf, zone: tzinfo,
) -> Imported:  # fmt: skip
    """Writes the bank's answers, each once; a rejected payment is payable again.

    Interest of a payment behind its due day is an entry of its own, where its act grants it, with its
    rate and where that is written. `zone`: of the days of the city. WrongCall names every answer that
    fits no payment, and then nothing is written.
    """
    with Session(engine) as session, session.begin():
        hold_ledger(session)
        session.scalars(select(Place.id).where(Place.id == company).with_for_update()).one()
        end = chain_end(session, company)
        payments = standing_of(session, company)
        work = _Answers(payments, dict(source), by, grants, rate_of, zone)
        for each in answers:
            work.take(each)
        work.refuse_wrong()
        head = write(session, company, work.entries, by, end) if work.entries else end[1]
        return Imported(
            work.count[PAID], work.count[REJECTED], work.already, work.interest, work.currency, head
        )


class _Answers:
    """Answers that become entries, one after the other, beside what the ledger says already."""

    def __init__(
        self, payments: Payments, source: dict[str, str], by: By, grants: Grants,
        rate_of: RateOf, zone: tzinfo,
    ) -> None:  # fmt: skip
        self._payments, self._source, self._by = payments, source, by
        self._grants, self._rate_of, self._zone = grants, rate_of, zone
        self._wrong: list[Text] = []
        self.entries: list[dict[str, Any]] = []
        self.count = {PAID: 0, REJECTED: 0}
        self.already, self.interest, self.currency = 0, ZERO, ""

    def take(self, answer: Answer) -> None:
        payment = self._payments.by_reference.get(answer.reference)
        if payment is None:
            unknown = msg(
                "no payment was exported by the reference {reference}", reference=answer.reference
            )
            self._refuse(answer, unknown)
            return
        why = self._fits(payment, answer)
        if why is None and (answer.kind, answer.on, answer.reason) in payment.answers:
            self.already += 1
            return
        why = why or self._follows(payment, answer)
        if why is None:
            self._write(payment, answer)
        else:
            self._refuse(answer, why)

    def _refuse(self, answer: Answer, why: Text) -> None:
        self._wrong.append(msg("{where}: {why}", where=answer.where, why=why))

    def _fits(self, payment: Payment, answer: Answer) -> Text | None:
        if (answer.amount, answer.currency) != (payment.amount, payment.currency):
            return msg(
                "payment {reference} is over {amount} {currency}, not {found} {other}",
                reference=payment.reference, amount=payment.amount, currency=payment.currency,
                found=answer.amount, other=answer.currency,
            )  # fmt: skip
        made = self._payments.batches[payment.batch].made_at.astimezone(self._zone).date()
        latest = self._by.at.astimezone(self._zone).date()
        days = (answer.on - made).days, (answer.on - latest).days
        wrong_clock = (made - latest).days > AHEAD_DAYS  # when it was exported
        if (days[0] < -AHEAD_DAYS and not wrong_clock) or days[1] > AHEAD_DAYS:
            return msg(
                "payment {reference} was exported on {made}, the answer is of {on}; allowed: from then "
                "to today",
                reference=payment.reference, made=made, on=answer.on,
            )  # fmt: skip
        return None

    def _follows(self, payment: Payment, answer: Answer) -> Text | None:
        if may_follow(payment.state, answer.kind):
            return None
        return msg(
            "payment {reference} was {state} on {on}, and is {answer} in the file",
            reference=payment.reference, state=STATES[payment.state], on=payment.on,
            answer=STATES[answer.kind],
        )  # fmt: skip

    def _write(self, payment: Payment, answer: Answer) -> None:
        self.count[answer.kind] += 1
        self.currency = payment.currency
        body = {
            "reference": payment.reference, "batch": payment.batch, "on": answer.on.isoformat(),
            "reason": answer.reason, **self._source,
        }  # fmt: skip
        self._enter(answer.kind, payment, payment.amount, body)
        was = payment.interest
        if answer.kind == REJECTED:
            self._bear(payment, -was, {})
            return
        clause, due = self._grants(payment), payment.due
        of = self._payments.still_owed(payment)
        if not clause or due is None or answer.on <= due or of <= 0:
            return
        rate = self._rate_of(due)
        if rate is None:
            without = msg(
                "payment {reference} was due on {due} and paid on {on}; {clause} grants interest at "
                "the contract's late-fee rate: give it in the configuration, settlement.late_fees",
                reference=payment.reference, due=due, on=answer.on, clause=clause,
            )  # fmt: skip
            self._refuse(answer, without)
            return
        days = (answer.on - due).days
        told = {
            "days": days, "rate": str(rate.share), "clause": clause, "due": due.isoformat(),
            "rate_since": None if rate.since is None else rate.since.isoformat(),
            "rate_document": rate.document, "of": str(of),
        }  # fmt: skip
        self._bear(payment, payment.bears(answer.on, rate.share, of), told)

    def _bear(self, payment: Payment, amount: Decimal, told: dict[str, Any]) -> None:
        if amount == 0:
            return
        body = {"reference": payment.reference, "batch": payment.batch} | told
        self._enter(INTEREST, payment, amount, body)
        self.interest += amount

    def _enter(self, kind: str, payment: Payment, amount: Decimal, body: dict[str, Any]) -> None:
        payee = payment.payee
        told = {"household": payment.body["household"], "payer": payee.payer} | body
        entry = entry_of(kind, payee.season, payment.run, payment.currency, self._by) | {
            "household_id": payee.household, "amount": amount, "body": told,
        }  # fmt: skip
        self.entries.append(entry)
        fault = self._payments.take(LedgerEntry(**entry))
        assert fault is None, fault  # it was looked at before

    def refuse_wrong(self) -> None:
        """WrongCall with all that is wrong, up to a few."""
        if not self._wrong:
            return
        more = len(self._wrong) - SHOWN
        lines: list[Text | str] = [*self._wrong[:SHOWN]]
        if more > 0:
            lines.append(msg("and {n} more", n=more))
        raise WrongCall(msg("nothing was imported: {why}", why=joined("; ", lines)))


STATES = {
    "exported": msg("exported"), PAID: msg("paid"), REJECTED: msg("rejected"),
}  # fmt: skip
