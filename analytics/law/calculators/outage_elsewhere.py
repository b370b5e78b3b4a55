"""`outage_elsewhere`: a long outage is refunded by rules that the act only points to: undetermined."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece, Seconds
from analytics.law.calculators.outage_time import OutageLengthTable
from analytics.law.outages import Outage, OutageClaims, outage_step
from analytics.law.reasons import NO_OUTAGE, OUTAGE_BY_OTHER_RULES, OUTAGE_TOO_SHORT, Reason
from analytics.law.sense import hours_fault
from analytics.law.steps import Step, day, step
from analytics.law.terms import Row, Table, Terms, stated
from domain.language import Text, msg
from domain.time import US


class OutageElsewhereTable(OutageLengthTable):
    """From which length an outage is refunded by other rules."""

    def leaves_open(self, lasts: timedelta, _at_ends: bool, /) -> bool:
        return self.is_long(lasts // US)

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        yield msg("outage"), msg("{length}: by other rules", length=self.wanted()), self.clause


class Calculator:
    """It pays nothing and takes nothing: cold is settled as if there were no outage (7.20)."""

    Table: ClassVar[type[Table]] = OutageElsewhereTable
    reasons: ClassVar[tuple[Reason, ...]] = (NO_OUTAGE, OUTAGE_TOO_SHORT, OUTAGE_BY_OTHER_RULES)
    kinds: ClassVar[Mapping[str, Text]] = {}
    interpretations: ClassVar[tuple[str, ...]] = ("outage-by-other-rules",)
    request_clause = ""

    def __init__(self, basis: Basis, table: OutageElsewhereTable) -> None:
        self._basis = basis
        self._table = table
        self._tables = basis.by_day(table)
        self._outages = OutageClaims(basis, self._claim, table.clause)
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: OutageElsewhereTable) -> Iterator[Text]:
        yield from hours_fault("continuous_h", table.continuous_h)
        yield from stated(terms, "outages", "outage-by-other-rules", True)

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        return self._outages.of(piece, before)

    def _claim(
        self, _fee: Fraction, outages: Sequence[Outage], _taken: Mapping[int, Seconds]
    ) -> Claim:
        long = [each for each in outages if self._of(each).pays(each)]
        days = sorted({d for each in long for d, _ in each.seconds})
        steps = (*(self._step(each) for each in outages), *(self._open(each) for each in long))
        if not long:
            return Claim(reason=OUTAGE_TOO_SHORT, steps=steps)
        return Claim(open_days=tuple(days), waits_for=OUTAGE_BY_OTHER_RULES, steps=steps)

    def _of(self, outage: Outage) -> OutageElsewhereTable:
        """The table that was in force when it began."""
        return self._tables.on(outage.began(self._basis.days))

    def _step(self, outage: Outage) -> Step:
        table = self._of(outage)
        long = table.pays(outage)
        return outage_step(outage, self._basis.at, table.clause, table.wanted(), met=long)

    def _open(self, outage: Outage) -> Step:
        """That the sum is open; the temperature of the days is settled all the same."""
        days = self._basis.days.days
        first, last = (days[outage.seconds[i][0]].isoformat() for i in (0, -1))
        text = msg(
            "{first} to {last}: refunded by rules that were not seen, no sum; cold is settled as if "
            "there were no outage",
            first=day(first), last=day(last),
        )  # fmt: skip
        return step("outage_by_other_rules", self._of(outage).clause, text, first=first, last=last)
