"""`late_season`: each started day without heat at a season's begin or end takes a part of a month's charge."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import merged
from analytics.heat.supply import HELD_US
from analytics.law.calculator import Basis, Claim, Piece, Seconds, not_charged, part_days, taken_by
from analytics.law.lines import Line
from analytics.law.months import by_day, charged_parts
from analytics.law.outages import open_spans_of, spans_of, with_open_outages
from analytics.law.reasons import DAYS_PAID, NO_OUTAGE, OUTAGE_IN_SEASON, Reason
from analytics.law.steps import Step, day, step
from analytics.law.terms import Cited, Row, Table, Terms, stated
from domain.language import Text, msg, plural


class LateSeasonTable(Cited):
    """What part of a month's charge each started day takes."""

    knows_causes: ClassVar[bool] = True

    days_of_month: int = Field(ge=28, le=31)

    of_days: ClassVar[bool] = False  # parts of a month's charge, which need not be its day's

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        paid = msg("1/{days} of a month's charge", days=self.days_of_month)
        yield msg("each started day of a late start or an early end"), paid, self.clause


class Calculator:
    """An outage that reaches the season's first or last instant is a late start, or an early end."""

    Table: ClassVar[type[Table]] = LateSeasonTable
    reasons: ClassVar[tuple[Reason, ...]] = (NO_OUTAGE, OUTAGE_IN_SEASON, DAYS_PAID)
    kinds: ClassVar[Mapping[str, Text]] = {"late_season": msg("late start or early end")}
    interpretations: ClassVar[tuple[str, ...]] = (
        "late-start-is-an-outage", "monthly-charge-is-a-part-of-the-fee",
    )  # fmt: skip
    request_clause = ""

    def __init__(self, basis: Basis, table: LateSeasonTable) -> None:
        self._basis = basis
        months = {(each.year, each.month) for each in basis.days.days}
        #: of the daily fee: a month's charge is the season's fee by its months
        self._share = basis.count / (len(months) * table.days_of_month)
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, _table: LateSeasonTable) -> Iterator[Text]:
        for name in Calculator.interpretations:
            yield from stated(terms, "days_of_month", name, holds=True)

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.zeros(snapshot.household.size, dtype=np.bool_)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        claims = [Claim(reason=NO_OUTAGE)] * piece.part.household.size
        ended, without = dict(spans_of(piece.part.outages)), open_spans_of(piece.part)
        for i in sorted({*ended, *without}):
            own, open_ = ended.get(i, ()), without.get(i, ())
            claim = self._claim(piece.fee[i], own, before[i])
            if open_:
                every = merged([*own, *open_], HELD_US)
                most = self._claim(piece.fee[i], every, before[i])
                days = by_day(self._basis, self._at_ends(every))
                claim = with_open_outages(self._basis, self.clause, claim, most, open_, days)
            claims[i] = claim
        return claims

    def _at_ends(self, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The parts inside the season of those that reach its first or its last instant. [µs]"""
        season = self._basis.snapshot.season
        return [
            (max(since, season.since_us), min(until, season.end_us))
            for since, until in spans
            if (since <= season.since_us < until) or (since < season.until_us <= until)
        ]

    def _claim(
        self, fee: Fraction, spans: Sequence[tuple[int, int]], before: Sequence[Claim]
    ) -> Claim:
        closed = not_charged(before)
        lines: list[Line] = []
        taken: dict[int, Seconds] = {}
        steps: list[Step] = []
        at_ends = self._at_ends(spans)
        for span in at_ends:
            own = self._days(span, {*closed, *taken})
            days = self._left([*before, Claim(taken=taken)], len(own))
            if days <= 0:
                continue
            lie = {d: days / len(own) * int(self._basis.days.length_s[d]) for d in own}
            line = self._basis.line(
                "late_season", fee, own[0], own[-1], days, self._share, self.clause, lie.items()
            )
            lines.append(line)
            taken |= {d: seconds * self._share for d, seconds in lie.items()}
            steps.append(self._step(line, len(own)))
        inside = by_day(self._basis, spans)
        why = DAYS_PAID if at_ends else OUTAGE_IN_SEASON if inside else NO_OUTAGE
        return Claim.decided(lines, reason=None if lines else why, taken=taken, steps=tuple(steps))

    def _days(self, span: tuple[int, int], closed: Collection[int]) -> list[int]:
        """Local days that it has an instant of, of those that were charged."""
        return sorted(by_day(self._basis, charged_parts(self._basis, [span], closed)))

    def _left(self, before: Sequence[Claim], days: int) -> Fraction:
        """So many days of them the season's fee still pays."""
        if self._basis.fee_of_days:
            return Fraction(days)
        left = self._basis.count - part_days(self._basis, taken_by(before))
        return min(Fraction(days), left / self._share)

    def _step(self, line: Line, count: int) -> Step:
        first, last = line.first.isoformat(), line.last.isoformat()
        text = plural(
            "{first} to {last}: {n} started day without heat at the season's begin or end",
            "{first} to {last}: {n} started days without heat at the season's begin or end",
            n=count, first=day(first), last=day(last),
        )  # fmt: skip
        return step("late_season", self.clause, text, first=first, last=last, days=count)
