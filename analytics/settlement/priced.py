"""Lines of a season whose fee changes: each day that a line lies on has the fee of that day."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from analytics.law.calculator import Basis, part_days
from analytics.law.formulas import product
from analytics.law.lines import Line, exact_amount, total
from analytics.law.season_sums import at_most
from analytics.settlement.stretches import weights
from domain.money import round_half_up


@dataclass(frozen=True, slots=True)
class Priced:
    """The fees of a household's days."""

    basis: Basis
    fee: Sequence[Fraction]  # (d,) for a whole season, that holds on each day
    closed: Container[int]  # days that were not charged

    def due(self) -> Fraction:
        """What was charged for the season: the daily fees of its days."""
        parts = self._parts([d for d in range(len(self.fee)) if d not in self.closed])
        return sum((self.fee[d] * part for d, part in parts.items()), Fraction(0)) / (
            self.basis.count
        )

    def _parts(self, days: Sequence[int]) -> dict[int, Fraction]:
        """Day -> its part inside the season."""
        inside = self.basis.days.inside_s.tolist()
        return {d: part_days(self.basis, {d: inside[d]}) for d in days}

    def by_day(self, line: Line) -> Iterator[Line]:
        """The line cut where the fee changes, each part at the fee of its days and rounded once."""
        days = self.basis.days.days
        among = [d for d in line.among(days) if d not in self.closed]
        held = weights(self.basis, line, among)
        whole = sum(held.values(), Fraction(0))
        for _, run in groupby(among, key=lambda d: self.fee[d]):
            own = list(run)
            part = sum((held.get(d, Fraction(0)) for d in own), Fraction(0)) / whole
            if part:
                seconds = tuple((d, s) for d, s in line.seconds if d in set(own))
                cut = replace(
                    line, first=days[own[0]], last=days[own[-1]], days=line.days * part,
                    seconds=seconds,
                )  # fmt: skip
                yield self._at(cut, self.fee[own[0]])

    def within_due(self, paid: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
        """The lines, which with those `paid` before come to at most what is due over the season."""
        currency = self.basis.terms.currency
        whole: Decimal = round_half_up(self.due(), currency)
        found: list[Line] = []
        for line in lines:
            own = at_most(line, whole, total([*paid, *found]), currency)
            found += [own] if own.amount or not line.amount else []  # nothing is left for it
        return found

    def _at(self, line: Line, fee: Fraction) -> Line:
        count, currency = self.basis.count, self.basis.terms.currency
        exact = exact_amount(fee, line.days, line.share, count)
        own = replace(line, amount=round_half_up(exact, currency), exact=exact)
        return replace(own, formula=product(fee, count, own, currency))
