"""`outage_time`: an outage that is long enough pays its share of each day, from its first hour."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from analytics.facts.snapshot import Snapshot
from analytics.law.applied import COUNTS_ONCE, LATE_START
from analytics.law.calculator import Basis, Claim, Piece, Seconds
from analytics.law.dated import WHEN_IT_BEGAN
from analytics.law.lines import ZERO
from analytics.law.outages import (
    Outage,
    OutageClaims,
    judged_by_length,
    left_of,
    outage_line,
    outage_step,
    reaches_an_end,
    taken_by,
)
from analytics.law.reasons import (
    BASIC_FEE_MISSING,
    DAYS_PAID,
    NO_FEE,
    NO_OUTAGE,
    OUTAGE_IN_SEASON,
    OUTAGE_TOO_SHORT,
    Reason,
)
from analytics.law.sense import hours_fault
from analytics.law.steps import Step, money, step
from analytics.law.terms import (
    Cited,
    Exact,
    Row,
    Standard,
    Table,
    Terms,
    at_least,
    more_than,
    stated,
)
from domain.contract_terms import ContractTerms, terms_of
from domain.language import Text, msg
from domain.time import HOUR_US

WHEN_AT_ENDS = msg("at the season's begin or end")
AT_ENDS = msg("outage at the season's begin or end")
#: The basic fee of a metered household whose contract does not name it; a recorded one is not below 0.
NOT_RECORDED = Decimal(-1)


class OutageLengthTable(Cited):
    """How long an outage must be."""

    knows_kinds_of_room: ClassVar[bool] = True
    knows_causes: ClassVar[bool] = True
    changes_inside: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("continuous_h", "op"), WHEN_IT_BEGAN
    )

    continuous_h: Exact | None = None  # [h]; absent: however short it was
    op: Literal[">=", ">"] | None = None  # with `continuous_h` only

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.continuous_h is None) != (self.op is None):
            raise ValueError(msg("give both 'continuous_h' and 'op', or neither"))
        return self

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        yield msg("outage"), self.wanted(), self.clause

    def wanted(self) -> Text:
        """The length that an outage must have."""
        if self.continuous_h is None:
            return msg("of any length")
        return (at_least if self.op == ">=" else more_than)(self.continuous_h)

    def pays(self, outage: Outage) -> bool:
        return self.is_long(outage.lasts_us)

    def is_long(self, lasts_us: int) -> bool:
        """Whether a time without heat is the length that an outage must have."""
        if self.continuous_h is None:
            return True
        least = int(self.continuous_h * HOUR_US)
        return lasts_us > least if self.op == ">" else lasts_us >= least


class OutageTimeTable(OutageLengthTable):
    """Which outages pay."""

    #: season_ends: only one at the season's first or last instant, a late start or an early end
    at: Literal["any_time", "season_ends"] = "any_time"
    #: By which a late start and an early end pay however short they are; absent: as any other outage.
    ends_clause: str | None = Field(default=None, min_length=1)
    #: of whose fee an outage's time is refunded, where the contract records its basic part: a metered one
    metered: Literal["whole", "basic_fee"] = "whole"

    @model_validator(mode="after")
    def _of_any_length(self) -> Self:
        if self.at == "season_ends" and self.op is not None:
            raise ValueError(msg("at = 'season_ends' goes without 'continuous_h'"))
        if self.ends_clause is not None and self.op is None:
            raise ValueError(msg("'ends_clause' goes with 'continuous_h'"))
        return self

    def reads_terms(self, _standard: Standard) -> frozenset[str]:
        return frozenset({"basic_fee", "metered"} if self.metered == "basic_fee" else ())

    @property
    def at_ends(self) -> bool:
        """Whether only a late start and an early end pay."""
        return self.at == "season_ends"

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        yield from super().rows()
        if self.ends_clause is not None:
            yield AT_ENDS, msg("of any length"), self.ends_clause
        if self.metered == "basic_fee":
            paid = msg("the basic fee of its time")
            yield msg("outage of a metered household"), paid, self.clause

    def wanted(self) -> Text:
        """The length that an outage must have, or when it must be."""
        return WHEN_AT_ENDS if self.at_ends else super().wanted()

    def clause_of(self, *, at_ends: bool) -> str:
        """By which an outage pays; `at_ends`: it reaches the season's first or last instant."""
        return self.ends_clause or self.clause if at_ends else self.clause


