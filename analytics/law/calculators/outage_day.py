"""`outage_day`: long outages, or outages that are long together, pay the full fee of what was not supplied."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece, Seconds
from analytics.law.dated import WHEN_IT_BEGAN
from analytics.law.outages import (
    Outage,
    OutageClaims,
    judged_by_length,
    left_of,
    outage_line,
    outage_step,
    taken_by,
)
from analytics.law.reasons import DAYS_PAID, NO_OUTAGE, OUTAGE_TOO_SHORT, Reason
from analytics.law.sense import hours_fault
from analytics.law.steps import Step, hours, step
from analytics.law.terms import Cited, Exact, Row, Table, Terms, more_than, stated, unlike
from domain.language import Text, msg
from domain.time import HOUR_US

TOGETHER = "outages-together-over-the-limit"
STARTED = "started-days-are-whole"  # of no policy that ships: one that cites it brings its title


class OutageDayTable(Cited):
    """Beyond which length, alone or together, outages pay, and what of their days."""

    knows_kinds_of_room: ClassVar[bool] = True
    knows_causes: ClassVar[bool] = True
    changes_inside: ClassVar[Mapping[str, str]] = {"continuous_h": WHEN_IT_BEGAN}

    continuous_h: Exact = Field(gt=0)  # an outage longer than this pays [h]
    season_h: Exact = Field(gt=0)  # all pay when they sum to more than this [h]
    unit: Literal["share", "started_day"] = "share"  # of each day its share, or the whole day

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        paid = (
            msg("its share of the days' fee")
            if self.unit == "share"
            else msg("the whole fee of each day that it touches")
        )
        yield (
            msg("outage"),
            msg("{length}: {paid}", length=more_than(self.continuous_h), paid=paid),
            self.clause,
        )
        yield (
            msg("all outages of the season together"),
            msg("{length}: {paid}", length=more_than(self.season_h), paid=paid),
            self.clause,
        )


class Calculator:
    """As `outage_time`, beyond a limit that is not in, and all of them once they are long together."""

    Table: ClassVar[type[Table]] = OutageDayTable
    reasons: ClassVar[tuple[Reason, ...]] = (NO_OUTAGE, OUTAGE_TOO_SHORT, DAYS_PAID)
    kinds: ClassVar[Mapping[str, Text]] = {"outage": msg("outage")}
    interpretations: ClassVar[tuple[str, ...]] = (TOGETHER,)
    request_clause = ""

    def __init__(self, basis: Basis, table: OutageDayTable) -> None:
        self._basis = basis
        self._table = table
        self._tables = basis.by_day(table)
        self._outages = OutageClaims(basis, self._claim, table.clause)
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: OutageDayTable) -> Iterator[Text]:
        yield from hours_fault("continuous_h", table.continuous_h)
        yield from hours_fault("season_h", table.season_h)
        yield from stated(terms, "season_h", TOGETHER, True)
        whole = table.unit == "started_day"
        yield from stated(terms, "unit", STARTED, whole)
        yield from unlike(terms, "unit", "outage-from-first-hour", not whole)
        if table.season_h < table.continuous_h:
            yield msg(
                "season_h: {season_h} is below continuous_h, {continuous_h}: it would always decide",
                season_h=table.season_h,
                continuous_h=table.continuous_h,
            )

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        return self._outages.of(piece, before)

    def _claim(
        self, fee: Fraction, outages: Sequence[Outage], taken: Mapping[int, Seconds]
    ) -> Claim:
        together = sum(each.lasts_us for each in outages)
        every = _longer(together, self._table.season_h)
        judged = judged_by_length(outages, self._tables, self._worth, self._basis.days)
        long = outages if every else [each for _, each in judged if each is not None]
        paid = [self._days_of(each) for each in long]
        left = left_of(paid, self._gone(taken), self._basis.days)
        why = DAYS_PAID if paid else OUTAGE_TOO_SHORT
        return Claim.decided(
            [
                outage_line(self._basis, fee, each, Fraction(1), self._of(each).clause)
                for each in left
            ],
            reason=None if left else why,
            taken=taken_by(left),
            steps=(
                *(told for each in judged for told in self._steps(*each)),
                self._together(together, every),
            ),
        )

    def _gone(self, taken: Mapping[int, Seconds]) -> Mapping[int, Seconds]:
        """What is gone of the days; a mark of none, so that two outages of one day share it."""
        return taken or {-1: 0}

    def _of(self, outage: Outage) -> OutageDayTable:
        """The table that was in force when it began."""
        return self._tables.on(outage.began(self._basis.days))

    def _worth(self, table: OutageDayTable, outage: Outage) -> int:
        return outage.lasts_us * _longer(outage.lasts_us, table.continuous_h)

    def _days_of(self, outage: Outage) -> Outage:
        """The outage with the seconds of each day that it pays."""
        if self._table.unit == "share":
            return outage
        inside = self._basis.days.inside_s
        return replace(outage, seconds=tuple((d, int(inside[d])) for d, _ in outage.seconds))

    def _steps(self, outage: Outage, paid: Outage | None) -> Iterator[Step]:
        yield self._step(outage, met=paid is outage)
        if paid is not None and paid is not outage:
            yield self._step(paid, met=True)

    def _step(self, outage: Outage, *, met: bool) -> Step:
        table = self._of(outage)
        wanted = more_than(table.continuous_h)
        return outage_step(outage, self._basis.at, table.clause, wanted, met=met)

    def _together(self, together: int, every: bool) -> Step:
        lasts, wanted = hours(together), more_than(self._table.season_h)
        facts = {"lasts": lasts, "wanted": wanted}
        text = (
            msg("all outages of the season, {lasts} h: {wanted} is reached", **facts)
            if every
            else msg("all outages of the season, {lasts} h: {wanted} is not reached", **facts)
        )
        code = "outages_together" if every else "outages_together_too_short"
        return step(code, self._table.clause, text, hours=lasts)


def _longer(lasts_us: int, limit_h: Decimal) -> bool:
    """Whether a length [µs] is more than the limit [h]."""
    return lasts_us > int(limit_h * HOUR_US)
