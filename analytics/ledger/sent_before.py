"""What was on its way to a household's payers, or paid, when a run was posted or drafted."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from analytics.ledger.drafts import Drafted
from analytics.ledger.payees import ZERO, Payee
from analytics.ledger.paying import standing_of
from analytics.ledger.payments import KINDS, Payments
from domain.errors import WrongCall
from store.books.ledger import LedgerEntry

#: Household place id -> payer, "" the contract's holder -> what was sent without interest.
Sent = Mapping[int, Mapping[str, Decimal]]


def sent_before(engine: Engine, company: int, season: int, run: Drafted) -> Sent | None:
    """Of a season of a company, place id; None where the ledger does not hold.

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
            payments = standing_of(session, company, upto=last or 0)
        except WrongCall:  # `settle verify` says at which entry
            return None
    return {home: _of_home(payments, season, home) for home in payments.payees.households(season)}


def _of_home(payments: Payments, season: int, home: int) -> dict[str, Decimal]:
    of = payments.payees
    return {each.payer: _principal(payments, each) for each in of.of_household(season, home)}


def _principal(payments: Payments, payee: Payee) -> Decimal:
    of = payments.payees
    return sum(
        (of.sent.get(each, ZERO) - of.sent_interest.get(each, ZERO) for each in of.names(payee)),
        ZERO,
    )
