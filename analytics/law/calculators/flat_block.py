"""`flat_block`: an outage that is long enough pays a fixed sum, and another for each further block."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece, Seconds
from analytics.law.lines import Line
from analytics.law.outages import Outage, OutageClaims, outage_step
from analytics.law.reasons import NO_OUTAGE, OUTAGE_TOO_SHORT, Reason
from analytics.law.sense import hours_fault
from analytics.law.steps import Step, money
from analytics.law.terms import Cited, Exact, Row, Table, Terms, at_least
from domain.language import Text, msg, plural
from domain.time import HOUR_US


class FlatBlockTable(Cited):
    """From which length an outage pays, how much, and what each block behind it adds."""

    knows_kinds_of_room: ClassVar[bool] = True
    knows_causes: ClassVar[bool] = True

    from_h: Exact = Field(gt=0)  # an outage at least so long pays `first` [h]
    first: Exact = Field(gt=0)  # in the policy's currency
    behind_h: Exact = Field(gt=0)  # blocks are counted from this length on [h]
    block_h: Exact = Field(gt=0)  # whole blocks only [h]
    each: Exact = Field(gt=0)  # for a block, in the policy's currency
    most: Exact | None = Field(None, gt=0)  # of one outage, in the policy's currency
    of: Literal["connection"] = "connection"
    of_fee: ClassVar[bool] = False
    of_days: ClassVar[bool] = False

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        wanted = at_least(self.from_h)
        yield (
            msg("outage"),
            msg("{length}: {paid}", length=wanted, paid=str(self.first)),
            self.clause,
        )
        block = msg(
            "{number} h behind the first {behind} h", number=self.block_h, behind=self.behind_h
        )
        yield (
            msg("each whole block"),
            msg("{length}: {paid}", length=block, paid=str(self.each)),
            self.clause,
        )
        if self.most is not None:
            yield (
                msg("one outage pays at most"),
                msg("{number} of the currency", number=self.most),
                self.clause,
            )

    def blocks(self, outage: Outage) -> int:
        """Whole blocks behind the length that the first sum is for."""
        over = outage.lasts_us - int(self.behind_h * HOUR_US)
        return max(0, over // int(self.block_h * HOUR_US))


class Calculator:
    """Each outage by itself; the fee does not matter, nor does what others pay of the days.

    Time of days that were not charged is none of it.
    """

    Table: ClassVar[type[Table]] = FlatBlockTable
    reasons: ClassVar[tuple[Reason, ...]] = (NO_OUTAGE, OUTAGE_TOO_SHORT)
    kinds: ClassVar[Mapping[str, Text]] = {"outage": msg("outage")}
    interpretations: ClassVar[tuple[str, ...]] = ("whole-blocks-only",)
    request_clause = ""

    def __init__(self, basis: Basis, table: FlatBlockTable) -> None:
        self._basis = basis
        self._table = table
        self._outages = OutageClaims(basis, self._claim, table.clause, charged_only=True)
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: FlatBlockTable) -> Iterator[Text]:
        for key in ("from_h", "behind_h", "block_h"):
            yield from hours_fault(key, getattr(table, key))
        if table.behind_h < table.from_h:
            yield msg(
                "behind_h: {behind} is below from_h, {from_h}",
                behind=table.behind_h,
                from_h=table.from_h,
            )
        if table.most is not None and table.most < table.first:
            yield msg("most: {most} is below first, {first}", most=table.most, first=table.first)
        if not terms.interprets("whole-blocks-only"):
            yield msg(
                "block_h needs the interpretation {name!r}: what is meant would be open",
                name="whole-blocks-only",
            )

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        return self._outages.of(piece, before)

    def _claim(
        self, _fee: Fraction, outages: Sequence[Outage], _taken: Mapping[int, Seconds]
    ) -> Claim:
        paid = [each for each in outages if self._pays(each)]
        return Claim.decided(
            [self._line(each) for each in paid],
            reason=None if paid else OUTAGE_TOO_SHORT,
            steps=tuple(self._step(each) for each in outages),
        )

    def _pays(self, outage: Outage) -> bool:
        return outage.lasts_us >= int(self._table.from_h * HOUR_US)

    def _line(self, outage: Outage) -> Line:
        table, currency = self._table, self._basis.terms.currency
        count = table.blocks(outage)
        whole = table.first + count * table.each
        amount = (whole if table.most is None else min(whole, table.most)).quantize(Decimal("0.01"))
        first, each, paid = (money(part, currency) for part in (table.first, table.each, amount))
        formula = plural(
            "{first} + {each} × {n} block = {amount}", "{first} + {each} × {n} blocks = {amount}",
            n=count, first=first, each=each, amount=paid,
        )  # fmt: skip
        if amount < whole:
            formula = msg(
                "at most for one outage: {most} × 1 outage = {amount}", most=paid, amount=paid
            )
        days = self._basis.days.days
        return Line(
            "outage", days[outage.seconds[0][0]], days[outage.seconds[-1][0]], Fraction(1),
            Fraction(0), amount, table.clause, formula,
        )  # fmt: skip

    def _step(self, outage: Outage) -> Step:
        wanted = at_least(self._table.from_h)
        return outage_step(
            outage, self._basis.at, self._table.clause, wanted, met=self._pays(outage)
        )
