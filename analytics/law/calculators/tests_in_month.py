"""`tests_in_month`: failing tests of a calendar month pay daily fees by how many they are (7.16)."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from analytics.facts.snapshot import Snapshot
from analytics.law.bands import Band, band_of, check_bands, warmest_fault
from analytics.law.calculator import Basis, Claim, Piece, not_charged
from analytics.law.day_tests import (
    NOT_COUNTED,
    NOT_ON_FAULT_DAYS,
    NOT_TESTED,
    TOO_FEW_FAILED,
    DayTest,
    DayTests,
    HomeTests,
)
from analytics.law.lines import Line
from analytics.law.reasons import DAYS_PAID, NO_FEE, Reason
from analytics.law.season_sums import SumLine, within_season
from analytics.law.steps import Step, day, step
from analytics.law.terms import Cited, Row, Table, Terms, stated
from domain.language import Text, msg, plural

NONE_FAILED = Reason("no_test_failed", msg("no test failed"))
PER_DEGREE = 1000  # a temperature is kept in thousandths


class Count(Cited):
    """What so many failing tests of one calendar month pay."""

    tests: int = Field(ge=1, le=31)
    pays_days: int = Field(ge=1, le=366)  # daily fees


class InMonthTable(Cited):
    """How many failing tests pay how many daily fees, at which share."""

    knows_causes: ClassVar[bool] = True
    claimed_as_a_whole: ClassVar[bool] = True

    gap_days: int = Field(ge=1, le=31)  # local days from one test that counts to the next
    season_months: int = Field(
        ge=1, le=12
    )  # more months than these with the most tests: the season
    counts: tuple[Count, ...] = Field(min_length=1)
    bands: tuple[Band, ...] = Field(min_length=1)
    of_dwellings: ClassVar[bool] = True
    of_days: ClassVar[bool] = False  # daily fees, wherever the tests lie

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_bands(self.bands)
        for fewer, more in pairwise(self.counts):
            if more.tests <= fewer.tests or more.pays_days < fewer.pays_days:
                raise ValueError(msg("counts: allowed: more tests after fewer, which pay no less"))
        return self

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        for each in self.counts:
            paid = plural("{n} daily fee", "{n} daily fees", n=each.pays_days)
            tests = plural("{n} in a month", "{n} in a month", n=each.tests)
            yield (
                msg("failing tests"),
                msg("{tests}: {paid}", tests=tests, paid=paid),
                each.clause,
            )
        gap = plural("{n} day", "{n} days", n=self.gap_days)
        yield msg("from one test to the next"), msg("at least {gap}", gap=gap), self.clause
        months = plural("more than {n} month", "more than {n} months", n=self.season_months)
        most = self.counts[-1].tests
        yield (
            msg("the whole season"),
            msg("{months} with {tests} failing tests", months=months, tests=most),
            self.clause,
        )
        for band in self.bands:
            yield msg("band"), band.words(), band.clause


class Month(NamedTuple):
    """Failing tests of one calendar month."""

    failed: Sequence[DayTest]
    counted: Sequence[DayTest]  # those far enough from the one before

    @property
    def lowest(self) -> int:
        """Of all that failed [0.001 °C]."""
        return min(each.lowest for each in self.failed)


class Calculator:
    """Each local day's records are one test. Amounts of one month are not added: the most tests decide."""

    Table: ClassVar[type[Table]] = InMonthTable
    reasons: ClassVar[tuple[Reason, ...]] = (
        NOT_TESTED, NOT_COUNTED, NONE_FAILED, TOO_FEW_FAILED, DAYS_PAID,
    )  # fmt: skip
    kinds: ClassVar[Mapping[str, Text]] = {"tests": msg("failing tests")}
    interpretations: ClassVar[tuple[str, ...]] = (
        "one-test-per-local-day", NOT_ON_FAULT_DAYS, "season-fee-is-the-most",
        "most-tests-of-a-month-decide", "months-of-tests-are-the-season",
    )  # fmt: skip
    request_clause = ""

    def __init__(self, basis: Basis, table: InMonthTable) -> None:
        self._basis = basis
        self._table = table
        self._tests = DayTests(basis, table.clause)
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: InMonthTable) -> Iterator[Text]:
        yield from warmest_fault(terms, table.bands)
        yield from stated(terms, "counts", "one-test-per-local-day", True)
        yield from stated(terms, "counts", NOT_ON_FAULT_DAYS, True)
        yield from stated(terms, "counts", "most-tests-of-a-month-decide", True)
        yield from stated(terms, "counts", "season-fee-is-the-most", True)
        yield from stated(terms, "season_months", "months-of-tests-are-the-season", True)

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        return self._tests.claims(piece, before, self._claim)

    def _months(self, tests: Sequence[DayTest]) -> list[Month]:
        days, found = self._basis.days.days, []
        failed = (each for each in tests if each.failed_us is not None)
        for _, own in groupby(failed, key=lambda test: days[test.day].replace(day=1)):
            month, counted = list(own), list[DayTest]()
            for each in month:
                if not counted or each.day - counted[-1].day >= self._table.gap_days:
                    counted.append(each)
            found.append(Month(month, counted))
        return found

    def _claim(
        self, fee: Fraction, currency: str, tests: HomeTests, before: Sequence[Claim]
    ) -> Claim:
        months = self._months(tests.counted)
        lines: list[Line] = []
        paid, closed = [line for claim in before for line in claim.lines], not_charged(before)
        sums = [*self._sums(months)]
        for own in sums:
            line = within_season(self._basis, fee, currency, own, [*paid, *lines], closed)
            if line.days > 0:
                lines.append(line)
        why = None if lines else _why(fee, tests, months, sums)
        steps = (*self._tests.steps(tests), *(self._step(each) for each in months))
        return Claim.decided(lines, reason=why, steps=steps)

    def _sums(self, months: Sequence[Month]) -> Iterator[SumLine]:
        """One of each month, or of the season."""
        most = self._table.counts[-1].tests
        full = [each for each in months if len(each.counted) >= most]
        if len(full) > self._table.season_months:
            lowest = min(each.lowest for each in months)
            last = len(self._basis.days.days) - 1
            yield self._sum(0, last, self._basis.count, lowest, self._table.clause)
            return
        for month in months:
            reached = [c for c in self._table.counts if c.tests <= len(month.counted)]
            if reached:
                first, own = month.counted[0].day, reached[-1]
                last = first + own.pays_days - 1
                yield self._sum(first, last, Fraction(own.pays_days), month.lowest, own.clause)

    def _sum(self, first: int, last: int, days: Fraction, lowest: int, clause: str) -> SumLine:
        band = band_of(self._table.bands, Fraction(lowest, PER_DEGREE))
        assert band is not None  # a test that failed is below the standard, where the bands end
        clauses = "; ".join(dict.fromkeys((clause, band.clause)))
        return SumLine("tests", first, last, days, band.refund, clauses)

    def _step(self, month: Month) -> Step:
        days = self._basis.days.days
        first, last = (days[month.failed[i].day].isoformat() for i in (0, -1))
        lowest = f"{month.lowest / PER_DEGREE:.3f}"
        text = plural(
            "{first} to {last}: {n} failing test counts, lowest {lowest} °C",
            "{first} to {last}: {n} failing tests count, lowest {lowest} °C",
            n=len(month.counted), first=day(first), last=day(last), lowest=lowest,
        )  # fmt: skip
        return step(
            "tests_of_month", self._table.clause, text, first=first, last=last,
            tests=len(month.counted), celsius=lowest,
        )  # fmt: skip


def _why(
    fee: Fraction, tests: HomeTests, months: Sequence[Month], sums: Sequence[SumLine]
) -> Reason:
    if sums:
        return DAYS_PAID if fee else NO_FEE
    if months:
        return TOO_FEW_FAILED
    return NONE_FAILED if tests.counted else NOT_COUNTED
