"""What of the fees of a season time puts at stake in which something is open or was taken back, at most."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection, select

from domain.fee_gaps import FOREVER_US, Fee, uncharged
from domain.money import round_half_up
from domain.time import to_us
from store.books.current import Contract, ContractTerms, FeeSpan
from store.books.registry import Season


class Stakes:
    """The fees of a season, and when who is charged for them."""

    def __init__(self, link: Connection, season: Season) -> None:
        fees = select(
            Contract.household_id, Contract.season_fee, Contract.currency, Contract.standing_consent
        )
        rows = link.execute(fees.where(Contract.season_id == season.id)).all()
        self.fee = {row.household_id: row.season_fee for row in rows}
        self.consented = {row.household_id for row in rows if row.standing_consent}
        self._raise_fees(link, season)
        self.currency = next((row.currency for row in rows), "")
        self.rows = self._fee_rows(link)
        self._free = {home: uncharged(own) for home, own in self.rows.items()}
        self._since, self._until = to_us(season.since), to_us(season.until)

    def of(self, homes: Collection[int], since: datetime, until: datetime) -> Decimal:
        """The season fee of homes for the part of the season between, as far as they are charged."""
        begin = max(to_us(since), self._since)
        end = max(min(to_us(until), self._until), begin)
        owed = sum(
            (
                Fraction(self.fee[home]) * self._charged_us(home, begin, end)
                for home in homes
                if home in self.fee
            ),
            Fraction(0),
        )
        return round_half_up(owed / (self._until - self._since), self.currency)

    def _raise_fees(self, link: Connection, season: Season) -> None:
        """Where a fee changes inside the season: the highest, as the stake is what it is at most."""
        own = select(ContractTerms.household_id, ContractTerms.season_fee)
        own = own.where(ContractTerms.season_id == season.id, ContractTerms.season_fee.is_not(None))
        for home, fee in link.execute(own):
            if home in self.fee:
                self.fee[home] = max(self.fee[home], fee)

    def _fee_rows(self, link: Connection) -> dict[int, list[Fee]]:
        """Household -> the rows of who bears its fee, of those with a contract of the season."""
        query = select(FeeSpan.household_id, FeeSpan.since, FeeSpan.until, FeeSpan.state)
        rows: dict[int, list[Fee]] = {}
        for home, since, until, state in link.execute(query):
            if home in self.fee:
                ends = FOREVER_US if until is None else to_us(until)
                rows.setdefault(home, []).append(Fee(to_us(since), ends, state))
        return rows

    def _charged_us(self, home: int, since_us: int, until_us: int) -> int:
        """How much of a span somebody is charged for. [µs]"""
        free = self._free.get(home, ())
        return (
            until_us
            - since_us
            - sum(max(min(until_us, end) - max(since_us, begin), 0) for begin, end in free)
        )
