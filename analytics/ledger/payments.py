"""What a chain says of payments: what is owed to whom, what was exported, and what came of it.

The ledger's entries are taken one after the other. A batch is one entry, followed by one for each of
its payments; the bank's answers are entries, too, and so is the interest that a late payment bears.
So what is payable follows from the entries alone, and each of them can be held against those before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from analytics.ledger.hashes import sha256_of
from analytics.ledger.postings import POSTED
from domain.actor import Actor
from domain.language import Text, msg
from domain.money import round_half_up
from store.books.ledger import LedgerEntry

BATCH, PAYMENT = "payment_batch", "payment"
PAID, REJECTED, INTEREST = "payment_paid", "payment_rejected", "late_interest"
KINDS = frozenset({BATCH, PAYMENT, PAID, REJECTED, INTEREST})
EXPORTED = "exported"  # the state of a payment that the bank has not answered yet
ZERO = Decimal("0.00")


class Payee(NamedTuple):
    """Whom a sum is owed to: a household's payer, "" the contract's holder, in a season."""

    season: int  # its id
    household: int  # place id
    payer: str


class Standing(NamedTuple):
    """What a household's newest refund or correction says."""

    sums: Mapping[str, Decimal]  # by payer
    run: int
    entry: str  # its hash
    currency: str
    code: str
    name: str


class Row(NamedTuple):
    """One payment before it is exported."""

    payee: Payee
    amount: Decimal  # > 0
    interest: Decimal  # of it
    standing: Standing

    def body(self, number: int, reference: str) -> dict[str, Any]:
        """What its entry says that follows from the entries before it."""
        return {
            "household": self.standing.code, "name": self.standing.name, "payer": self.payee.payer,
            "interest": str(self.interest), "entry": self.standing.entry, "row": number,
            "reference": reference,
        }  # fmt: skip


@dataclass(slots=True)
class Payment:
    """One row of a batch and what came of it."""

    reference: str
    batch: int
    payee: Payee
    run: int
    amount: Decimal
    currency: str
    body: Mapping[str, Any]
    state: str = EXPORTED  # exported | payment_paid | payment_rejected
    on: date | None = None  # the day that the bank names
    reason: str = ""
    interest: Decimal = ZERO  # posted since for its lateness
    answers: list[tuple[str, date, str]] = field(default_factory=list)  # kind, day, reason

    @property
    def principal(self) -> Decimal:
        return self.amount - Decimal(self.body["interest"])

    @property
    def due(self) -> date | None:
        return date.fromisoformat(self.body["due"]) if self.body.get("due") else None

    def bears(self, paid: date, rate: Fraction) -> Decimal:
        """Interest of its principal, a share of it for each day behind the due day, rounded once."""
        days = 0 if self.due is None else max(0, (paid - self.due).days)
        return round_half_up(Fraction(self.principal) * rate * days, self.currency)


@dataclass(slots=True)
class Batch:
    """Payments that were exported together."""

    number: int  # of its company, from 1
    season: int
    run: int  # the season's last approved one
    made_at: Any
    actor: Actor
    head: str  # hash of its entry
    body: Mapping[str, Any]
    payments: list[Payment] = field(default_factory=list)


def batch_id(previous: str) -> str:
    """What the references of a batch begin with, from the hash of the entry before it."""
    return f"HW{previous[:10].upper()}"


def reference(previous: str, row: int) -> str:
    """What a payment is known by at the bank: 18 letters and digits.

    >>> reference("0123456789abcdef", 7)
    'HW0123456789000007'
    """
    return f"{batch_id(previous)}{row:06d}"


def rows_sha256(rows: list[Row], previous: str) -> str:
    """Over all of a batch: who gets how much, from which entry, by which reference."""
    return sha256_of(
        [
            [
                *each.body(n, reference(previous, n)).values(),
                str(each.amount),
                each.standing.currency,
            ]
            for n, each in enumerate(rows, 1)
        ]
    )


