"""Findings of non-compliance: what a law without money comes to, as steps and back from them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from analytics.law.degrees import Scale, limit_words, reading_words
from analytics.law.outages import Outage
from analytics.law.steps import LocalTimes, Step, day, hours, instant, step
from domain.language import Text, msg, plural

#: Codes of steps: findings of one room and limit on consecutive days, and all of a household's.
RUN, TOTAL = "finding", "findings"


class Finding(NamedTuple):
    """A room that was below the limit of some hours of one day."""

    room: str  # code
    hours: int  # row of the policy's limits
    day: date  # on which the hours begin
    since_us: int  # the first instant at which it was below
    until_us: int  # behind the last
    below_us: int  # for how long in between
    lowest: int  # [0.001 °C]


class Found(NamedTuple):
    """All findings of a household."""

    findings: int
    below_us: int  # of all rooms together
    lowest: int  # [0.001 °C]

    @property
    def hours(self) -> str:
        """To a hundredth. [h]"""
        return hours(self.below_us)


class HoursOfLimit(Protocol):
    """A limit as a policy has it."""

    since: str
    until: str
    below: Any
    outdoor_below: Any
    clause: str


class FindingSteps:
    """Tells findings, each with the clause of its limit."""

    def __init__(
        self, at: LocalTimes, scale: Scale, limits: Sequence[HoursOfLimit], clause: str
    ) -> None:
        self._at = at
        self._scale = scale
        self._limits = limits
        self._clause = clause

    def steps(
        self, findings: Sequence[Finding], silent: Sequence[str], open_days: Sequence[date],
        outages: Sequence[Outage] = (),
    ) -> Iterator[Step]:  # fmt: skip
        """`silent`: rooms that nobody measured; `open_days`: on which something is not known."""
        for each in outages:
            yield self._outage(each)
        for room in silent:
            text = msg("{room}: not measured in the season, and not judged", room=room)
            yield step("room_not_measured", self._clause, text, room=room)
        for run in runs(findings):
            yield self._run(run)
        if findings:
            yield self._total(findings)
        if open_days:
            yield self._open(open_days)

    def _outage(self, outage: Outage) -> Step:
        """That the rule is about rooms, and says nothing of heat that is off."""
        since, until = self._at(outage.since_us), self._at(outage.until_us)
        text = msg(
            "no heat from {since} to {until}, {lasts} h: this rule is silent on outages; the rooms are "
            "judged as at any other time",
            since=instant(since), until=instant(until), lasts=hours(outage.lasts_us),
        )  # fmt: skip
        return step("outage_not_in_rule", self._clause, text, since=since, until=until)

    def _run(self, run: Sequence[Finding]) -> Step:
        """A room and limit on consecutive days."""
        limit = self._limits[run[0].hours]
        since, until = self._at(run[0].since_us), self._at(run[-1].until_us)
        below = sum(each.below_us for each in run)
        lowest = min(each.lowest for each in run)
        text = plural(
            "{room}: below {limit} {when}, from {since} to {until}: {hours} h, at the lowest {lowest}",
            "{room}: below {limit} {when}, {n} times from {since} to {until}: {hours} h in all, at the "
            "lowest {lowest}",
            n=len(run), room=run[0].room, limit=limit_words(limit.below, self._scale),
            when=self._when(limit), since=instant(since), until=instant(until), hours=hours(below),
            lowest=reading_words(lowest, self._scale),
        )  # fmt: skip
        rows = [
            [self._at(each.since_us), self._at(each.until_us), each.below_us, each.lowest]
            for each in run
        ]
        return step(
            RUN, limit.clause, text, room=run[0].room, limit=run[0].hours, first=since[:10],
            last=until[:10], findings=rows,
        )  # fmt: skip

    def _when(self, limit: HoursOfLimit) -> Text:
        span = {"begin": limit.since, "end": limit.until}
        if limit.outdoor_below is None:
            return msg("between {begin} and {end}", **span)
        return msg(
            "between {begin} and {end} while it was below {outdoor} outdoors",
            outdoor=limit_words(limit.outdoor_below, self._scale), **span,
        )  # fmt: skip

    def _total(self, findings: Sequence[Finding]) -> Step:
        below = sum(each.below_us for each in findings)
        lowest = min(each.lowest for each in findings)
        text = plural(
            "{n} finding of non-compliance: {hours} h, at the lowest {lowest}",
            "{n} findings of non-compliance: {hours} h of all rooms together, at the lowest {lowest}",
            n=len(findings), hours=hours(below), lowest=reading_words(lowest, self._scale),
        )  # fmt: skip
        count = len(findings)
        return step(TOTAL, self._clause, text, count=count, below_us=below, lowest=lowest)

    def _open(self, days: Sequence[date]) -> Step:
        first, last = days[0].isoformat(), days[-1].isoformat()
        text = plural(
            "{first}: at times a room's temperature or the one outdoors is not known; that is no "
            "finding, and undetermined",
            "{first} to {last}: on {n} days a room's temperature or the one outdoors is not known at "
            "times; that is no finding, and undetermined",
            n=len(days), first=day(first), last=day(last),
        )  # fmt: skip
        return step("findings_open", self._clause, text, first=first, last=last, days=len(days))


def runs(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Findings of one room and limit on consecutive days, room by room."""
    ordered = sorted(findings, key=lambda each: (each.room, each.hours, each.day))

    def same(numbered: tuple[int, Finding]) -> tuple[object, ...]:
        number, each = numbered
        return each.room, each.hours, each.day - timedelta(days=number)

    for _, group in groupby(enumerate(ordered), key=same):
        yield [each for _, each in group]


def found_in(steps: Sequence[Mapping[str, Any]]) -> Found | None:
    """What the steps of a household say of its findings in all; None: there are none."""
    totals = [each["numbers"] for each in steps if each["step"] == TOTAL]
    if not totals:
        return None
    return Found(
        sum(each["count"] for each in totals),
        sum(each["below_us"] for each in totals),
        min(each["lowest"] for each in totals),
    )


def listed(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each finding, as answers in JSON have it."""
    return [
        {"room": own["room"], "clause": each["clause"], "since": since, "until": until,
         "hours": hours(below), "lowest": f"{lowest / 1000:.3f}"}
        for each in steps if each["step"] == RUN
        for own in (each["numbers"],)
        for since, until, below, lowest in own["findings"]
    ]  # fmt: skip
