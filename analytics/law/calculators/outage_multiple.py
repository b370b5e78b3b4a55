"""`outage_multiple`: long outages, or many short ones, pay a multiple of their shares of the days."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece, Seconds
from analytics.law.dated import WHEN_IT_BEGAN
from analytics.law.lines import Line
from analytics.law.outages import (
    Outage,
    OutageClaims,
    highest,
    left_of,
    outage_line,
    outage_step,
    taken_by,
    ways_of,
)
from analytics.law.reasons import DAYS_PAID, NO_OUTAGE, OUTAGE_TOO_SHORT, Reason
from analytics.law.sense import hours_fault, outside
from analytics.law.steps import Step, hours, step
from analytics.law.terms import Cited, Exact, Row, Table, Terms, at_least, more_than, stated
from domain.language import Text, msg
from domain.time import HOUR_US

MOST_TIMES = 10


class OutageMultipleTable(Cited):
    """From which length, alone or together, outages pay, and how often their shares."""

    knows_kinds_of_room: ClassVar[bool] = True
    knows_causes: ClassVar[bool] = True
    changes_inside: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("continuous_h", "multiplier"), WHEN_IT_BEGAN
    )

    continuous_h: Exact = Field(gt=0)  # an outage at least so long pays [h]
    season_h: Exact | None = Field(None, gt=0)  # all pay when they sum to at least this [h]
    multiplier: int = Field(ge=1)
    op: Literal[">=", ">"] = ">="  # whether the lengths themselves are long enough

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        times = msg("{count} × its share of the days' fee", count=self.multiplier)
        long = msg("{length}: {paid}", length=self.wanted(self.continuous_h), paid=times)
        yield msg("outage"), long, self.clause
        if self.season_h is not None:
            all_ = msg("{length}: {paid}", length=self.wanted(self.season_h), paid=times)
            yield msg("all outages of the season together"), all_, self.clause

    def wanted(self, hours: Decimal) -> Text:
        """A length that pays, as people read it; `hours` [h]."""
        return (at_least if self.op == ">=" else more_than)(hours)

    def is_long(self, outage: Outage) -> bool:
        """Whether it pays whatever the other outages of the season are."""
        return outage.lasts_us >= self.least_us(self.continuous_h)

    def least_us(self, hours: Decimal) -> int:
        """The shortest length that pays [µs]; `hours` [h]."""
        return int(hours * HOUR_US) + (self.op == ">")


class Calculator:
    """There is no cap of a day: the multiple is more than the day's fee on purpose (7.8)."""

    Table: ClassVar[type[Table]] = OutageMultipleTable
    reasons: ClassVar[tuple[Reason, ...]] = (NO_OUTAGE, OUTAGE_TOO_SHORT, DAYS_PAID)
    kinds: ClassVar[Mapping[str, Text]] = {"outage": msg("outage")}
    interpretations: ClassVar[tuple[str, ...]] = (
        "outages-summed-over-season",
        "multiple-without-daily-cap",
    )
    request_clause = ""

    def __init__(self, basis: Basis, table: OutageMultipleTable) -> None:
        self._basis = basis
        self._table = table
        self._tables = basis.by_day(table)
        self._sum = None if table.season_h is None else table.least_us(table.season_h)
        self._outages = OutageClaims(basis, self._claim, table.clause)
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: OutageMultipleTable) -> Iterator[Text]:
        together = table.season_h is not None
        yield from stated(terms, "season_h", "outages-summed-over-season", together)
        more = table.multiplier > 1
        yield from stated(terms, "multiplier", "multiple-without-daily-cap", more)
        yield from hours_fault("continuous_h", table.continuous_h)
        if table.multiplier > MOST_TIMES:
            yield outside("multiplier", table.multiplier, 1, MOST_TIMES)
        if table.season_h is not None:
            yield from hours_fault("season_h", table.season_h)
            yield from _together(table.season_h, table.continuous_h)

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        return self._outages.of(piece, before)

    def _claim(
        self, fee: Fraction, outages: Sequence[Outage], taken: Mapping[int, Seconds]
    ) -> Claim:
        together = sum(each.lasts_us for each in outages)
        every = self._sum is not None and together >= self._sum
        parts = [self._parts(each, every) for each in outages]
        paid = [each for own in parts for each in own]
        by = {each.since_us: table for table, each in paid}
        left = left_of([each for _, each in paid], taken, self._basis.days)
        why = DAYS_PAID if paid else OUTAGE_TOO_SHORT
        told = zip(outages, parts, strict=True)
        return Claim.decided(
            [self._line(fee, each, by[each.since_us]) for each in left],
            reason=None if left else why,
            taken=taken_by(left),
            steps=(
                *(each for outage, own in told for each in self._steps(outage, own)),
                *self._sum_step(together, every),
            ),
        )

    def _parts(self, outage: Outage, every: bool) -> list[tuple[OutageMultipleTable, Outage]]:
        """What of it pays, each part by the highest multiple that it has; `every`: however short it is."""

        def times(table: OutageMultipleTable, part: Outage) -> int:
            return table.multiplier * (every or table.is_long(part))

        days = self._basis.days
        return highest(ways_of(outage, self._tables, days), times, days)

    def _line(self, fee: Fraction, outage: Outage, table: OutageMultipleTable) -> Line:
        return outage_line(self._basis, fee, outage, Fraction(table.multiplier), table.clause)

    def _steps(
        self, outage: Outage, parts: Sequence[tuple[OutageMultipleTable, Outage]]
    ) -> Iterator[Step]:
        """Of all of it by the value in force when it began, and of what a later one pays more often."""
        days = self._basis.days
        (first, _), *later = ways_of(outage, self._tables, days)
        used = {id(table) for table, _ in parts}
        for table, part in ((first, outage), *(way for way in later if id(way[0]) in used)):
            wanted, met = table.wanted(table.continuous_h), table.is_long(part)
            yield outage_step(part, self._basis.at, table.clause, wanted, met=met)

    def _sum_step(self, together: int, every: bool) -> Iterator[Step]:
        if self._table.season_h is None:
            return
        lasts, wanted = hours(together), self._table.wanted(self._table.season_h)
        text = (
            msg("all outages of the season, {lasts} h: {wanted} is reached", lasts=lasts, wanted=wanted)
            if every
            else msg(
                "all outages of the season, {lasts} h: {wanted} is not reached",
                lasts=lasts, wanted=wanted,
            )
        )  # fmt: skip
        code = "outages_together" if every else "outages_together_too_short"
        yield step(code, self._table.clause, text, hours=lasts)


def _together(season_h: Decimal, continuous_h: Decimal) -> Iterator[Text]:
    """What the length [h] of all outages together can't be."""
    if season_h < continuous_h:
        yield msg(
            "season_h: {season_h} is below continuous_h, {continuous_h}: it would always decide",
            season_h=season_h,
            continuous_h=continuous_h,
        )
