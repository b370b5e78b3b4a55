"""`month_mean`: where the mean of a calendar month's tests fails, the whole month pays a share of its fee."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from analytics.facts.snapshot import Snapshot
from analytics.law.bands import Band, band_of, check_bands, warmest_fault
from analytics.law.calculator import (
    Basis,
    Claim,
    Piece,
    Seconds,
    left_of_days,
    not_charged,
    part_days,
)
from analytics.law.day_tests import (
    NOT_COUNTED,
    NOT_ON_FAULT_DAYS,
    NOT_TESTED,
    DayTest,
    DayTests,
    HomeTests,
)
from analytics.law.formulas import number
from analytics.law.lines import Line
from analytics.law.reasons import DAYS_PAID, Reason
from analytics.law.steps import Step, day, step
from analytics.law.terms import Cited, Row, Table, Terms, stated
from domain.language import Text, msg

TOO_FEW_TESTS = Reason("too_few_tests", msg("too few tests in every month"))
MEAN_PASSED = Reason("mean_passed", msg("no month's mean is below the standard"))
PER_DEGREE = 1000  # a temperature is kept in thousandths


class MonthMeanTable(Cited):
    """How many tests make a month's mean, and what the month pays."""

    knows_causes: ClassVar[bool] = True

    tests: int = Field(ge=1, le=31)
    bands: tuple[Band, ...] = Field(min_length=1)
    of_dwellings: ClassVar[bool] = True

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_bands(self.bands)
        return self

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        value = msg("the mean of {tests} tests in a calendar month", tests=self.tests)
        yield msg("what decides a month"), value, self.clause
        for band in self.bands:
            yield msg("band"), band.words(), band.clause


class Month(NamedTuple):
    """A calendar month with enough tests."""

    days: Sequence[int]  # of the season by index
    mean: Fraction  # of its lowest tests [Cel]
    band: Band | None  # None: it meets the standard


class Calculator:
    """Each local day's records are one test; of more than are needed the lowest make the mean."""

    Table: ClassVar[type[Table]] = MonthMeanTable
    reasons: ClassVar[tuple[Reason, ...]] = (
        NOT_TESTED,
        NOT_COUNTED,
        TOO_FEW_TESTS,
        MEAN_PASSED,
        DAYS_PAID,
    )
    kinds: ClassVar[Mapping[str, Text]] = {"month_mean": msg("mean of a month's tests")}
    interpretations: ClassVar[tuple[str, ...]] = (
        "one-test-per-local-day", NOT_ON_FAULT_DAYS, "lowest-tests-make-the-mean",
        "month-is-its-season-days",
    )  # fmt: skip
    request_clause = ""

    def __init__(self, basis: Basis, table: MonthMeanTable) -> None:
        self._basis = basis
        self._table = table
        self._tests = DayTests(basis, table.clause)
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: MonthMeanTable) -> Iterator[Text]:
        yield from warmest_fault(terms, table.bands)
        for name in ("one-test-per-local-day", NOT_ON_FAULT_DAYS, "lowest-tests-make-the-mean"):
            yield from stated(terms, "tests", name, True)
        yield from stated(terms, "bands", "month-is-its-season-days", True)

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        claims = [Claim(reason=NOT_TESTED)] * piece.part.household.size
        for i, tests in self._tests.of(piece):
            claims[i] = self._claim(piece.fee[i], tests.without(not_charged(before[i])), before[i])
        return claims

    def _months(self, tests: Sequence[DayTest]) -> list[Month]:
        days = self._basis.days.days
        all_days = range(len(days))
        found = []
        for first, own in groupby(tests, key=lambda test: days[test.day].replace(day=1)):
            lowest = sorted(each.lowest for each in own)[: self._table.tests]
            if len(lowest) < self._table.tests:
                continue
            mean = Fraction(sum(lowest), len(lowest) * PER_DEGREE)
            month = [d for d in all_days if days[d].replace(day=1) == first]
            found.append(Month(month, mean, band_of(self._table.bands, mean)))
        return found

    def _claim(self, fee: Fraction, tests: HomeTests, before: Sequence[Claim]) -> Claim:
        months = self._months(tests.counted)
        lines: list[Line] = []
        taken: dict[int, Seconds] = {}
        for month in months:
            left = left_of_days(self._basis, month.days, before)
            if month.band is not None and left:
                lines.append(self._line(fee, month, month.band, left))
                taken |= {d: month.band.refund * s for d, s in left.items()}
        steps = (*self._tests.steps(tests), *(self._step(each) for each in months))
        why = None if lines else self._why(tests, months)
        return Claim.decided(lines, reason=why, taken=taken, steps=steps)

    def _line(self, fee: Fraction, month: Month, band: Band, left: Mapping[int, Seconds]) -> Line:
        clauses = "; ".join(dict.fromkeys((self._table.clause, band.clause)))
        days = part_days(self._basis, left)
        first, last = month.days[0], month.days[-1]
        return self._basis.line(
            "month_mean", fee, first, last, days, band.refund, clauses, left.items()
        )

    def _why(self, tests: HomeTests, months: Sequence[Month]) -> Reason:
        if not tests.counted:
            return NOT_COUNTED
        if not months:
            return TOO_FEW_TESTS
        failed = any(each.band is not None for each in months)
        return DAYS_PAID if failed else MEAN_PASSED

    def _step(self, month: Month) -> Step:
        days = self._basis.days.days
        first, last = (days[month.days[i]].isoformat() for i in (0, -1))
        celsius = number(month.mean)
        facts = {
            "first": day(first),
            "last": day(last),
            "mean": celsius,
            "tests": self._table.tests,
        }
        text = (
            msg("{first} to {last}: the mean of {tests} tests is {mean} °C, passed", **facts)
            if month.band is None
            else msg("{first} to {last}: the mean of {tests} tests is {mean} °C, failed", **facts)
        )
        return step("month_mean", self._table.clause, text, first=first, last=last, celsius=celsius)
