"""What a chain says of payments: what is owed to whom, what was exported, and what came of it.

The ledger's entries are taken one after the other. A batch is one entry, followed by one for each of
its payments; the bank's answers are entries, too, and so is the interest that a late payment bears.
So what is payable follows from the entries alone, and each of them can be held against those before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from analytics.law.deadlines import late_interest
from analytics.ledger import beside
from analytics.ledger.hashes import sha256_of
from analytics.ledger.payees import ZERO, Held, Payee, Payees, Standing
from analytics.ledger.postings import POSTED
from domain.actor import Actor
from domain.language import Text, msg, plural
from store.books.ledger import LedgerEntry

BATCH, PAYMENT = "payment_batch", "payment"
PAID, REJECTED, INTEREST = "payment_paid", "payment_rejected", "late_interest"
WAS_SEASON = "was_season"  # in a decision: the season in which they were sent it; left out: its own
SAME, OTHER = "payee_same", "payee_other"  # what settles a sum that is held
KINDS = frozenset({BATCH, PAYMENT, PAID, REJECTED, INTEREST, SAME, OTHER})
HELD = "held"  # in a batch: the sum that was held of its season then
LEFT_OUT = "left_out"  # in a batch: payees (household, payer) whom it leaves to the next one
EXPORTED = "exported"  # the state of a payment that the bank has not answered yet


class Row(NamedTuple):
    """One payment before it is exported."""

    payee: Payee
    amount: Decimal  # > 0
    interest: Decimal  # of it
    standing: Standing

    @property
    def whose(self) -> tuple[str, str]:
        """Code of the household, and payer."""
        return self.standing.code, self.payee.payer

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
    rate: Fraction | None = None  # by which; None: it bore none
    answers: list[tuple[str, date, str]] = field(default_factory=list)  # kind, day, reason

    @property
    def principal(self) -> Decimal:
        return self.amount - Decimal(self.body["interest"])

    @property
    def due(self) -> date | None:
        return date.fromisoformat(self.body["due"]) if self.body.get("due") else None

    def bears(self, paid: date, rate: Fraction, of: Decimal) -> Decimal:
        """Interest of a part of its principal for the days behind the due day."""
        return late_interest(of, self.currency, rate, self.due, paid)


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

    payees: Payees = field(default_factory=Payees)
    by_reference: dict[str, Payment] = field(default_factory=dict)
    of_payee: dict[Payee, list[Payment]] = field(default_factory=dict)  # by name, in their order
    batches: dict[int, Batch] = field(default_factory=dict)
    pending: list[Row] = field(default_factory=list)  # of the last batch, that have no entry yet
    previous: str = ""  # hash before the last batch
    holds: bool = False  # a batch or a decision has said what is held; none before it did
    #: Number of an entry -> payee, the name before, and the runs whose facts have both as one's.
    renamed: dict[int, tuple[Payee, str, tuple[int, int]]] = field(default_factory=dict)

    def copy(self) -> "Payments":
        """For a chain that goes on from one in which nothing was paid."""
        return Payments(self.payees.copy())

    def payable(self, season: int, *, holds: bool = True) -> list[Row]:
        """What the next batch pays: what is owed, neither on its way nor paid, and not held.

        Batches from before anything was held (`holds` false) paid that, too.
        """
        found, of = [], self.payees
        for household in of.households(season):
            standing = of.standing.get((season, household))
            if standing is None:
                continue
            held = of.held_of(season, household) if holds else {}
            for payee in of.of_household(season, household):
                rest = of.owed(payee) - of.was_sent(payee)
                rest -= held[payee].amount if payee in held else ZERO
                if rest > 0:
                    interest = min(of.unpaid_interest(payee), rest)
                    found.append(Row(payee, rest, interest, standing))
        return found

    def still_owed(self, payment: Payment) -> Decimal:
        """How much of a payment's principal is owed by now; what was sent before it comes first."""
        own = self.payees.names(payment.payee)
        sent = (
            each for name in own for each in self.of_payee.get(name, ()) if each.state != REJECTED
        )
        left = self.payees.principal(payment.payee)
        for each in sorted(sent, key=lambda each: (each.batch, each.reference)):
            if each is payment:
                break
            left -= each.principal
        return max(ZERO, min(payment.principal, left))

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
            if entry.kind in {SAME, OTHER}:
                return self.unfinished() or self._decides(entry)
        except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
            return msg("it does not say what it is about")
        return self.unfinished()

    def unfinished(self) -> Text | None:
        """That payments of the last batch are missing; None: it is whole."""
        if not self.pending:
            return None
        return plural(
            "{n} payment of batch {batch} is missing",
            "{n} payments of batch {batch} are missing",
            n=len(self.pending),
            batch=max(self.batches),
        )

    def _owes(self, entry: LedgerEntry) -> None:
        if entry.household_id is None:
            raise ValueError("an entry of nobody")
        sums: dict[str, Decimal] = {}
        for line in entry.body["lines"]:
            payer = line.get("payer", "")
            sums[payer] = sums.get(payer, ZERO) + Decimal(line["amount"])
        standing = Standing(
            sums, entry.run_id, entry.hash, entry.currency, str(entry.body["household"]),
            str(entry.body.get("name", "")),
        )  # fmt: skip
        self.payees.owes(entry.season_id, entry.household_id, standing)

    def _begins(self, entry: LedgerEntry) -> Text | None:
        self.holds = self.holds or HELD in entry.body
        self.payees.beside[entry.season_id] = beside.read(entry.body)
        rows, number = self.payable(entry.season_id, holds=self.holds), len(self.batches) + 1
        out = {(household, payer) for household, payer in entry.body.get(LEFT_OUT, ())}
        if not out <= {each.whose for each in rows}:
            return msg("batch {batch} does not pay what was payable then", batch=number)
        rows = [each for each in rows if each.whose not in out]
        told = {
            "batch": number, "rows": len(rows), "total": str(sum((r.amount for r in rows), ZERO)),
            "rows_sha256": rows_sha256(rows, entry.previous_hash),
        }  # fmt: skip
        if self.holds:
            told[HELD] = str(self.held(entry.season_id))
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
        self.of_payee.setdefault(row.payee, []).append(made)
        self._send(made, 1)
        return None

    def _send(self, payment: Payment, sign: int) -> None:
        interest = payment.amount - payment.principal
        self.payees.send(payment.payee, sign * payment.amount, sign * interest)

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
            payment.rate = Fraction(entry.body["rate"])
            of = payment.principal  # before corrections of the refund corrected interest
            if "of" in entry.body:
                of = self.still_owed(payment)
                if entry.body["of"] != str(of):
                    return msg(
                        "of payment {reference} {expected} was owed then",
                        reference=name,
                        expected=of,
                    )
            expected = payment.bears(payment.on, payment.rate, of) - payment.interest
        if entry.amount != expected or entry.amount == 0:
            return msg(
                "payment {reference} bears interest of {expected}, the entry says {found}",
                reference=name, expected=expected, found=entry.amount,
            )  # fmt: skip
        payment.interest += entry.amount
        self.payees.bears(payment.payee, entry.amount)
        return None

    def _decides(self, entry: LedgerEntry) -> Text | None:
        """That a payer whose sum is held is who was paid before, or is somebody else."""
        if entry.household_id is None:
            raise ValueError("an entry of nobody")
        self.holds = True
        self.payees.beside[entry.season_id] = beside.read(entry.body)
        payee = Payee(entry.season_id, entry.household_id, entry.body["payer"])
        then = entry.body.get(WAS_SEASON, payee.season)
        was = payee._replace(season=then, payer=entry.body["was"])
        found = self.decided(entry.kind, payee, was)
        if found is None:
            return msg(
                "it settles what is owed to {payer}, of whom nothing is held", payer=payee.payer
            )
        if entry.amount != 0 or entry.body["stake"] != str(found.amount):
            return msg(
                "of payer {payer} {expected} is held, the entry says {found}",
                payer=payee.payer, expected=found.amount, found=entry.body["stake"],
            )  # fmt: skip
        if entry.body.get("runs") is not None:
            self.renamed[entry.number] = payee, was.payer, tuple(entry.body["runs"])
        return None

    def decided(self, kind: str, payee: Payee, was: Payee) -> Held | None:
        """Takes what somebody decided of a sum that is held -> the sum; None: there is none.

        Whoever was sent it in another season, the same or not: they are paid for these days or not.
        """
        of = self.payees
        if kind == OTHER and was != payee and was in of.names(payee):
            of.is_apart(payee)
        was = of.person(was)
        held = of.held_of(payee.season, payee.household).get(payee)
        if held is None or was not in held.was or (kind == SAME and was.season != payee.season):
            return None
        if kind == SAME:
            of.is_same(was, payee)
        else:
            of.settle(held)
        return held

    def held(self, season: int) -> Decimal:
        """All that is held of a season."""
        return sum((each.amount for each in self.payees.held(season)), ZERO)


def may_follow(state: str, answer: str) -> bool:
    """Whether a bank's answer can follow: one that was paid may still come back, no other changes."""
    return state == EXPORTED or (state, answer) == (PAID, REJECTED)
