"""Lines of cold days: the band's share of what an outage left of each day's fee (7.10)."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.settlement_days import HI, LO, MADE, PRESUMED
from analytics.law.calculator import Basis, ByDay, Seconds
from analytics.law.cold_days.decided import TakenAs
from analytics.law.cold_days.rules import Rules
from analytics.law.cold_days.table import DayBandTable
from analytics.law.lines import Line, total
from analytics.law.reasons import Reason
from analytics.law.steps import Step


@dataclass(frozen=True, slots=True)
class ColdLines:
    """A household's lines of cold days, and what they sum to in both bounds."""

    lines: tuple[Line, ...]
    upper: Decimal  # with longer unknown stretches taken as below
    lower: Decimal  # with each day taken as what pays less
    open_days: tuple[int, ...]
    taken: Mapping[int, Seconds]  # day -> what the lines pay of it
    settled: tuple[int, ...] = ()  # undetermined days that a decision settled
    waits_for: Reason | None = None  # what its open days wait for; None: for a measurement
    nothing: Reason | None = None  # why no line comes of days that have a share
    steps: tuple[Step, ...] = ()  # of what the lines rest on beside the days' shares


class Outcome(NamedTuple):
    """What a household's days pay, each as a row of kernels.settlement_days."""

    smaller: dict[int, list[int]]  # of the two bounds
    below: dict[int, list[int]]  # longer unknown stretches taken as below
    compliant: dict[int, list[int]]  # and as compliant
    larger: dict[int, list[int]]  # of the two: where values change a gap that is below may pay less
    open_days: list[int]
    settled: list[int]  # by a decision


#: Sums that are remembered: many homes have the same fee, and as many days at one share.
SAME = 4096
#: Of a household without decisions.
NOTHING_DECIDED: Mapping[int, TakenAs] = {}


def _as_decided(below: list[int], compliant: list[int], decided: TakenAs) -> list[int]:
    """A day's row with one share alone: what is known of it as below, or the least."""
    if not decided.below:
        least = min(compliant, below, key=lambda row: row[LO])
        return [least[LO], least[LO], *least[HI + 1 :]]
    share = below[HI]
    if below[LO] != below[HI]:  # nothing is known
        share = max(below[LO], min(decided.share, below[HI]))
    return [share, share, *below[HI + 1 :]]


