"""`hour_excess`: hours of outages over what a month and a single one may have cut the month's fee."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analytics.facts.recorded import Decided, recorded_of
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import merged
from analytics.heat.supply import HELD_US
from analytics.law.calculator import Basis, Claim, Piece, Seconds, not_charged
from analytics.law.cold_days.counted import records_that_count
from analytics.law.cold_days.decided import decision_step
from analytics.law.cold_days.samples import samples_of
from analytics.law.decided_hours import NOTHING, Coldest, coldest_decided
from analytics.law.known import Known
from analytics.law.lines import ZERO, Line
from analytics.law.months import (
    Fees,
    Month,
    by_day,
    charged_parts,
    fees_of,
    month_line,
    months_of,
    taken_by_line,
)
from analytics.law.outages import Spans, open_spans_of, spans_of, with_open_outages
from analytics.law.reasons import DAYS_PAID, NO_OUTAGE, Reason
from analytics.law.room_times import rooms_of
from analytics.law.sense import hours_fault
from analytics.law.steps import Step, hours, instant, step
from analytics.law.terms import Cited, Exact, Row, Share, Table, Terms
from domain.columns import IntArray
from domain.language import Text, msg
from domain.quantity import Quantity
from domain.time import HOUR_US

WITHIN_LIMITS = Reason("outage_within_limits", msg("outages were within what the act allows"))


class Limit(Cited):
    """How long one outage may last while the rooms are this warm."""

    from_: Exact | None = Field(None, alias="from")  # edge is in [Cel]; absent: however cold
    hours: Exact = Field(gt=0)  # [h]


class HourExcessTable(Cited):
    """What a month and a single outage may have, and what each hour over it takes of the fee."""

    knows_kinds_of_room: ClassVar[bool] = True

    month_h: Exact = Field(gt=0)  # all outages of a month together [h]
    limits: tuple[Limit, ...] = Field(min_length=1)  # of one outage, the warmest rooms first
    rate: Share  # of the month's fee, for each hour over

    of_days: ClassVar[bool] = False  # hours by the month's fee: one may take more than its day's
    of_month: ClassVar[bool] = True

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        yield (
            msg("outages of a month together"),
            msg("up to {number} h", number=self.month_h),
            self.clause,
        )
        for each in self.limits:
            length = msg("up to {number} h", number=each.hours)
            rooms = (
                msg("rooms colder than that")
                if each.from_ is None
                else msg("rooms from {low} °C", low=each.from_)
            )
            yield (
                msg("one outage"),
                msg("{rooms}: {length}", rooms=rooms, length=length),
                each.clause,
            )
        paid = msg("{percent} % of the month's fee", percent=f"{float(self.rate * 100):g}")
        yield msg("each hour over"), paid, self.clause

    def limit_us(self, coldest: int | None) -> int:
        """Of an outage whose rooms were at their coldest so cold [0.001 °C]; None: not known. [µs]"""
        for edge, each in zip(self.edges(), self.limits, strict=False):
            if coldest is None or coldest >= edge:
                return int(each.hours * HOUR_US)
        return self.strictest_us

    @property
    def strictest_us(self) -> int:
        """The limit of the coldest rooms. [µs]"""
        return int(self.limits[-1].hours * HOUR_US)

    def edges(self) -> list[int]:
        """Below which another limit holds. [0.001 °C]"""
        warm = [each.from_ for each in self.limits if each.from_ is not None]
        return [Quantity.TEMPERATURE.to_ticks(each) for each in warm]


class Single(NamedTuple):
    """One outage inside the season with the limit it has."""

    parts: Spans  # of it on days that were charged [µs]
    limit_us: int
    strictest_us: int  # the limit it may have where its rooms were not known throughout
    coldest: int | None  # [0.001 °C]
    decided: Sequence[
        tuple[Decided, Sequence[int]]
    ] = ()  # decisions that settled its limit, with days


class Rooms(NamedTuple):
    """What is known of a household's rooms, and what is decided where nothing is."""

    known: Sequence[Known]
    names: Sequence[str]  # codes
    decisions: Sequence[Decided]


