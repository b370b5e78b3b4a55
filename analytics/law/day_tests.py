"""Tests as acts count them: all measurement records of one local day of a household (7.16, 7.20)."""

from collections.abc import Callable, Container, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece, not_charged
from analytics.law.noted_outages import excused_days
from analytics.law.reasons import Reason
from analytics.law.steps import Step, day, step
from domain.language import msg
from domain.quantity import Quantity

NOT_ON_FAULT_DAYS = "fault-day-records-do-not-count"
NOT_TESTED = Reason("not_tested", msg("no measurement record"), weak=True)
NOT_COUNTED = Reason(
    "tests_not_counted", msg("the measurement records are of days that do not count")
)
TOO_FEW_FAILED = Reason("too_few_failed", msg("too few tests failed within the time set"))


class DayTest(NamedTuple):
    """All measurement records of one local day."""

    day: int  # of the season
    lowest: int  # [0.001 °C]
    failed_us: int | None  # its first failing record; None: it passed


class HomeTests(NamedTuple):
    """The tests of one household, and the days of its faults, on which there is none."""

    made: Sequence[DayTest]
    faults: set[int]
    excused: frozenset[int] = frozenset()  # of outages that excuse by their cause

    @property
    def counted(self) -> list[DayTest]:
        return [each for each in self.made if each.day not in self.faults | self.excused]

    def without(self, closed: Container[int]) -> "HomeTests":
        """Without those of days that were not charged: nobody is owed anything for them."""
        return self._replace(made=[each for each in self.made if each.day not in closed])


class DayTests:
    """Finds and shows tests of a season; records of a day of the user's fault are none, where said."""

    def __init__(self, basis: Basis, clause: str) -> None:
        self._basis = basis
        self._clause = clause
        self._standard = Quantity.TEMPERATURE.to_ticks(basis.terms.standard.temp)
        self._faults_cancel = basis.terms.interprets(NOT_ON_FAULT_DAYS)

    def of(self, piece: Piece) -> Iterator[tuple[int, HomeTests]]:
        """(household's row, its tests inside the season and up to what is past of it, by day)."""
        records, homes = piece.part.measurements, piece.part.rooms.offsets
        bounds = records.offsets[homes]
        excused = excused_days(piece.part, self._basis.terms, self._basis.days)
        for i in np.flatnonzero(np.diff(bounds)).tolist():
            own = slice(*bounds[i : i + 2].tolist())
            tests = self._tests(*(each[own] for each in records.columns))
            if tests:
                out = () if excused is None else np.flatnonzero(excused[i]).tolist()
                yield i, HomeTests(tests, self._fault_days(piece.part, i), frozenset(out))

    def claims(
        self,
        piece: Piece,
        before: Sequence[Sequence[Claim]],
        claim: Callable[[Fraction, str, HomeTests, Sequence[Claim]], Claim],
    ) -> list[Claim]:
        """(n,) what `claim` finds for the tests of each household on days that were charged."""
        claims = [Claim(reason=NOT_TESTED)] * piece.part.household.size
        for i, tests in self.of(piece):
            home = piece.fee[i], piece.part.currency[i]
            claims[i] = claim(*home, tests.without(not_charged(before[i])), before[i])
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

    def steps(self, tests: HomeTests) -> Iterator[Step]:
        """Each test, and those that do not count."""
        for each in tests.made:
            if each.day in tests.excused:
                yield self._excused(each)
            else:
                yield self._not_counted(each) if each.day in tests.faults else self._step(each)

    def _shown(self, number: int) -> str:
        return self._basis.days.days[number].isoformat()

    def _not_counted(self, test: DayTest) -> Step:
        shown = self._shown(test.day)
        text = msg("records of {day}: not counted, a user's fault touches the day", day=day(shown))
        return step("test_not_counted", self._clause, text, day=shown)

    def _excused(self, test: DayTest) -> Step:
        assert self._basis.terms.outages is not None  # by which it is excused
        shown = self._shown(test.day)
        text = msg(
            "records of {day}: not counted, an outage of a cause that excuses", day=day(shown)
        )
        return step("test_excused", self._basis.terms.outages.clause, text, day=shown)

    def _step(self, test: DayTest) -> Step:
        shown, lowest = self._shown(test.day), f"{test.lowest / 1000:.3f}"
        text = (
            msg("test of {day}: lowest {lowest} °C, passed", day=day(shown), lowest=lowest)
            if test.failed_us is None
            else msg("test of {day}: lowest {lowest} °C, failed", day=day(shown), lowest=lowest)
        )
        code = "test_passed" if test.failed_us is None else "test_failed"
        clause = self._basis.terms.standard.clause
        return step(code, clause, text, day=shown, celsius=lowest)
