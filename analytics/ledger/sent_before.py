"""What was on its way to a household's payers, or paid, when a run was posted or drafted."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from analytics.ledger.beside import seasons_beside
from analytics.ledger.drafts import Drafted
from analytics.ledger.payees import ZERO, Payee, Standing
from analytics.ledger.paying import any_batch, standing_of
from analytics.ledger.payments import KINDS, Payments
from domain.errors import WrongCall
from store.books.ledger import LedgerEntry

#: Payer, "" the contract's holder -> what was sent without interest.
Sent = Mapping[str, Decimal]


class SentBeside(NamedTuple):
    """What was sent to a household for the same days in other seasons, and what is held for it."""

    sent: Mapping[str, Decimal]  # by the season's code, without interest
    held: Decimal  # of what this season owes


def payments_then(engine: Engine, company: int, run: Drafted) -> Payments | None:
    """A company's payments, by its place id, when a run was posted; None where the ledger does not hold.

    Batches that follow a run change nothing of it: it is the same whenever it is asked for.
    """
    with Session(engine) as session:
        own = LedgerEntry.company_id == company
        posted = own, LedgerEntry.run_id == run.run, LedgerEntry.kind.not_in(KINDS)
        last = session.scalar(select(func.max(LedgerEntry.number)).where(*posted))
        if last is None:
            by_then = own, LedgerEntry.made_at <= run.dated
            last = session.scalar(select(func.max(LedgerEntry.number)).where(*by_then))
        try:
            return standing_of(session, company, upto=last or 0)
        except WrongCall:  # `settle verify` says at which entry
            return None


def any_sent_beside(engine: Engine, company: int, season: int) -> bool:
    """Whether anything was ever exported of a season that covers days of this one."""
    with Session(engine) as session:
        others = seasons_beside(session, company).get(season, {})
        return bool(others) and any_batch(session, *others)


def sent_before(payments: Payments, season: int, home: int) -> dict[str, Decimal]:
    """What had been sent to each payer of a household, a place id, in a season."""
    of = payments.payees
    return {each.payer: _principal(payments, each) for each in of.of_household(season, home)}


def sent_beside(
    payments: Payments, season: int, home: int, standing: Standing
) -> SentBeside | None:
    """The same of other seasons that cover its days, where the season owes a household what a run says.

    None: nothing was sent in them. A draft's sums are not posted yet.
    """
    of = payments.payees
    codes = of.beside.get(season, {})
    of.owes(season, home, standing)
    sent: dict[str, Decimal] = {}
    for payee, amount in of.sent_beside(season, home).items():
        code = codes[payee.season]
        sent[code] = sent.get(code, ZERO) + amount
    held = sum(
        (
            each.amount
            for each in of.held_of(season, home).values()
            if any(was.season != season for was in each.was)
        ),
        ZERO,
    )
    return SentBeside(sent, held) if sent else None


def _principal(payments: Payments, payee: Payee) -> Decimal:
    of = payments.payees
    return sum(
        (of.sent.get(each, ZERO) - of.sent_interest.get(each, ZERO) for each in of.names(payee)),
        ZERO,
    )
