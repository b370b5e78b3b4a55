"""The basic fee's part of a metered household's cold days, beside what its meter counted (7.11d: a project's choice).

Its lines are those of a household billed by area whose fee is the basic fee: each day's share of what an outage
left of it. Where nobody recorded the basic fee its part is open, at most that of the whole fee.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from analytics.kernels.settlement_days import HI, LO
from analytics.law import formulas
from analytics.law.calculator import Basis, Seconds
from analytics.law.cold_days.lines import ColdLineBuilder, Outcome
from analytics.law.lines import ZERO, Line, total
from domain.contract_terms import ContractTerms


class BasicPart(NamedTuple):
    """What the basic fee's part of a household's cold days comes to."""

    lines: tuple[Line, ...] = ()
    most: Decimal = ZERO  # with longer unknown stretches taken as below
    least: Decimal = ZERO  # and as compliant
    open_days: tuple[int, ...] = ()  # as the basic fee is not on record


class BasicPartBuilder:
    """Draws it for households of one season whose contracts say the same."""

    def __init__(self, basis: Basis, days: ColdLineBuilder, contract: ContractTerms) -> None:
        self._basis = basis
        self._days = days
        self._recorded = contract.basic_fee

    def draw(self, fee: Fraction, taken: Mapping[int, Seconds], outcome: Outcome) -> BasicPart:
        """`fee` is the whole season's; `taken` names the seconds of each day whose fee was paid before."""
        if self._recorded is None:
            most = self._days.lines(fee, taken, outcome.below, HI)
            cold = [d for d, row in outcome.below.items() if row[HI] or outcome.smaller[d][LO]]
            left = (d for d in cold if taken.get(d, 0) < int(self._basis.days.inside_s[d]))
            return BasicPart((), total(most), ZERO, tuple(left))
        basic = min(Fraction(self._recorded), fee)
        if not basic:
            return BasicPart()
        gone = self._of_basic(basic / fee, taken)
        lines = self._days.lines(basic, gone, outcome.smaller, LO)
        return BasicPart(
            tuple(self._told(basic, line) for line in lines),
            total(self._days.lines(basic, gone, outcome.below, HI)),
            total(self._days.lines(basic, gone, outcome.compliant, LO)),
        )

    def _of_basic(self, part: Fraction, taken: Mapping[int, Seconds]) -> dict[int, Seconds]:
        """Seconds of the basic fee that are paid: an outage's were counted as the basic `part` of the whole fee."""
        inside = self._basis.days.inside_s
        found = dict(taken)
        for d, seconds in taken.items():
            if seconds < (whole := int(inside[d])):  # else it is somebody else's
                of_basic = Fraction(seconds) / part
                found[d] = min(Fraction(whole), of_basic)
        return found

    def _told(self, basic: Fraction, line: Line) -> Line:
        currency = self._basis.terms.currency
        return replace(line, formula=formulas.of_basic(basic, self._basis.count, line, currency))
