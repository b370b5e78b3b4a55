"""`degree_hour`: each hour by each degree below the limit cuts the month's fee."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analytics.facts.recorded import Decided, recorded_of
from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece, Seconds, not_charged
from analytics.law.cold_days.counted import asked
from analytics.law.cold_days.decided import decision_step
from analytics.law.cold_days.room_standards import standard_steps
from analytics.law.decided_hours import Hours, decided_hours
from analytics.law.known import Known
from analytics.law.lines import Line, total
from analytics.law.months import Fees, Month, fees_of, month_line, months_of, taken_by_line
from analytics.law.outages import open_spans_of, spans_of
from analytics.law.reasons import DAYS_PAID, NO_REQUEST, OUTAGE_WITHOUT_END, USER_FAULT, Reason
from analytics.law.room_gaps import Supposed, bridges_of, supposed_of
from analytics.law.room_times import edges
from analytics.law.standing import standing, visited
from analytics.law.steps import Step, day, instant, step
from analytics.law.terms import Cited, Exact, Row, Share, Table, Terms, TimeOfDay
from domain.columns import IntArray
from domain.language import Text, msg
from domain.quantity import Quantity
from domain.time import HOUR_US, to_us

PER_HOUR = 1000 * HOUR_US  # a degree-hour [0.001 K·µs]
NOT_KNOWN = Reason("temperature_not_known", msg("no room temperature is known after the report"))
WARM_ENOUGH = Reason("warm_enough", msg("no room was below the limit after the report"))


class Night(Cited):
    """When rooms may be colder, and by how much."""

    since: TimeOfDay
    until: TimeOfDay
    colder_k: Exact = Field(gt=0)  # [K]


class DegreeHourTable(Cited):
    """What each degree-hour below the standard takes of the month's fee."""

    knows_kinds_of_room: ClassVar[bool] = True
    readings_serve: ClassVar[bool] = True

    rate: Share  # of the month's fee, for an hour and a degree
    night: Night | None = None

    of_dwellings: ClassVar[bool] = True
    of_days: ClassVar[bool] = False  # hours by the month's fee: a day may take more than its own
    of_month: ClassVar[bool] = True

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        paid = msg("{percent} % of the month's fee", percent=f"{float(self.rate * 100):g}")
        yield msg("each hour, each degree below"), paid, self.clause
        if self.night is not None:
            colder = msg("up to {kelvin} °C colder", kelvin=self.night.colder_k)
            span = msg("{since} to {until}", since=self.night.since, until=self.night.until)
            yield (
                msg("at night"),
                msg("{span}: {colder}", span=span, colder=colder),
                self.night.clause,
            )


@dataclass(frozen=True, slots=True)
class Home:
    """What counts of one household."""

    supposed: Sequence[Supposed]  # its rooms, with their unknown time filled
    standing: Sequence[tuple[int, int]]  # when a request of it stands [µs]
    outages: Sequence[tuple[int, int]]
    without: Sequence[tuple[int, int]]  # outages without a known end
    faults: Collection[int]  # days that a user's fault touches
    closed: Collection[int]  # days that were not charged
    decisions: Mapping[
        Decided, Decided
    ]  # as rooms are taken -> as recorded; they settle the unknown
    rooms: Sequence[str]  # their codes
    own: tuple[Step, ...] = ()  # of each room with a standard of its own


class Made(NamedTuple):
    """Lines, what they take of each day, how they come about; and of what cold of each day."""

    lines: list[Line]
    taken: dict[int, Seconds]
    steps: list[Step]
    amounts: dict[Month, Decimal]
    cold: dict[int, int]


class Judged(NamedTuple):
    """A household's time in (k,) stretches between which nothing changes."""

    at: IntArray  # its begin [µs]
    day_of: IntArray  # its day of the season, by index
    counts: IntArray  # its length, 0 where its day counts no cold [µs]
    hours: Hours


