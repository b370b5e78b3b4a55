"""`test_count`: so many failing tests within so many days pay a month's fee."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece, Seconds, not_charged
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
from domain.time import HOUR_US


class CountTable(Cited):
    """How many failing tests, within how long, pay how many daily fees."""

    knows_causes: ClassVar[bool] = True

    tests: int = Field(ge=1)
    within_days: int = Field(ge=1)  # days of 24 h from the first of them on, the last instant in
    pays_days: int = Field(ge=1)  # daily fees
    of_dwellings: ClassVar[bool] = True
    of_days: ClassVar[bool] = False  # a month's fee

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        yield (
            msg("failing tests"),
            msg(
                "{tests} within {days}: {paid}", tests=self.tests,
                days=plural("{n} day", "{n} days", n=self.within_days),
                paid=plural("{n} daily fee", "{n} daily fees", n=self.pays_days),
            ),
            self.clause,
        )  # fmt: skip


class Calculator:
    """Each local day's records are one test, failing if one of them is below the standard (7.16).

    Records of a day that a user's fault touches are none (7.20), where the policy says so.
    """

    Table: ClassVar[type[Table]] = CountTable
    reasons: ClassVar[tuple[Reason, ...]] = (NOT_TESTED, NOT_COUNTED, TOO_FEW_FAILED, DAYS_PAID)
    kinds: ClassVar[Mapping[str, Text]] = {"month": msg("a month's fee")}
    interpretations: ClassVar[tuple[str, ...]] = (
        "one-test-per-local-day", NOT_ON_FAULT_DAYS, "thirty-days-from-first-failure",
        "month-is-thirty-daily-fees", "season-fee-is-the-most",
    )  # fmt: skip
    request_clause = ""

    def __init__(self, basis: Basis, table: CountTable) -> None:
        self._basis = basis
        self._table = table
        self._tests = DayTests(basis, table.clause)
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: CountTable) -> Iterator[Text]:
        yield from stated(terms, "tests", "one-test-per-local-day", True)
        yield from stated(terms, "tests", NOT_ON_FAULT_DAYS, True)
        if not 2 <= table.tests <= table.within_days:
            yield msg(
                "tests: {tests}; allowed: 2 to within_days, {most}",
                tests=table.tests,
                most=table.within_days,
            )
        yield from stated(terms, "tests", "season-fee-is-the-most", True)
        thirty = table.within_days == 30
        yield from stated(terms, "within_days", "thirty-days-from-first-failure", thirty)
        month = table.pays_days == 30
        yield from stated(terms, "pays_days", "month-is-thirty-daily-fees", month)

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        return self._tests.claims(piece, before, self._claim)

    def _groups(self, tests: Sequence[DayTest]) -> list[list[DayTest]]:
        """Failing tests that pay together; one counted once does not count again."""
        failed = [each for each in tests if each.failed_us is not None]
        found, i, need = [], 0, self._table.tests
        while i + need <= len(failed):
            group = failed[i : i + need]
            first, last = group[0].failed_us, group[-1].failed_us
            assert first is not None  # failed has no others
            assert last is not None
            fits = last - first <= self._table.within_days * 24 * HOUR_US
            if fits:
                found.append(group)
            i += need if fits else 1
        return found

    def _claim(
        self, fee: Fraction, currency: str, tests: HomeTests, before: Sequence[Claim]
    ) -> Claim:
        groups = self._groups(tests.counted)
        paid, closed = [line for claim in before for line in claim.lines], not_charged(before)
        lines: list[Line] = []
        for group in groups:
            line = self._line(fee, currency, group[0], [*paid, *lines], closed)
            if line.days > 0:
                lines.append(line)
        return Claim.decided(
            lines,
            reason=None if lines else _why(fee, tests, groups),
            steps=(*self._tests.steps(tests), *self._steps(groups)),
        )

    def _line(
        self, fee: Fraction, currency: str, first: DayTest, paid: Sequence[Line],
        closed: Mapping[int, Seconds],
    ) -> Line:  # fmt: skip
        """The month from a group's first test on, shown to the season's end at most.

        All lines together come to at most the season's fee.
        """
        days, table = Fraction(self._table.pays_days), self._table
        last = first.day + table.pays_days - 1
        found = SumLine("month", first.day, last, days, Fraction(1), table.clause)
        return within_season(self._basis, fee, currency, found, paid, closed)

    def _steps(self, groups: Sequence[Sequence[DayTest]]) -> Iterator[Step]:
        shown = self._basis.days.days
        for group in groups:
            first, last = (shown[group[i].day].isoformat() for i in (0, -1))
            text = msg(
                "{tests} tests failed from {first} to {last}, within {days} days",
                tests=len(group), first=day(first), last=day(last), days=self._table.within_days,
            )  # fmt: skip
            yield step(
                "tests_failed", self._table.clause, text, first=first, last=last, tests=len(group)
            )


def _why(fee: Fraction, tests: HomeTests, groups: Sequence[Sequence[DayTest]]) -> Reason:
    if groups:
        return DAYS_PAID if fee else NO_FEE
    return TOO_FEW_FAILED if tests.counted else NOT_COUNTED
