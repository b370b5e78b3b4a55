"""`outage_time`: an outage that is long enough pays its share of each day, from its first hour."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece, Seconds
from analytics.law.outages import Outage, OutageClaims, left_of, outage_line, outage_step, taken_by
from analytics.law.reasons import (
    DAYS_PAID,
    NO_OUTAGE,
    OUTAGE_IN_SEASON,
    OUTAGE_TOO_SHORT,
    Reason,
)
from analytics.law.sense import hours_fault
from analytics.law.steps import Step
from analytics.law.terms import Cited, Exact, Row, Table, Terms, at_least, more_than, stated
from domain.language import Text, msg
from domain.time import HOUR_US


class OutageLengthTable(Cited):
    """How long an outage must be."""

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
        if self.continuous_h is None:
            return True
        least = int(self.continuous_h * HOUR_US)
        return outage.lasts_us > least if self.op == ">" else outage.lasts_us >= least


class OutageTimeTable(OutageLengthTable):
    """Which outages pay."""

    #: season_ends: only one at the season's first or last instant, a late start or an early end
    at: Literal["any_time", "season_ends"] = "any_time"

    @model_validator(mode="after")
    def _of_any_length(self) -> Self:
        if self.at == "season_ends" and self.op is not None:
            raise ValueError(msg("at = 'season_ends' goes without 'continuous_h'"))
        return self

    @property
    def at_ends(self) -> bool:
        """Whether only a late start and an early end pay."""
        return self.at == "season_ends"

    def wanted(self) -> Text:
        """The length that an outage must have, or when it must be."""
        return msg("at the season's begin or end") if self.at_ends else super().wanted()


class Calculator:
    """Each outage by itself."""

    Table: ClassVar[type[Table]] = OutageTimeTable
    reasons: ClassVar[tuple[Reason, ...]] = (
        NO_OUTAGE, OUTAGE_TOO_SHORT, OUTAGE_IN_SEASON, DAYS_PAID,
    )  # fmt: skip
    kinds: ClassVar[Mapping[str, Text]] = {"outage": msg("outage")}
    interpretations: ClassVar[tuple[str, ...]] = ("late-start-is-an-outage",)
    request_clause = ""

    def __init__(self, basis: Basis, table: OutageTimeTable) -> None:
        self._basis = basis
        self._table = table
        self._outages = OutageClaims(basis, self._claim)
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: OutageTimeTable) -> Iterator[Text]:
        yield from hours_fault("continuous_h", table.continuous_h)
        yield from stated(terms, "at", "late-start-is-an-outage", table.at_ends)

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        return self._outages.of(piece, before)

    def _claim(
        self, fee: Fraction, outages: Sequence[Outage], taken: Mapping[int, Seconds]
    ) -> Claim:
        paid = [each for each in outages if self._pays(each)]
        left = left_of(paid, taken, self._basis.days)
        short = OUTAGE_IN_SEASON if self._table.at_ends else OUTAGE_TOO_SHORT
        why = DAYS_PAID if paid else short
        return Claim.decided(
            [outage_line(self._basis, fee, each, Fraction(1), self.clause) for each in left],
            reason=None if left else why,
            taken=taken_by(left),
            steps=tuple(self._step(each) for each in outages),
        )

    def _pays(self, outage: Outage) -> bool:
        season = self._basis.snapshot.season
        if not self._table.at_ends:
            return self._table.pays(outage)
        return outage.since_us <= season.since_us or outage.until_us >= season.until_us

    def _step(self, outage: Outage) -> Step:
        table, pays = self._table, self._pays(outage)
        return outage_step(outage, self._basis.at, table.clause, table.wanted(), met=pays)