class Calculator:
    """From the household's report on, at each instant by the room furthest below its standard;
    outages displace it. Rooms are taken as they compare with the general standard.

    A request stands until a visit finds no room below; days of a user's fault pay nothing. A short gap
    between cold sides counts as the warmer of them, what is longer and behind cold is undetermined.
    """

    Table: ClassVar[type[Table]] = DegreeHourTable
    reasons: ClassVar[tuple[Reason, ...]] = (
        NO_REQUEST, NOT_KNOWN, WARM_ENOUGH, DAYS_PAID, USER_FAULT,
    )  # fmt: skip
    kinds: ClassVar[Mapping[str, Text]] = {"temperature": msg("low temperature")}
    interpretations: ClassVar[tuple[str, ...]] = (
        "degree-hours-from-report", "night-from-tolerance-edge", "degrees-proportional",
        "outage-displaces-cold", "month-fee-by-days", "request-stands-until-measured",
        "records-of-a-day-are-a-visit", "fault-days-cut-the-episode",
        "unknown-pays-the-smaller",
    )  # fmt: skip

    def __init__(self, basis: Basis, table: DegreeHourTable) -> None:
        self._basis = basis
        self._table = table
        self._season = basis.snapshot.season
        self._months = months_of(basis.days, self._season.since_us, self._season.until_us)
        self._standard = Quantity.TEMPERATURE.to_ticks(basis.terms.standard.temp)
        self._nights = self._night_spans()
        self.clause = self.request_clause = table.clause

    @staticmethod
    def against(terms: Terms, table: DegreeHourTable) -> Iterator[Text]:
        for name in Calculator.interpretations:
            wanted = name != "night-from-tolerance-edge" or table.night is not None
            if wanted and not terms.interprets(name):
                yield msg(
                    "rate needs the interpretation {name!r}: what is meant would be open", name=name
                )

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return asked(snapshot)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        claims = [Claim(reason=NO_REQUEST)] * piece.part.household.size
        for i, home in self._homes(piece, before):
            claims[i] = self._claim(fees_of(self._basis, piece, i), home, before[i])
        return claims

    def turns(
        self, piece: Piece, before: Sequence[Sequence[Claim]], an_hour: Fraction,
        apart: Sequence[Sequence[int]],
    ) -> list[list[int]]:  # fmt: skip
        """In a month both items only add up: of its ends that with the most of the one less the other."""
        found: list[list[int]] = [[] for _ in before]
        even = float(1000 * an_hour / self._table.rate)  # as much below takes as much [0.001 K]
        months = [month.since_us for month in self._months]
        for i, home in self._homes(piece, before):
            if not home.without:
                continue
            own = self._judged(home)
            outage = own.counts * ~_within(own.at, home.outages)
            more = np.concatenate([[0.0], np.cumsum(outage * (even - own.hours.high))])
            marks = np.append(own.at, self._season.end_us)
            turns = np.searchsorted(marks, sorted({*apart[i], *months, self._season.end_us}))
            for first, last in pairwise(np.unique(turns).tolist()):
                found[i].append(int(marks[first + more[first : last + 1].argmax()]))
        return found

    def _homes(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> Iterator[tuple[int, Home]]:
        """Row and facts of each household that asked."""
        known = visited(self._basis, piece)
        part, bridge = known.part, bridges_of(known.part)
        outages, without = dict(spans_of(part.outages)), open_spans_of(part)
        for i in np.flatnonzero(asked(part)).tolist():
            first, last = part.rooms.offsets[i : i + 2].tolist()
            end = self._season.end_us
            own = part.requests.columns[0][slice(*part.requests.offsets[i : i + 2].tolist())]
            spans = standing(own.tolist(), known.serving(i), end)
            yield i, Home(
                [*supposed_of(known.samples, first, last, bridge[i], self._standard, end)],
                [(self._season.since_us, end)] if part.consent[i] else spans, outages.get(i, ()),
                without.get(i, ()), set(np.flatnonzero(known.fault[i]).tolist()),
                not_charged(before[i]), self._decisions(part, i, known.more[first:last]),
                part.room_code[first:last],
                tuple(standard_steps(part, self._basis.terms, first, last)),
            )  # fmt: skip

    @staticmethod
    def _decisions(part: Snapshot, home: int, more: IntArray) -> dict[Decided, Decided]:
        """Decisions as their rooms are taken -> as they are recorded; `more` of its rooms [0.001 K]."""
        found: dict[Decided, Decided] = {}
        codes = part.room_code[int(part.rooms.offsets[home]) :]
        by = {code: Decimal(int(each)) / 1000 for code, each in zip(codes, more, strict=False)}
        for each in recorded_of(part.recorded[home]).decisions if part.recorded else ():
            less = by.get(each.room, Decimal(0)) if each.temperature else Decimal(0)
            as_taken = str(Decimal(each.temperature) - less) if less else each.temperature
            found.setdefault(each._replace(temperature=as_taken), each)
        return found

    def _claim(self, fee: Fees, home: Home, before: Sequence[Claim]) -> Claim:
        at, day_of, counts, hours = self._judged(home)
        low, high = hours.low, hours.high
        stands = _within(at, home.standing)
        sure_known = any(each.sure.during(at[stands])[1].any() for each in home.supposed)
        ended = counts * ~_within(at, home.without)
        sure = self._made(fee, self._by_day(day_of, low * ended), before)
        most = self._made(fee, self._by_day(day_of, high * counts), before)
        steps = (
            *home.own,
            *self._served_steps(home.standing),
            *self._fault_steps(home.faults, day_of[low > 0]),
            *self._decision_steps(home.decisions, hours, day_of, counts > 0),
            *sure.steps,
        )
        if sure.amounts == most.amounts:
            why = (
                self._why(low > 0, np.isin(day_of, list(home.faults))) if sure_known else NOT_KNOWN
            )
            reason = None if sure.lines else why
            return Claim.decided(tuple(sure.lines), reason=reason, taken=sure.taken, steps=steps)
        of_outage = self._by_day(day_of, high * ended) == sure.cold
        return Claim(
            tuple(sure.lines), total(most.lines), total(sure.lines), self._open(sure, most),
            taken=sure.taken, steps=steps, waits_for=OUTAGE_WITHOUT_END if of_outage else None,
        )  # fmt: skip

    def _judged(self, home: Home) -> Judged:
        marks = self._marks(home)
        at = marks[:-1]
        day_of = np.searchsorted(self._basis.days.start_us, at, side="right") - 1
        counts = np.diff(marks) * ~np.isin(day_of, [*home.faults, *home.closed])
        return Judged(at, day_of, counts, self._below(home, at, _within(at, home.standing)))

    def _open(self, sure: Made, most: Made) -> tuple[int, ...]:
        """Days that may come to more, in months whose sum they would change."""
        months = [m for m in self._months if sure.amounts.get(m) != most.amounts.get(m)]
        days = (day for month in months for day in month.days())
        return tuple(day for day in days if most.cold.get(day, 0) != sure.cold.get(day, 0))

    def _why(self, below: NDArray[np.bool_], fault: NDArray[np.bool_]) -> Reason:
        if not below.any():
            return WARM_ENOUGH
        return USER_FAULT if not (below & ~fault).any() else DAYS_PAID

    def _by_day(self, day_of: IntArray, cold: IntArray) -> dict[int, int]:
        """Day -> what is below the limit on it. [0.001 K·µs]"""
        found = np.zeros(len(self._basis.days.days), dtype=np.int64)
        # exact: a month at 40 °C below is below 2**63
        np.add.at(found, day_of, cold)
        return {day: found[day].item() for day in np.flatnonzero(found).tolist()}

    def _made(self, fee: Fees, cold: dict[int, int], before: Sequence[Claim]) -> Made:
        """A line for each month, of what is below on each day."""
        made = Made([], {}, [], {}, cold)
        for month in self._months:
            own = {day: cold[day] for day in month.days() if day in cold}
            parts = {day: Fraction(own[day], PER_HOUR) * self._table.rate for day in own}
            line = month_line(self._basis, "temperature", fee, month, parts, self.clause, before)
            if line is not None:
                made.lines.append(line)
                made.taken.update(taken_by_line(line))
                if line.amount:  # what comes to no cent is as no line
                    made.amounts[month] = line.amount
                made.steps.append(self._step(line, sum(own.values())))
        return made

    def _marks(self, home: Home) -> IntArray:
        decided = [(each.since, each.until) for each in home.decisions]
        spans = (*home.standing, *home.outages, *home.without, *self._nights, *decided)
        turns = [each for span in spans for each in span]
        days = self._basis.days.start_us.tolist()
        most = [each.most for each in home.supposed]
        return edges(most, self._season.since_us, self._season.end_us, *turns, *days)

    def _below(self, home: Home, at: IntArray, stands: NDArray[np.bool_]) -> Hours:
        """How far the coldest room is below each instant's limit, as decisions settle what is unknown."""
        limit = np.full(at.size, self._standard, dtype=np.int64)
        if self._table.night is not None:
            colder = Quantity.TEMPERATURE.to_ticks(self._table.night.colder_k)
            limit -= np.where(_within(at, self._nights), colder, 0)
        counts = stands & ~_within(at, home.outages)
        sure, most = (
            _below(limit, counts, [getattr(room, of) for room in home.supposed], at)
            for of in Supposed._fields
        )
        return decided_hours([*home.decisions], home.rooms, at, sure, most, limit, self._standard)

    def _night_spans(self) -> list[tuple[int, int]]:
        night = self._table.night
        if night is None:
            return []
        zone = ZoneInfo(self._season.zone)
        since, until = time.fromisoformat(night.since), time.fromisoformat(night.until)
        return [
            (to_us(datetime.combine(d, since, zone)), to_us(datetime.combine(d, until, zone)))
            for d in self._basis.days.days
        ]

    def _served_steps(self, standing_: Sequence[tuple[int, int]]) -> Iterator[Step]:
        """Each visit that served a report; what is cold behind it wants another one."""
        for since, until in standing_:
            if until < self._season.end_us:
                asked_, served = self._basis.at(since), self._basis.at(until)
                text = msg(
                    "request of {since}: served by the visit of {until}, which found no room below "
                    "the standard",
                    since=instant(asked_), until=instant(served),
                )  # fmt: skip
                yield step("request_served", self.clause, text, since=asked_, until=served)

    def _decision_steps(
        self, decisions: Mapping[Decided, Decided], hours: Hours, day_of: IntArray,
        counts: NDArray[np.bool_],
    ) -> Iterator[Step]:  # fmt: skip
        """Each decision that settled any hours, with their days."""
        for each, own in hours.settled:
            days = np.unique(day_of[own & counts]).tolist()
            if days:
                yield decision_step(self._basis, decisions[each], days)

    def _fault_steps(self, faults: Collection[int], cold: IntArray) -> Iterator[Step]:
        """Each cold day that pays nothing because a user's fault touches it."""
        for d in sorted({*faults} & {*cold.tolist()}):
            shown = self._basis.days.days[d].isoformat()
            text = msg(
                "{day}: cold, but a user's fault touches the day; it pays nothing", day=day(shown)
            )
            yield step("fault_day", self.clause, text, day=shown)

    def _step(self, line: Line, cold: int) -> Step:
        hundredths = cold * 100 // PER_HOUR
        text = msg(
            "{first} to {last}: {degree_hours} degree-hours below the limit, each takes {rate} of the month's fee",
            first=day(line.first.isoformat()), last=day(line.last.isoformat()),
            degree_hours=f"{hundredths // 100}.{hundredths % 100:02d}",
            rate=f"{float(self._table.rate * 100):g}%",
        )  # fmt: skip
        return step("degree_hours", self.clause, text, month=f"{line.first:%Y-%m}")


def _within(at: IntArray, spans: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """(k,) whether each instant is in one of the spans."""
    found = np.zeros(at.size, dtype=np.bool_)
    for since, until in spans:
        found |= (at >= since) & (at < until)
    return found


def _below(
    limit: IntArray, counts: NDArray[np.bool_], rooms: Sequence[Known], at: IntArray
) -> IntArray:
    """(r, k) how far each room is below the limit where that counts; 0 where it is not known. [0.001 K]"""
    found = np.zeros((len(rooms), at.size), dtype=np.int64)
    for row, (value, known) in enumerate(room.during(at) for room in rooms):
        found[row] = np.where(known & counts, np.maximum(limit - value, 0), 0)
    return found