class Calculator:
    """Each outage by itself."""

    Table: ClassVar[type[Table]] = OutageTimeTable
    reasons: ClassVar[tuple[Reason, ...]] = (
        NO_OUTAGE, OUTAGE_TOO_SHORT, OUTAGE_IN_SEASON, DAYS_PAID, NO_FEE,
    )  # fmt: skip
    kinds: ClassVar[Mapping[str, Text]] = {"outage": msg("outage")}
    interpretations: ClassVar[tuple[str, ...]] = (
        LATE_START, COUNTS_ONCE, "metered-pays-the-basic-fee",
    )  # fmt: skip
    request_clause = ""

    def __init__(self, basis: Basis, table: OutageTimeTable) -> None:
        self._basis = basis
        self._table = table
        self._tables = basis.by_day(table)
        self._outages: dict[Decimal | None, OutageClaims] = {}  # by the contract's basic fee
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: OutageTimeTable) -> Iterator[Text]:
        yield from hours_fault("continuous_h", table.continuous_h)
        ends = table.at_ends or table.ends_clause is not None
        key = "ends_clause" if table.ends_clause is not None else "at"
        yield from stated(terms, key, LATE_START, ends)
        metered = table.metered == "basic_fee"
        yield from stated(terms, "metered", "metered-pays-the-basic-fee", metered)

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        """Households whose contracts have the same basic fee are judged together."""
        basics = self._basics(piece)
        if not any(each is not None for each in basics):
            return self._under(None).of(piece, before)
        claims = [Claim()] * len(basics)
        for basic in dict.fromkeys(basics):
            rows = np.array([i for i, own in enumerate(basics) if own == basic], dtype=np.int64)
            fees = [piece.fee[i] for i in rows.tolist()]
            part = Piece(piece.part.of(rows), piece.columns, fees)
            found = self._under(basic).of(part, [before[i] for i in rows.tolist()])
            for i, claim in zip(rows.tolist(), found, strict=True):
                claims[i] = claim
        return claims

    def _basics(self, piece: Piece) -> list[Decimal | None]:
        """(n,) what each contract records as its basic fee, where the act makes a difference."""
        if self._table.metered == "whole" or not any(piece.part.terms):
            return [None] * piece.part.household.size
        return [_basic_of(terms_of(each)) for each in piece.part.terms]

    def _under(self, basic: Decimal | None) -> OutageClaims:
        if basic not in self._outages:
            self._outages[basic] = OutageClaims(
                self._basis, partial(self._claim, basic), self.clause
            )
        return self._outages[basic]

    def _claim(
        self, basic: Decimal | None, fee: Fraction, outages: Sequence[Outage],
        taken: Mapping[int, Seconds],
    ) -> Claim:  # fmt: skip
        if basic == NOT_RECORDED:
            return self._without_basic(fee, outages, taken)
        judged = judged_by_length(outages, self._tables, self._worth, self._basis.days)
        paid = [each for _, each in judged if each is not None]
        left = left_of(paid, taken, self._basis.days)
        short = OUTAGE_IN_SEASON if self._table.at_ends else OUTAGE_TOO_SHORT
        why = DAYS_PAID if paid else short
        steps = tuple(told for each in judged for told in self._steps(*each))
        part = Fraction(1) if basic is None or not fee else min(Fraction(basic) / fee, Fraction(1))
        if left and part < 1:
            steps += (self._metered(basic or ZERO),)
        if left and not part:  # all of the fee is for what was metered
            return Claim.decided([], reason=NO_FEE, steps=steps)
        return Claim.decided(
            [outage_line(self._basis, fee, each, part, self._clause(each)) for each in left],
            reason=None if left else why,
            taken={day: seconds * part for day, seconds in taken_by(left).items()}
            if part < 1
            else taken_by(left),
            steps=steps,
        )

    def _without_basic(
        self, fee: Fraction, outages: Sequence[Outage], taken: Mapping[int, Seconds]
    ) -> Claim:
        """Of a metered household whose basic fee nobody recorded: open, at most the whole fee of the time."""
        whole = self._claim(None, fee, outages, taken)
        days = tuple(sorted(whole.taken))
        if not days or not whole.upper:
            return whole
        return Claim(
            upper=whole.upper, open_days=days, waits_for=BASIC_FEE_MISSING, steps=whole.steps
        )

    def _metered(self, basic: Decimal) -> Step:
        """That only the basic fee is refunded for the time of an outage."""
        shown = money(basic, self._basis.terms.currency)
        text = msg("metered: of the fee only its basic part, {basic}, is refunded", basic=shown)
        return step("metered_basic_fee", self.clause, text, basic=str(basic))

    def _of(self, outage: Outage) -> OutageTimeTable:
        """The table that was in force when it began."""
        return self._tables.on(outage.began(self._basis.days))

    def _worth(self, table: OutageTimeTable, outage: Outage) -> int:
        return outage.lasts_us * self._pays(table, outage)

    def _pays(self, table: OutageTimeTable, outage: Outage) -> bool:
        at_ends = reaches_an_end(self._basis, outage)
        if self._table.at_ends:
            return at_ends
        return table.pays(outage) or (at_ends and table.ends_clause is not None)

    def _clause(self, outage: Outage) -> str:
        return self._of(outage).clause_of(at_ends=reaches_an_end(self._basis, outage))

    def _steps(self, outage: Outage, paid: Outage | None) -> Iterator[Step]:
        yield self._step(outage, met=paid is outage)
        if paid is not None and paid is not outage:
            yield self._step(paid, met=True)

    def _step(self, outage: Outage, *, met: bool) -> Step:
        table, at_ends = self._of(outage), reaches_an_end(self._basis, outage)
        ends = at_ends and table.ends_clause is not None
        wanted = WHEN_AT_ENDS if ends else table.wanted()
        told = outage_step(outage, self._basis.at, self._clause(outage), wanted, met=met)
        if at_ends and self._basis.terms.interprets(COUNTS_ONCE):
            return told | {"interpretation": COUNTS_ONCE}
        return told | ({"interpretation": LATE_START} if ends or self._table.at_ends else {})


def _basic_of(contract: ContractTerms) -> Decimal | None:
    """The part of a metered household's fee that is not for what is metered; None: of the others."""
    if contract.basic_fee is None and contract.heat_price is not None:
        return NOT_RECORDED
    return contract.basic_fee