class Calculator:
    """Each hour over is paid once: by month, the larger of the two excesses (7.17)."""

    Table: ClassVar[type[Table]] = HourExcessTable
    reasons: ClassVar[tuple[Reason, ...]] = (NO_OUTAGE, WITHIN_LIMITS, DAYS_PAID)
    kinds: ClassVar[Mapping[str, Text]] = {"outage": msg("outage")}
    interpretations: ClassVar[tuple[str, ...]] = (
        "larger-excess-once", "strictest-limit-reached", "month-fee-by-days",
    )  # fmt: skip
    request_clause = ""

    def __init__(self, basis: Basis, table: HourExcessTable) -> None:
        self._basis = basis
        self._table = table
        season = basis.snapshot.season
        self._months = months_of(basis.days, season.since_us, season.until_us)
        self._end = season.end_us
        self._standard = Quantity.TEMPERATURE.to_ticks(basis.terms.standard.temp)
        self.clause = table.clause
        self.an_hour = table.rate

    @staticmethod
    def against(terms: Terms, table: HourExcessTable) -> Iterator[Text]:
        yield from hours_fault("month_h", table.month_h)
        for each in table.limits:
            yield from hours_fault("limits.hours", each.hours)
        edges_ = [each.from_ for each in table.limits]
        warm = [edge for edge in edges_ if edge is not None]
        lengths = [each.hours for each in table.limits]
        if edges_[-1] is not None or None in edges_[:-1] or warm != sorted(warm, reverse=True):
            yield msg("limits: the warmest rooms first, and one without 'from' at the end")
        if lengths != sorted(lengths, reverse=True):
            yield msg("limits: colder rooms may not have a longer outage")
        for name in Calculator.interpretations:
            if not terms.interprets(name):
                yield msg(
                    "limits needs the interpretation {name!r}: what is meant would be open",
                    name=name,
                )

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = snapshot.outages.count() > 0
        return (
            found if snapshot.open_outages is None else found | (snapshot.open_outages.count() > 0)
        )

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        claims = [Claim(reason=NO_OUTAGE)] * piece.part.household.size
        for i, outages, rooms in self._homes(piece):
            claims[i] = self._judged(fees_of(self._basis, piece, i), outages, rooms, before[i])
        return claims

    def _homes(self, piece: Piece) -> Iterator[tuple[int, tuple[Spans, Spans], Rooms]]:
        """Row, outages with an end and without one, and rooms of each household that has any outage."""
        _, records = records_that_count(piece.part, self._basis.days)
        part = replace(piece.part, measurements=records)
        samples = samples_of(part, piece.columns)
        ended, without = dict(spans_of(part.outages)), open_spans_of(part)
        for i in sorted({*ended, *without}):
            first, last = part.rooms.offsets[i : i + 2].tolist()
            recorded = recorded_of(part.recorded[i] if part.recorded else "")
            known = rooms_of(samples, first, last)
            rooms = Rooms(known, part.room_code[first:last], recorded.decisions)
            yield i, (ended.get(i, ()), without.get(i, ())), rooms

    def _judged(
        self, fee: Fees, outages: tuple[Spans, Spans], rooms: Rooms,
        before: Sequence[Claim],
    ) -> Claim:  # fmt: skip
        """Of outages without a known end what the others alone make sure."""
        ended, without = outages
        closed = not_charged(before)
        singles = list(self._singles(ended, rooms, closed))
        if not singles and not without:
            inside = by_day(self._basis, ended)
            return Claim(reason=DAYS_PAID if inside else NO_OUTAGE)
        sure = self._claim(fee, singles, before)
        if not without:
            return sure
        every = list(self._singles(merged([*ended, *without], HELD_US), rooms, closed))
        days = by_day(self._basis, (part for each in every for part in each.parts))
        return with_open_outages(
            self._basis, self.clause, sure, self._claim(fee, every, before), without, days
        )

    def _singles(
        self, spans: Iterable[tuple[int, int]], rooms: Rooms, closed: Container[int]
    ) -> Iterator[Single]:
        for start, stop in spans:
            inside = max(start, self._months[0].since_us), min(stop, self._end)
            parts = tuple(charged_parts(self._basis, [inside], closed))
            if not parts:
                continue
            yield self._single(parts, rooms)

    def _single(self, parts: Spans, rooms: Rooms) -> Single:
        """With its limit, as decisions settle it where the rooms were not known throughout."""
        found = self._coldest(parts, rooms)
        known, coldest = (_lowest(each) for each in (found.known, found.value))
        limit, last = self._table.limit_us(coldest), self._table.strictest_us
        settled = found.settled if self._table.limit_us(known) != last else ()
        decided = [(each, [*by_day(self._basis, spans)]) for each, spans in settled]
        return Single(parts, limit, limit if found.whole else last, coldest, decided)

    def _coldest(self, parts: Spans, rooms: Rooms) -> Coldest:
        return coldest_decided(rooms.decisions, rooms.names, rooms.known, parts, self._standard)

    def jumps(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[list[int]]:
        """Where its rooms get so cold that the limit is another, or are not known."""
        found: list[list[int]] = [[] for _ in before]
        for i, (_, without), rooms in self._homes(piece):
            span = (max(without[0][0], self._months[0].since_us), without[-1][1]) if without else ()
            parts = charged_parts(self._basis, [span] if span else (), not_charged(before[i]))
            if not parts:
                continue
            own = self._coldest(tuple(parts), rooms)
            so_far = np.minimum.accumulate(own.value)
            jumps = [so_far < each for each in self._table.edges()]
            for after in (*jumps, own.unknown):
                if after.any():
                    found[i].append(int(own.begin[after.argmax()]))
        return found

    def _claim(self, fee: Fees, singles: Sequence[Single], before: Sequence[Claim]) -> Claim:
        lines: list[Line] = []
        taken: dict[int, Seconds] = {}
        most, open_days = ZERO, []
        steps = [told for each in singles for told in self._steps(each)]
        over_at_all = False
        for month in self._months:
            sure = self._over(month, [(each, each.limit_us) for each in singles])
            might = self._over(month, [(each, each.strictest_us) for each in singles])
            over_at_all = over_at_all or bool(sure)
            made = self._line(fee, month, sure, before)
            other = self._line(fee, month, might, before)
            if made is not None:
                lines.append(made)
                taken |= taken_by_line(made)
                steps.append(self._over_step(made, sum(b - a for a, b in sure)))
            most += ZERO if other is None else other.amount
            if other is not None and (made is None or other.amount != made.amount):
                open_days += self._days_of(month, singles)
        owed = sum((line.amount for line in lines), ZERO)
        if open_days:
            return Claim(
                tuple(lines), most, owed, tuple(open_days), taken=taken, steps=tuple(steps)
            )
        why = None if lines else DAYS_PAID if over_at_all else WITHIN_LIMITS
        return Claim.decided(lines, reason=why, taken=taken, steps=tuple(steps))

    def _line(
        self, fee: Fees, month: Month, over: Sequence[tuple[int, int]], before: Sequence[Claim]
    ) -> Line | None:
        hourly = self._table.rate / HOUR_US
        parts = {day: us * hourly for day, us in by_day(self._basis, over).items()}
        return month_line(self._basis, "outage", fee, month, parts, self._table.clause, before)

    def _over(self, month: Month, singles: Sequence[tuple[Single, int]]) -> list[tuple[int, int]]:
        """What the month's outages have over, by the larger of the two excesses. [µs]"""
        one = [
            span for each, limit in singles for span in _inside(month, _behind(limit, each.parts))
        ]
        every = [span for each, _ in singles for span in _inside(month, each.parts)]
        together = list(_behind(int(self._table.month_h * HOUR_US), every))
        return max(one, together, key=lambda spans: sum(b - a for a, b in spans))

    def _days_of(self, month: Month, singles: Sequence[Single]) -> list[int]:
        """Days of outages in the month whose limit is not known."""
        unsure = [each for each in singles if each.strictest_us != each.limit_us]
        return sorted(
            by_day(self._basis, (s for each in unsure for s in _inside(month, each.parts)))
        )

    def _steps(self, outage: Single) -> Iterator[Step]:
        yield self._step(outage)
        for each, days in outage.decided:
            yield decision_step(self._basis, each, days)

    def _step(self, outage: Single) -> Step:
        since, until = self._basis.at(outage.parts[0][0]), self._basis.at(outage.parts[-1][1])
        facts = {
            "since": instant(since), "until": instant(until),
            "lasts": hours(sum(b - a for a, b in outage.parts)), "limit": hours(outage.limit_us),
        }  # fmt: skip
        if outage.coldest is None:
            text = msg(
                "no heat from {since} to {until}, {lasts} h; room temperature not known: up to {limit} "
                "h are allowed at most",
                **facts,
            )
        else:
            text = msg(
                "no heat from {since} to {until}, {lasts} h; rooms at their coldest {celsius} °C: up to "
                "{limit} h are allowed",
                celsius=f"{outage.coldest / 1000:.3f}", **facts,
            )  # fmt: skip
        return step("outage_allowed", self._table.clause, text, since=since, until=until)

    def _over_step(self, line: Line, over_us: int) -> Step:
        text = msg(
            "{over} h over what the month and each outage may have, the larger of the two",
            over=hours(over_us),
        )
        return step("outage_over", self._table.clause, text, month=f"{line.first:%Y-%m}")


def _lowest(values: IntArray) -> int | None:
    """[0.001 °C]; None where nothing is known of any."""
    lowest = int(values.min(initial=NOTHING))
    return None if lowest == NOTHING else lowest


def _behind(limit_us: int, parts: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What of spans, in order, lies behind their first `limit_us`. [µs]"""
    for since, until in parts:
        used = min(limit_us, until - since)
        limit_us -= used
        if since + used < until:
            yield since + used, until


def _inside(month: Month, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for since, until in spans:
        a, b = max(since, month.since_us), min(until, month.until_us)
        if a < b:
            yield a, b
