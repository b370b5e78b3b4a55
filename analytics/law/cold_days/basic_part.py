"""The basic fee's part of a metered household's cold days, beside what its meter counted (7.11d: a project's choice).

Its lines are those of a household billed by area whose fee is the basic fee: each day's share of what an outage
left of it. Where nobody recorded the basic fee its part is open, at most that of the whole fee.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from analytics.kernels.settlement_days import HI, LO
from analytics.law import formulas
from analytics.law.calculator import Basis, Seconds
from analytics.law.cold_days.lines import ColdLineBuilder, Outcome
from analytics.law.lines import ZERO, Line, total


class Charged(NamedTuple):
    """What is charged on a day, for a whole season."""

    fee: Fraction
    basic: Decimal | None  # of it; None: not on record


class BasicPart(NamedTuple):
    """What the basic fee's part of a household's cold days comes to."""

    lines: tuple[Line, ...] = ()
    most: Decimal = ZERO  # with longer unknown stretches taken as below
    least: Decimal = ZERO  # and as compliant
    open_days: tuple[int, ...] = ()  # as the basic fee is not on record
    basics: tuple[Decimal, ...] = ()  # recorded, of which something is refunded


class BasicPartBuilder:
    """Draws it for the households of one season, each day by the basic fee that holds on it."""

    def __init__(self, basis: Basis, days: ColdLineBuilder) -> None:
        self._basis = basis
        self._days = days

    def draw(
        self, charged: Sequence[Charged], taken: Mapping[int, Seconds], outcome: Outcome
    ) -> BasicPart:
        """`charged` (d,); `taken` names the seconds of each day whose fee was paid before."""
        parts = [
            self._of(each, charged, taken, outcome)
            for each in dict.fromkeys(_basic(own) for own in charged)
        ]
        return BasicPart(
            tuple(line for each in parts for line in each.lines),
            sum((each.most for each in parts), ZERO),
            sum((each.least for each in parts), ZERO),
            tuple(sorted(d for each in parts for d in each.open_days)),
            tuple(basic for each in parts for basic in each.basics),
        )

    def _of(
        self, basic: tuple[Fraction, Decimal | None], charged: Sequence[Charged],
        taken: Mapping[int, Seconds], outcome: Outcome,
    ) -> BasicPart:  # fmt: skip
        """Of the days of one basic fee."""
        fee, recorded = basic
        smaller, below, compliant, larger = (
            {d: row for d, row in rows.items() if _basic(charged[d]) == basic}
            for rows in outcome[:4]
        )
        if recorded is None:
            most = self._days.lines(fee, taken, larger, HI)
            cold = [d for d, row in larger.items() if row[HI] or smaller[d][LO]]
            left = (d for d in cold if taken.get(d, 0) < int(self._basis.days.inside_s[d]))
            return BasicPart((), total(most), ZERO, tuple(left))
        if not fee:
            return BasicPart()
        gone = self._of_basic(charged, taken)
        lines = self._days.lines(fee, gone, smaller, LO)
        return BasicPart(
            tuple(self._told(fee, line) for line in lines),
            total(self._days.lines(fee, gone, larger, HI)),
            min(total(self._days.lines(fee, gone, each, LO)) for each in (below, compliant)),
            (),
            (recorded,) if lines else (),
        )

    def _of_basic(
        self, charged: Sequence[Charged], taken: Mapping[int, Seconds]
    ) -> dict[int, Seconds]:
        """Seconds of the basic fee that are paid: an outage's were counted as the basic part of the whole fee."""
        inside = self._basis.days.inside_s
        found = dict(taken)
        for d, seconds in taken.items():
            own = charged[d]
            part = _basic(own)[0] / own.fee if own.fee else Fraction(0)
            if part and seconds < (whole := int(inside[d])):  # else it is somebody else's
                found[d] = min(Fraction(whole), Fraction(seconds) / part)
        return found

    def _told(self, basic: Fraction, line: Line) -> Line:
        currency = self._basis.terms.currency
        return replace(line, formula=formulas.of_basic(basic, self._basis.count, line, currency))


def _basic(own: Charged) -> tuple[Fraction, Decimal | None]:
    """What cold days pay a share of, and what is recorded of it; without a record the whole fee, at most."""
    if own.basic is None:
        return own.fee, None
    return min(Fraction(own.basic), own.fee), own.basic