class ColdLineBuilder:
    """Draws lines for the households of one season."""

    def __init__(self, basis: Basis, table: DayBandTable, rules: Rules) -> None:
        self._basis = basis
        self._table = table
        self._rules = rules
        self._inside: list[int] = basis.days.inside_s.tolist()
        length: list[int] = basis.days.length_s.tolist()
        # Whole numbers over common denominators: a part-day is `seconds * scale[d] / lcm`.
        self._lcm = math.lcm(*length)
        self._scale = [self._lcm // each for each in length]
        later = [(day, _clauses(each)) for day, each in rules.later]
        self._clause = ByDay(_clauses(rules), tuple(later))
        self._sums: dict[tuple[Seconds, ...], Line] = {}
        self._over = math.lcm(*(share.denominator for share in rules.shares))
        self._share = [int(share * self._over) for share in rules.shares]

    def draw(
        self, fee: Fraction, taken: Mapping[int, Seconds], day: NDArray[np.int16],
        decided: Mapping[int, TakenAs] = NOTHING_DECIDED,
    ) -> ColdLines:  # fmt: skip
        """One household's lines; `day` (2, d, 4) as kernels.settlement_days writes it.

        `taken` names the seconds of each day whose fee was paid before, `decided` what a decision
        takes a day as: it counts where the day is undetermined, and nowhere else.
        """
        smaller, below, compliant, larger, open_days, settled = self.outcome(taken, day, decided)
        lines = self.lines(fee, taken, smaller, LO)
        owed, paid = total(lines), dict(self.paid_of(taken, smaller))
        if not open_days:
            return ColdLines(lines, owed, owed, (), paid, tuple(settled))
        return ColdLines(
            lines,
            total(self.lines(fee, taken, larger, HI)),
            # a decision may take one day as below and another as compliant
            min(owed, *(total(self.lines(fee, taken, each, LO)) for each in (below, compliant))),
            tuple(open_days),
            paid,
            tuple(settled),
        )

    def outcome(
        self, taken: Mapping[int, Seconds], day: NDArray[np.int16], decided: Mapping[int, TakenAs]
    ) -> Outcome:
        """What each day pays in both bounds, and which of them are open."""
        days = np.flatnonzero(day[:, :, HI].any(axis=0))
        touched: list[int] = days.tolist()
        below, compliant = (dict(zip(touched, rows, strict=True)) for rows in day[:, days].tolist())
        smaller, open_days, settled = {}, [], []
        for d in touched:
            zero, one = below[d], compliant[d]
            smaller[d] = min(one, zero, key=lambda row: row[LO])
            same = zero[LO] == zero[HI] == one[LO] == one[HI]
            if same or self._inside[d] <= taken.get(d, 0):
                continue
            if d in decided:
                smaller[d] = below[d] = compliant[d] = _as_decided(zero, one, decided[d])
                settled.append(d)
            else:
                open_days.append(d)
        larger = {d: max(below[d], compliant[d], key=lambda row: row[HI]) for d in touched}
        return Outcome(smaller, below, compliant, larger, open_days, settled)

    def paid_of(
        self, taken: Mapping[int, Seconds], rows: Mapping[int, list[int]]
    ) -> Iterator[tuple[int, Seconds]]:
        """What each day's lines pay of it, as seconds of its fee."""
        for d, row in rows.items():
            own = (self._inside[d] - taken.get(d, 0)) * self._share[row[LO]]
            if own > 0:
                whole, rest = divmod(own, self._over)
                yield d, Fraction(own) / self._over if rest else whole

    def lines(
        self, fee: Fraction, taken: Mapping[int, Seconds], rows: Mapping[int, list[int]], bound: int
    ) -> tuple[Line, ...]:
        """Those of days that pay the shares of a bound of their rows, LO or HI."""
        return tuple(self._temperature(fee, taken, rows, bound))

    def _temperature(
        self, fee: Fraction, taken: Mapping[int, Seconds], rows: Mapping[int, list[int]], bound: int
    ) -> Iterator[Line]:
        """Consecutive days at one fraction of the daily fee are one line, whatever made it."""
        first = last = band = 0
        paid: Seconds = 0
        each: Seconds = 0
        clauses: dict[str, None] = {}  # in the order of the days, each once
        for d, row in rows.items():
            left = self._inside[d] - taken.get(d, 0)
            if row[bound] == 0 or left <= 0:
                continue
            own = left * self._scale[d] * self._share[row[bound]]
            if paid and (each != own or last != d - 1):
                yield self._cold_line(fee, first, last, paid, band, clauses)
                paid = 0
            if not paid:
                first, each, band, clauses = d, own, row[bound], {}
            clauses[self.clause_of(row[bound], row[MADE], d)] = None
            last, paid = d, paid + own
        if paid:
            yield self._cold_line(fee, first, last, paid, band, clauses)

    def clause_of(self, band: int, made: int, day: int) -> str:
        if made == PRESUMED:
            return self._table.presumptions.clause
        return self._clause.on(day)[band]

    def _cold_line(
        self, fee: Fraction, first: int, last: int, paid: Seconds, band: int, clauses: Iterable[str]
    ) -> Line:
        """`paid` daily fees over the common denominators, shown at the first day's share."""
        key = fee.numerator, fee.denominator, paid, band
        same = self._sums.get(key)
        if same is None:
            if len(self._sums) == SAME:
                self._sums.clear()
            days, share = Fraction(paid, self._lcm * self._share[band]), self._rules.shares[band]
            same = self._basis.line("temperature", fee, first, last, days, share, "")
            self._sums[key] = same
        shown = self._basis.days.days
        return Line(
            same.kind, shown[first], shown[last], same.days, same.share, same.amount,
            "; ".join(clauses), exact=same.exact,
        )  # fmt: skip


def _clauses(rules: Rules) -> list[str]:
    """Of each share the clause of the band that pays it; "" where none does."""
    bands = sorted(rules.bands, key=lambda band: band.refund)
    clause = {band.refund: band.clause for band in bands}
    return [clause.get(share, "") for share in rules.shares]
