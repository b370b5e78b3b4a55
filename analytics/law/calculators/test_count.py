"""`test_count`: so many failing tests within so many days pay a month's fee."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece
from analytics.law.lines import Line, total
from analytics.law.reasons import Reason
from analytics.law.steps import Step, day, money, step
from analytics.law.terms import Cited, Row, Table, Terms, stated
from domain.language import Text, msg, plural
from domain.quantity import Quantity
from domain.time import HOUR_US

NOT_ON_FAULT_DAYS = "fault-day-records-do-not-count"
NOT_TESTED = Reason("not_tested", msg("no measurement record"), weak=True)
TOO_FEW_FAILED = Reason("too_few_failed", msg("too few tests failed within the time set"))


class CountTable(Cited):
    """How many failing tests, within how long, pay how many daily fees."""

    tests: int = Field(ge=1)
    within_days: int = Field(ge=1)  # days of 24 h from the first of them on, the last instant in
    pays_days: int = Field(ge=1)  # daily fees
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


class DayTest(NamedTuple):
    """All measurement records of one local day."""

    day: int  # of the season
    lowest: int  # [0.001 °C]
    failed_us: int | None  # its first failing record; None: it passed


class Calculator:
    """Each local day's records are one test, failing if one of them is below the standard (7.16).

    Records of a day that a user's fault touches are none (7.20), where the policy says so.
    """

    Table: ClassVar[type[Table]] = CountTable
    reasons: ClassVar[tuple[Reason, ...]] = (NOT_TESTED, TOO_FEW_FAILED)
    kinds: ClassVar[Mapping[str, Text]] = {"month": msg("a month's fee")}
    interpretations: ClassVar[tuple[str, ...]] = (
        "one-test-per-local-day", NOT_ON_FAULT_DAYS, "thirty-days-from-first-failure",
        "month-is-thirty-daily-fees", "season-fee-is-the-most",
    )  # fmt: skip
    request_clause = ""

    def __init__(self, basis: Basis, table: CountTable) -> None:
        self._basis = basis
        self._table = table
        self._standard = Quantity.TEMPERATURE.to_ticks(basis.terms.standard.temp)
        self.clause = table.clause
        self._faults_cancel = basis.terms.interprets(NOT_ON_FAULT_DAYS)

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
        records, homes = piece.part.measurements, piece.part.rooms.offsets
        claims = [Claim(reason=NOT_TESTED)] * piece.part.household.size
        bounds = records.offsets[homes]
        for i in np.flatnonzero(np.diff(bounds)).tolist():
            own = slice(*bounds[i : i + 2].tolist())
            at, value = (each[own] for each in records.columns)
            tests = self._tests(at, value)
            faults = self._fault_days(piece.part, i)
            if tests:
                paid = [line for claim in before[i] for line in claim.lines]
                home = piece.fee[i], piece.part.currency[i]
                claims[i] = self._claim(*home, tests, faults, paid)
        return claims

    def _day(self, at_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """Days of the season by index; -1: before it."""
        return np.searchsorted(self._basis.days.start_us, at_us, side="right") - 1

    def _fault_days(self, part: Snapshot, home: int) -> set[int]:
        """Days that a fault of this household's touches, as far as they matter."""
        if not self._faults_cancel:
            return set()
        own = slice(*part.faults.offsets[home : home + 2].tolist())
        since, until = (each[own] for each in part.faults.columns)
        spans = zip(self._day(since).tolist(), self._day(until - 1).tolist(), strict=True)
        return {day for first, last in spans for day in range(max(first, 0), last + 1)}

    def _tests(self, at_us: NDArray[np.int64], value: NDArray[np.int64]) -> list[DayTest]:
        """Tests inside the season and up to what is past of it, by day."""
        season = self._basis.snapshot.season
        inside = (at_us >= season.since_us) & (at_us < season.end_us)
        days = self._day(at_us)
        tests = []
        for number in np.unique(days[inside]).tolist():
            its = inside & (days == number)
            failed = at_us[its & (value < self._standard)]
            first = int(failed.min()) if failed.size else None
            tests.append(DayTest(number, int(value[its].min()), first))
        return tests

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
        self, fee: Fraction, currency: str, made: Sequence[DayTest], faults: set[int],
        paid: Sequence[Line],
    ) -> Claim:  # fmt: skip
        tests = [each for each in made if each.day not in faults]
        groups = self._groups(tests)
        lines: list[Line] = []
        for group in groups:
            line = self._line(fee, currency, group[0], [*paid, *lines])
            if line.days > 0:
                lines.append(line)
        why = TOO_FEW_FAILED if tests else NOT_TESTED
        return Claim.decided(
            lines,
            reason=None if lines else why,
            steps=tuple(self._steps(made, faults, groups)),
        )

    def _line(self, fee: Fraction, currency: str, first: DayTest, paid: Sequence[Line]) -> Line:
        """The month from a group's first test on, shown to the season's end at most.

        All lines together come to at most the season's fee.
        """
        left = self._basis.count - sum(line.days * line.share for line in paid)
        days = max(Fraction(0), min(Fraction(self._table.pays_days), left))
        last = min(first.day + self._table.pays_days, len(self._basis.days.days)) - 1
        line = self._basis.line(
            "month", fee, first.day, last, days, Fraction(1), self._table.clause
        )
        whole, before = Decimal(fee.numerator) / fee.denominator, total(paid)
        most = max(Decimal("0.00"), whole - before)
        if line.amount <= most:
            return line
        formula = msg(
            "season fee {fee} − {before} refunded before = {amount}",
            fee=money(whole, currency), before=money(before, currency),
            amount=money(most, currency),
        )  # fmt: skip
        return replace(line, amount=most, formula=formula)

    def _steps(
        self, made: Sequence[DayTest], faults: set[int], groups: Sequence[Sequence[DayTest]]
    ) -> Iterator[Step]:
        for each in made:
            yield self._not_counted(each) if each.day in faults else self._test_step(each)
        for group in groups:
            first, last = (self._shown(group[i].day).isoformat() for i in (0, -1))
            text = msg(
                "{tests} tests failed from {first} to {last}, within {days} days",
                tests=len(group), first=day(first), last=day(last), days=self._table.within_days,
            )  # fmt: skip
            yield step(
                "tests_failed", self._table.clause, text, first=first, last=last, tests=len(group)
            )

    def _shown(self, number: int) -> date:
        return self._basis.days.days[number]

    def _not_counted(self, test: DayTest) -> Step:
        shown = self._shown(test.day).isoformat()
        text = msg("records of {day}: not counted, a user's fault touches the day", day=day(shown))
        return step("test_not_counted", self._table.clause, text, day=shown)

    def _test_step(self, test: DayTest) -> Step:
        shown, lowest = self._shown(test.day).isoformat(), f"{test.lowest / 1000:.3f}"
        text = (
            msg("test of {day}: lowest {lowest} °C, passed", day=day(shown), lowest=lowest)
            if test.failed_us is None
            else msg("test of {day}: lowest {lowest} °C, failed", day=day(shown), lowest=lowest)
        )
        code = "test_passed" if test.failed_us is None else "test_failed"
        clause = self._basis.terms.standard.clause
        return step(code, clause, text, day=shown, celsius=lowest)
