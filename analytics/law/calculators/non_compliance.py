"""`non_compliance`: a room below the limit of the hours is a finding, without money."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import merged
from analytics.heat.supply import HELD_US
from analytics.heat.threads import in_ranges
from analytics.kernels.non_compliance import BELOW, LOWEST, NEVER, OPEN, SINCE, UNTIL, below_limits
from analytics.law.calculator import Basis, Claim, Piece, not_charged
from analytics.law.cold_days.outdoor import outdoor_of
from analytics.law.cold_days.samples import Samples, samples_of
from analytics.law.degrees import Scale, celsius, first_tick, limit_words
from analytics.law.findings import Finding, FindingSteps
from analytics.law.outages import Outage, open_spans_of, outages_of, spans_of
from analytics.law.reasons import LIMIT_OPEN, NON_COMPLIANT, Reason
from analytics.law.sense import WARMEST, no_day_of_year
from analytics.law.steps import MadeWhenRead
from analytics.law.terms import Cited, Exact, Row, Table, Terms, TimeOfDay, month_day
from analytics.law.watched import Hours, Period, Span, Watched, watched_of
from domain.language import Text, msg

NEVER_BELOW_LIMIT = Reason(
    "never_below_limit", msg("no room is known to have been below its limit, and none is open")
)
TOGETHER = 512  # households: what is found of every day and night of so many is in memory


class Limit(Cited):
    """From this time of day to that a room may not be colder, perhaps only while it is cold outside."""

    since: TimeOfDay
    until: TimeOfDay  # of the next day where it is not later
    below: Exact  # in the table's degrees
    outdoor_below: Exact | None = None  # the same; absent: whatever it is outdoors


class NonComplianceTable(Cited):
    """Below which temperature a room is a finding, by hour and season."""

    of_dwellings: ClassVar[bool] = True
    of_money: ClassVar[bool] = False
    of_fee: ClassVar[bool] = False
    of_days: ClassVar[bool] = False

    degrees: Scale = "C"  # of all limits
    first_day: Annotated[str, AfterValidator(month_day)]  # of the heat season, every year
    last_day: Annotated[str, AfterValidator(month_day)]  # in it
    limits: tuple[Limit, ...] = Field(min_length=1)

    def rows(self) -> Iterator[Row]:
        """Its numbers as people read them."""
        ends = msg("{first} to {last}", first=self.first_day, last=self.last_day)
        yield msg("heat season"), ends, self.clause
        for each in self.limits:
            least = msg("at least {degrees}", degrees=limit_words(each.below, self.degrees))
            if each.outdoor_below is not None:
                least = msg(
                    "{least}, while it is below {outdoor} outdoors",
                    least=least, outdoor=limit_words(each.outdoor_below, self.degrees),
                )  # fmt: skip
            yield msg("room from {since} to {until}", since=each.since, until=each.until), least, each.clause  # fmt: skip

    def hours(self) -> list[Hours]:
        """Its limits in ticks."""
        return [
            Hours(
                each.since, each.until, first_tick(each.below, self.degrees),
                None if each.outdoor_below is None else first_tick(each.outdoor_below, self.degrees),
            )
            for each in self.limits
        ]  # fmt: skip


class Calculator:
    """Each room by itself: one finding for the hours of a limit on one day, however often below.

    What is not known, of the room or outdoors, is never a finding; where it could have been one, the day
    is open.
    """

    Table: ClassVar[type[Table]] = NonComplianceTable
    reasons: ClassVar[tuple[Reason, ...]] = (NON_COMPLIANT, LIMIT_OPEN, NEVER_BELOW_LIMIT)
    kinds: ClassVar[Mapping[str, Text]] = {}
    interpretations: ClassVar[tuple[str, ...]] = (
        "one-finding-a-period", "outdoor-at-each-instant", "unknown-is-no-finding",
        "measured-rooms-speak",
    )  # fmt: skip
    request_clause = ""

    def __init__(self, basis: Basis, table: NonComplianceTable) -> None:
        self._basis = basis
        self._table = table
        self._told = FindingSteps(basis.at, table.degrees, table.limits, table.clause)
        self.clause = table.clause

    @staticmethod
    def against(terms: Terms, table: NonComplianceTable) -> Iterator[Text]:
        yield from no_day_of_year("first_day", table.first_day)
        yield from no_day_of_year("last_day", table.last_day)
        for each in table.limits:
            for key, value in (("below", each.below), ("outdoor_below", each.outdoor_below)):
                if value is not None and not 0 < celsius(value, table.degrees) < WARMEST:
                    yield msg(
                        "limits.{key}: {degrees}; allowed: above 0 and below {most} °C",
                        key=key, degrees=limit_words(value, table.degrees), most=WARMEST,
                    )  # fmt: skip
        for name in Calculator.interpretations:
            wanted = name != "outdoor-at-each-instant" or any(
                each.outdoor_below is not None for each in table.limits
            )
            if wanted and not terms.interprets(name):
                yield msg(
                    "limits needs the interpretation {name!r}: what is meant would be open",
                    name=name,
                )

    def reads(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        return np.ones(snapshot.household.size, dtype=np.bool_)

    @cached_property
    def _season(self) -> tuple[Watched, list[Period]]:
        """When which limit applies, of the whole season."""
        basis, table = self._basis, self._table
        outdoor = outdoor_of(basis.snapshot, basis.columns_of)
        ends = table.first_day, table.last_day
        return watched_of(basis.snapshot.season, basis.days, ends, table.hours(), outdoor)

    @cached_property
    def _nothing_known(self) -> Claim:
        """Of a household of which nothing was measured: most homes of a city may share it."""
        return self._unmeasured(())

    def _unmeasured(self, off: Sequence[Outage]) -> Claim:
        return self._open(self._days(self._season[0].since), (), (), off)

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        part, samples = piece.part, samples_of(piece.part, piece.columns)
        homes = range(part.household.size)
        return [
            claim
            for first in homes[::TOGETHER]
            for claim in self._some(part, samples, homes[first : first + TOGETHER], before)
        ]

    def _some(
        self, part: Snapshot, samples: Samples, homes: range, before: Sequence[Sequence[Claim]]
    ) -> Iterator[Claim]:
        season, periods = self._season
        own = [season.without(self._not_looked_at(part, i, before[i])) for i in homes]
        first_room, last_room = (int(part.rooms.offsets[i]) for i in (homes.start, homes.stop))
        found = np.empty((last_room - first_room, len(periods), 5), dtype=np.int64)
        found[:] = (0, NEVER, 0, NEVER, NEVER)
        rooms = np.repeat(np.arange(len(own)), part.rooms.count()[homes.start : homes.stop])
        shared = {id(each): each for each in own}
        start = dict(zip(shared, np.cumsum([0, *(e.since.size for e in shared.values())]).tolist(), strict=False))  # fmt: skip
        first = np.array([start[id(each)] for each in own], dtype=np.int64)[rooms]
        last = first + np.array([each.since.size for each in own], dtype=np.int64)[rooms]
        watched = [np.concatenate(each) for each in zip(*shared.values(), strict=True)]
        here = slice(first_room, last_room)
        in_ranges(
            below_limits, rooms.size, samples.start[here], samples.size[here], samples.at,
            samples.until, samples.value, first, last, *watched, found,
        )  # fmt: skip
        off = self._off(part, homes)
        for i in homes:
            a, b = part.rooms.offsets[i : i + 2].tolist()
            measured = np.flatnonzero(samples.size[a:b] > 0)
            if not measured.size:
                yield self._unmeasured(off[i]) if i in off else self._nothing_known
                continue
            codes = part.room_code[a:b]
            silent = tuple(code for r, code in enumerate(codes) if not samples.size[a + r])
            yield self._claim(
                found[a - first_room + measured], [codes[r] for r in measured.tolist()], silent,
                off.get(i, ()),
            )  # fmt: skip

    def _off(self, part: Snapshot, homes: range) -> dict[int, Sequence[Outage]]:
        """Household's row -> its outages inside the season, of those that had any."""
        season, days = self._basis.snapshot.season, self._basis.days
        ended, without = dict(spans_of(part.outages)), open_spans_of(part)
        found: dict[int, Sequence[Outage]] = {}
        for i in {*ended, *without} & {*homes}:
            spans = merged([*ended.get(i, ()), *without.get(i, ())], HELD_US)
            if own := outages_of(spans, season.since_us, season.end_us, days):
                found[i] = own
        return found

    def _not_looked_at(self, part: Snapshot, home: int, before: Sequence[Claim]) -> list[Span]:
        """Times of the household's own fault, and days of which it bore no fee. [µs]"""
        own = slice(*part.faults.offsets[home : home + 2].tolist())
        since, until = (each[own].tolist() for each in part.faults.columns)
        start = self._basis.days.start_us
        closed = [(int(start[d]), int(start[d + 1])) for d in not_charged(before)]
        return [*zip(since, until, strict=True), *closed]

    def _claim(
        self, found: NDArray[np.int64], rooms: Sequence[str], silent: Sequence[str],
        off: Sequence[Outage],
    ) -> Claim:  # fmt: skip
        """`found` (r, p, 5) of the measured rooms, `silent` the others."""
        periods = self._season[1]
        below = found[:, :, BELOW] > 0
        findings = [
            Finding(rooms[r], periods[p].hours, periods[p].day, *found[r, p, [SINCE, UNTIL, BELOW, LOWEST]].tolist())
            for r, p in np.argwhere(below).tolist()
        ]  # fmt: skip
        unknown = found[:, :, OPEN][~below]
        days = self._days(unknown[unknown < NEVER])
        if days:
            return self._open(days, findings, silent, off)
        steps = MadeWhenRead(partial(self._told.steps, findings, silent, (), off))
        return Claim(reason=NON_COMPLIANT if findings else NEVER_BELOW_LIMIT, steps=steps)

    def _open(
        self, days: tuple[int, ...], findings: Sequence[Finding], silent: Sequence[str],
        off: Sequence[Outage],
    ) -> Claim:  # fmt: skip
        shown = [self._basis.days.days[d] for d in days]
        steps = MadeWhenRead(partial(self._told.steps, findings, silent, shown, off))
        why = NON_COMPLIANT if findings else LIMIT_OPEN
        return Claim(open_days=days, waits_for=why, steps=steps) if days else Claim(reason=NEVER_BELOW_LIMIT, steps=steps)  # fmt: skip

    def _days(self, at_us: NDArray[np.int64]) -> tuple[int, ...]:
        """The days of the season that these instants lie on, each once."""
        row = np.searchsorted(self._basis.days.start_us, at_us, side="right") - 1
        return tuple(np.unique(row).tolist())
