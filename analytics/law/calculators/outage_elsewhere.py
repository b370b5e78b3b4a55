"""`outage_elsewhere`: a long outage is refunded by rules that the act only points to: undetermined."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import Snapshot
from analytics.law.applied import LATE_START
from analytics.law.calculator import Basis, Claim, Piece, Seconds
from analytics.law.calculators.outage_time import AT_ENDS, WHEN_AT_ENDS, OutageLengthTable
from analytics.law.lines import total
from analytics.law.outage_decisions import WORDS, Decisions, decisions_of, settled
from analytics.law.outages import (
    NOTHING,
    Outage,
    OutageClaims,
    judged_by_length,
    left_of,
    outage_step,
    reaches_an_end,
)
from analytics.law.reasons import (
    NO_OUTAGE,
    OUTAGE_BY_OTHER_RULES,
    OUTAGE_NOT_REFUNDED,
    OUTAGE_TOO_SHORT,
    Reason,
)
from analytics.law.sense import hours_fault
from analytics.law.steps import Step, day, step
from analytics.law.terms import Row, Table, Terms, stated
from domain.language import Text, msg
from domain.time import US


class OutageElsewhereTable(OutageLengthTable):
    """From which length an outage is refunded by other rules."""

    behind_changes: ClassVar[bool] = True

    season_ends: bool = False  # also a late start and an early end, however short they are

    def leaves_open(self, lasts: timedelta, at_ends: bool, /) -> bool:
        return self.is_long(lasts // US) or (at_ends and self.season_ends)

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        yield msg("outage"), msg("{length}: by other rules", length=self.wanted()), self.clause
        if self.season_ends:
            paid = msg("{length}: by other rules", length=msg("of any length"))
            yield AT_ENDS, paid, self.clause


class Calculator:
    """But for what a decision settles it pays and takes nothing: cold is settled as if there were no
    outage (7.20)."""

    Table: ClassVar[type[Table]] = OutageElsewhereTable
    reasons: ClassVar[tuple[Reason, ...]] = (
        NO_OUTAGE, OUTAGE_TOO_SHORT, OUTAGE_BY_OTHER_RULES, OUTAGE_NOT_REFUNDED,
    )  # fmt: skip
    kinds: ClassVar[Mapping[str, Text]] = WORDS
    interpretations: ClassVar[tuple[str, ...]] = (
        "outage-by-other-rules", LATE_START,
    )  # fmt: skip
    request_clause = ""

    def __init__(self, basis: Basis, table: OutageElsewhereTable) -> None:
        self._basis = basis
        self._tables = basis.by_day(table)
        self._outages: dict[Decisions, OutageClaims] = {}
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: OutageElsewhereTable) -> Iterator[Text]:
        yield from hours_fault("continuous_h", table.continuous_h)
        yield from stated(terms, "outages", "outage-by-other-rules", True)
        if table.season_ends:
            yield from stated(terms, "season_ends", LATE_START, True)

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        """Households with the same decisions are judged together."""
        decisions = [decisions_of(piece.part, i) for i in range(piece.part.household.size)]
        if not any(decisions):
            return self._under(()).of(piece, before)
        claims = [NOTHING] * len(decisions)
        for own in dict.fromkeys(decisions):
            rows = np.array([i for i, each in enumerate(decisions) if each == own], dtype=np.int64)
            fees = [piece.fee[i] for i in rows.tolist()]
            part = Piece(piece.part.of(rows), piece.columns, fees)
            found = self._under(own).of(part, [before[i] for i in rows.tolist()])
            for i, claim in zip(rows.tolist(), found, strict=True):
                claims[i] = claim
        return claims

    def _under(self, decisions: Decisions) -> OutageClaims:
        if decisions not in self._outages:
            judge = partial(self._claim, decisions)
            self._outages[decisions] = OutageClaims(self._basis, judge, self.clause)
        return self._outages[decisions]

    def _claim(
        self, decisions: Decisions, fee: Fraction, outages: Sequence[Outage],
        taken: Mapping[int, Seconds],
    ) -> Claim:  # fmt: skip
        judged = judged_by_length(outages, self._tables, self._worth, self._basis.days)
        long = [each for _, each in judged if each is not None]
        steps = tuple(told for each in judged for told in self._steps(*each))
        if not long:
            return Claim(reason=OUTAGE_TOO_SHORT, steps=steps)
        left = left_of(long, taken, self._basis.days)
        decided = settled(self._basis, fee, left, decisions)
        owed, steps = total(decided.lines), (*steps, *decided.steps)
        if left and not decided.rest:
            why = None if decided.lines else OUTAGE_NOT_REFUNDED
            return Claim.decided(decided.lines, reason=why, taken=decided.taken, steps=steps)
        rest = decided.rest or tuple(long)  # of days that are somebody else's: not open, but said
        days = sorted({d for each in rest for d, _ in each.seconds})
        return Claim(
            decided.lines, owed, owed, tuple(days), taken=decided.taken,
            waits_for=OUTAGE_BY_OTHER_RULES, steps=(*steps, *map(self._open, rest)),
        )  # fmt: skip

    def _of(self, outage: Outage) -> OutageElsewhereTable:
        """The table that was in force when it began."""
        return self._tables.on(outage.began(self._basis.days))

    def _steps(self, outage: Outage, open_part: Outage | None) -> Iterator[Step]:
        yield self._step(outage, met=open_part is outage)
        if open_part is not None and open_part is not outage:
            yield self._step(open_part, met=True)

    def _step(self, outage: Outage, *, met: bool) -> Step:
        table = self._of(outage)
        late = self._at_ends(table, outage)
        wanted = WHEN_AT_ENDS if late else table.wanted()
        told = outage_step(outage, self._basis.at, table.clause, wanted, met=met)
        return told | ({"interpretation": LATE_START} if late else {})

    def _worth(self, table: OutageElsewhereTable, outage: Outage) -> int:
        return outage.lasts_us * (table.pays(outage) or self._at_ends(table, outage))

    def _at_ends(self, table: OutageElsewhereTable, outage: Outage) -> bool:
        """Whether it is refunded by other rules however short it is."""
        return table.season_ends and reaches_an_end(self._basis, outage)

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
