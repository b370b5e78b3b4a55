"""`degree_hour`: each hour by each degree below the limit cuts the month's fee."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from fractions import Fraction
from typing import ClassVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece, Seconds
from analytics.law.cold_days.counted import asked, requests_inside
from analytics.law.cold_days.samples import samples_of
from analytics.law.lines import Line
from analytics.law.months import month_line, months_of
from analytics.law.outages import spans_of
from analytics.law.reasons import DAYS_PAID, NO_REQUEST, Reason
from analytics.law.room_times import Known, edges, rooms_of
from analytics.law.steps import Step, day, step
from analytics.law.terms import Cited, Exact, Row, Share, Table, Terms, TimeOfDay
from domain.columns import IntArray
from domain.language import Text, msg
from domain.quantity import Quantity
from domain.time import HOUR_US, to_us

NOT_KNOWN = Reason("temperature_not_known", msg("no room temperature is known after the report"))
WARM_ENOUGH = Reason("warm_enough", msg("no room was below the limit after the report"))


class Night(Cited):
    """When rooms may be colder, and by how much."""

    since: TimeOfDay
    until: TimeOfDay
    colder_k: Exact = Field(gt=0)  # [K]


class DegreeHourTable(Cited):
    """What each degree-hour below the standard takes of the month's fee."""

    rate: Share  # of the month's fee, for an hour and a degree
    night: Night | None = None

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


class Calculator:
    """From the household's report on, at each instant by the coldest room; outages displace it.

    What is not known is neither warm nor cold: it pays nothing, and a reading more can only add.
    """

    Table: ClassVar[type[Table]] = DegreeHourTable
    reasons: ClassVar[tuple[Reason, ...]] = (NO_REQUEST, NOT_KNOWN, WARM_ENOUGH, DAYS_PAID)
    kinds: ClassVar[Mapping[str, Text]] = {"temperature": msg("low temperature")}
    interpretations: ClassVar[tuple[str, ...]] = (
        "degree-hours-from-report", "night-from-tolerance-edge", "degrees-proportional",
        "outage-displaces-cold", "month-fee-by-days",
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
        part = piece.part
        claims = [Claim(reason=NO_REQUEST)] * part.household.size
        samples, requests = samples_of(part, piece.columns), requests_inside(part)
        outages = dict(spans_of(part.outages))
        for i in np.flatnonzero(asked(part)).tolist():
            rooms = rooms_of(samples, *part.rooms.offsets[i : i + 2].tolist())
            own = requests.columns[0][slice(*requests.offsets[i : i + 2].tolist())]
            since = self._season.since_us if part.consent[i] else int(own.min())
            claims[i] = self._claim(piece.fee[i], rooms, since, outages.get(i, ()), before[i])
        return claims

    def _claim(
        self, fee: Fraction, rooms: list[Known], since: int, outages: Sequence[tuple[int, int]],
        before: Sequence[Claim],
    ) -> Claim:  # fmt: skip
        marks = self._marks(rooms, since, outages)
        if not any(room.during(marks[:-1])[1].any() for room in rooms):
            return Claim(reason=NOT_KNOWN)
        below = self._below(rooms, marks[:-1], outages)
        lines: list[Line] = []
        taken: dict[int, Seconds] = {}
        steps: list[Step] = []
        for month in self._months:
            own = (marks[:-1] >= month.since_us) & (marks[:-1] < month.until_us)
            # exact: 0.001 °C × µs are integers; a month at 40 °C below is below 2**63
            total = sum((below[own] * np.diff(marks)[own]).tolist())
            share = Fraction(total, 1000 * HOUR_US) * self._table.rate
            made = month_line(self._basis, "temperature", fee, month, share, self.clause, before)
            if made is not None:
                lines.append(made[0])
                taken |= made[1]
                steps.append(self._step(made[0], total))
        why = None if lines else DAYS_PAID if below.any() else WARM_ENOUGH
        return Claim.decided(lines, reason=why, taken=taken, steps=tuple(steps))

    def _marks(
        self, rooms: list[Known], since: int, outages: Sequence[tuple[int, int]]
    ) -> IntArray:
        turns = [each for span in (*outages, *self._nights) for each in span]
        months = [month.since_us for month in self._months]
        return edges(rooms, since, max(since, self._season.end_us), *turns, *months)

    def _below(
        self, rooms: list[Known], at: IntArray, outages: Sequence[tuple[int, int]]
    ) -> IntArray:
        """(k,) how far the coldest room is below the limit of the hour. [0.001 K]"""
        limit = np.full(at.size, self._standard, dtype=np.int64)
        if self._table.night is not None:
            colder = Quantity.TEMPERATURE.to_ticks(self._table.night.colder_k)
            limit -= np.where(_within(at, self._nights), colder, 0)
        below = np.zeros(at.size, dtype=np.int64)
        for room in rooms:
            value, known = room.during(at)
            below = np.maximum(below, np.where(known, limit - value, 0))
        return np.where(_within(at, outages), 0, below)

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

    def _step(self, line: Line, total: int) -> Step:
        hundredths = total * 100 // (1000 * HOUR_US)
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