@dataclass(slots=True)
class Payments:
    """Entries of a chain up to one of them."""

    standing: dict[tuple[int, int], Standing] = field(default_factory=dict)  # season, household
    interest: dict[Payee, Decimal] = field(default_factory=dict)  # posted
    sent: dict[Payee, Decimal] = field(default_factory=dict)  # in payments that were not rejected
    sent_interest: dict[Payee, Decimal] = field(default_factory=dict)  # of it
    by_reference: dict[str, Payment] = field(default_factory=dict)
    batches: dict[int, Batch] = field(default_factory=dict)
    pending: list[Row] = field(default_factory=list)  # of the last batch, that have no entry yet
    previous: str = ""  # hash before the last batch

    def copy(self) -> "Payments":
        """For a chain that goes on from one in which nothing was paid."""
        return Payments(dict(self.standing))

    def owed(self, payee: Payee) -> Decimal:
        """All that the ledger says, interest with it."""
        standing = self.standing.get((payee.season, payee.household))
        own = ZERO if standing is None else standing.sums.get(payee.payer, ZERO)
        return own + self.interest.get(payee, ZERO)

    def payees(self, season: int) -> list[Payee]:
        """Everybody whom the season owes or paid something, by household and payer."""
        found = {
            Payee(of, household, payer)
            for (of, household), each in self.standing.items() if of == season
            for payer in each.sums
        }  # fmt: skip
        return sorted(
            found | {each for each in (*self.interest, *self.sent) if each.season == season}
        )

    def payable(self, season: int) -> list[Row]:
        """What the next batch pays: what is owed and neither on its way nor paid."""
        found = []
        for payee in self.payees(season):
            rest = self.owed(payee) - self.sent.get(payee, ZERO)
            standing = self.standing.get((payee.season, payee.household))
            if rest <= 0 or standing is None:
                continue
            interest = self.interest.get(payee, ZERO) - self.sent_interest.get(payee, ZERO)
            found.append(Row(payee, rest, min(interest, rest), standing))
        return found

    def overpaid(self, season: int) -> Iterator[tuple[Payee, Decimal]]:
        """Who was sent more than is owed by now, since a correction came after it."""
        for payee in self.payees(season):
            more = self.sent.get(payee, ZERO) - self.owed(payee)
            if more > 0:
                yield payee, more

    # -- taking entries ----------------------------------------------------------------------

    def take(self, entry: LedgerEntry) -> Text | None:
        """The next entry of the chain; what is wrong with it, if it does not follow from those before."""
        try:
            if entry.kind in POSTED:
                self._owes(entry)
                return self.unfinished()
            if entry.kind == PAYMENT:
                return self._pays(entry)
            if entry.kind == BATCH:
                return self.unfinished() or self._begins(entry)
            if entry.kind in {PAID, REJECTED}:
                return self.unfinished() or self._answers(entry)
            if entry.kind == INTEREST:
                return self.unfinished() or self._bears(entry)
        except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
            return msg("it does not say what it is about")
        return self.unfinished()

    def unfinished(self) -> Text | None:
        """That payments of the last batch are missing; None: it is whole."""
        if not self.pending:
            return None
        return msg(
            "{n} payments of batch {batch} are missing",
            n=len(self.pending),
            batch=max(self.batches),
        )

    def _owes(self, entry: LedgerEntry) -> None:
        assert entry.household_id is not None
        sums: dict[str, Decimal] = {}
        for line in entry.body["lines"]:
            payer = line.get("payer", "")
            sums[payer] = sums.get(payer, ZERO) + Decimal(line["amount"])
        self.standing[entry.season_id, entry.household_id] = Standing(
            sums, entry.run_id, entry.hash, entry.currency, str(entry.body["household"]),
            str(entry.body.get("name", "")),
        )  # fmt: skip

    def _begins(self, entry: LedgerEntry) -> Text | None:
        rows, number = self.payable(entry.season_id), len(self.batches) + 1
        told = {
            "batch": number, "rows": len(rows), "total": str(sum((r.amount for r in rows), ZERO)),
            "rows_sha256": rows_sha256(rows, entry.previous_hash),
        }  # fmt: skip
        if any(entry.body[name] != value for name, value in told.items()) or not rows:
            return msg("batch {batch} does not pay what was payable then", batch=number)
        self.pending, self.previous = rows[::-1], entry.previous_hash
        self.batches[number] = Batch(
            number, entry.season_id, entry.run_id, entry.made_at, entry.approved_by, entry.hash,
            entry.body,
        )  # fmt: skip
        return None

    def _pays(self, entry: LedgerEntry) -> Text | None:
        if not self.pending:
            return msg("a payment stands behind no batch")
        row, batch = self.pending.pop(), self.batches[len(self.batches)]
        number = len(batch.payments) + 1
        name = reference(self.previous, number)
        told = row.body(number, name)
        same = {key: entry.body[key] for key in told} == told and (
            (entry.household_id, entry.amount, entry.currency, entry.run_id, entry.season_id)
            == (
                row.payee.household,
                row.amount,
                row.standing.currency,
                row.standing.run,
                row.payee.season,
            )
        )
        if not same:
            return msg("payment {reference} is not what was payable then", reference=name)
        made = Payment(
            name, batch.number, row.payee, row.standing.run, row.amount, entry.currency, entry.body
        )
        batch.payments.append(made)
        self.by_reference[name] = made
        self._send(made, 1)
        return None

    def _send(self, payment: Payment, sign: int) -> None:
        payee, interest = payment.payee, payment.amount - payment.principal
        self.sent[payee] = self.sent.get(payee, ZERO) + sign * payment.amount
        self.sent_interest[payee] = self.sent_interest.get(payee, ZERO) + sign * interest

    def _answers(self, entry: LedgerEntry) -> Text | None:
        name = entry.body["reference"]
        payment = self.by_reference.get(name)
        if payment is None or payment.payee.household != entry.household_id:
            return msg("it answers for payment {reference}, which was not exported", reference=name)
        if (entry.amount, entry.currency) != (payment.amount, payment.currency):
            return msg(
                "payment {reference} is over {amount}, the answer over {found}",
                reference=name, amount=payment.amount, found=entry.amount,
            )  # fmt: skip
        if not may_follow(payment.state, entry.kind):
            return msg("payment {reference} was answered before", reference=name)
        payment.state, payment.reason = entry.kind, entry.body["reason"]
        payment.on = date.fromisoformat(entry.body["on"])
        payment.answers.append((payment.state, payment.on, payment.reason))
        if entry.kind == REJECTED:
            self._send(payment, -1)
        return None

    def _bears(self, entry: LedgerEntry) -> Text | None:
        name = entry.body["reference"]
        payment = self.by_reference.get(name)
        if payment is None or payment.payee.household != entry.household_id or payment.on is None:
            return msg("interest for payment {reference}, which was not paid", reference=name)
        if payment.state == REJECTED:
            expected = -payment.interest  # taken back: it was not paid after all
        else:
            rate = Fraction(entry.body["rate"])
            expected = payment.bears(payment.on, rate) - payment.interest
        if entry.amount != expected or entry.amount == 0:
            return msg(
                "payment {reference} bears interest of {expected}, the entry says {found}",
                reference=name, expected=expected, found=entry.amount,
            )  # fmt: skip
        payment.interest += entry.amount
        self.interest[payment.payee] = self.interest.get(payment.payee, ZERO) + entry.amount
        return None


def may_follow(state: str, answer: str) -> bool:
    """Whether a bank's answer can follow: one that was paid may still come back, no other changes."""
    return state == EXPORTED or (state, answer) == (PAID, REJECTED)
