"""What letters of a run say of payments: sent before it, and sent for the same days in other seasons."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import Engine

from analytics.ledger.drafts import Drafted, Kept
from analytics.ledger.payees import ZERO, Standing
from analytics.ledger.sent_before import (
    SentBeside,
    any_sent_beside,
    payments_then,
    sent_before,
    sent_beside,
)
from store.books.registry import Season


class PaidThen:
    """The payments of a season's company when a run of it was posted."""

    def __init__(self, books: Engine, season: Season, run: Drafted, *, corrects: bool) -> None:
        self._season = season.id
        self._run = run
        company = season.company_id
        self._any_beside = any_sent_beside(books, company, season.id)
        wanted = corrects or self._any_beside  # a company's whole chain is read for it
        self._payments = payments_then(books, company, run) if wanted else None

    def before(self, home: int) -> Mapping[str, Decimal] | None:
        """By payer, what had been sent to a household, a place id; None where the ledger does not hold."""
        return None if self._payments is None else sent_before(self._payments, self._season, home)

    def beside(self, home: int, own: Kept) -> SentBeside | None:
        """What had been sent to it in other seasons for the days of this one, as it is owed this; None: nothing."""
        if self._payments is None or not self._any_beside:
            return None
        sums: dict[str, Decimal] = {}
        for line in own.lines:
            payer = line.get("payer", "")
            sums[payer] = sums.get(payer, ZERO) + Decimal(line["amount"])
        run = self._run
        standing = Standing(sums, run.run, "", run.currency, own.household, "")
        return sent_beside(self._payments, self._season, home, standing)
