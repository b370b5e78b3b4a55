"""Naive twins of `test_count` and `outage_multiple`: slow, obvious, in fractions of a day's fee.

A scenario is in the reference form. They know nothing of the code they are held against.
"""

from collections.abc import Iterator, Set
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from simulators.law.lines import Line, answer, line_of, money
from simulators.law.new_terms import fee_of_days, uncapped_fee_of_days
from simulators.law.payers import each_payer

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
Scenario = dict[str, Any]


class Season:
    """Instants, local days and the daily fee of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.zone = ZoneInfo(scenario.get("zone", "Asia/Shanghai"))
        self.since, self.until = (self.instant(text) for text in scenario["season"])
        self.fee = Fraction(scenario["season_fee"])
        self.fee_of_days = scenario.get(
            "fee_of_days", False
        )  # what is left of it is looked at afterwards

    def instant(self, text: str) -> float:
        return _instant(text, self.zone)

    def midnight(self, day: date) -> float:
        return _midnight(day, self.zone)

    def day_of(self, at: float) -> date:
        """The local day of an instant `at` [s]."""
        return datetime.fromtimestamp(at, self.zone).date()

    def touches(self, day: date, since: str, until: str) -> bool:
        """Whether the span has an instant of the local day in it."""
        begin, end = self.midnight(day), self.midnight(day + timedelta(days=1))
        return self.instant(since) < end and self.instant(until) > begin

    def part_days(self, since: float, until: float) -> Fraction:
        """Each local day's seconds in the span `since` to `until` [s] by its seconds."""
        parts, whole, day = Fraction(0), 0, self.day_of(since)
        begin = self.midnight(day)
        while begin < until:
            day += timedelta(days=1)
            end = self.midnight(day)
            inside = min(until, end) - max(since, begin)
            if inside == end - begin:
                whole += 1
            else:
                parts += Fraction(int(inside), int(end - begin))
            begin = end
        return parts + whole

    @cached_property
    def _days(self) -> Fraction:
        return self.part_days(self.since, self.until)

    def days(self) -> Fraction:
        return self._days

    def local_days(self, since: float, until: float) -> Iterator[date]:
        """Those with an instant inside the span `since` to `until` [s]."""
        day = self.day_of(since)
        while self.midnight(day) < until:
            yield day
            day += timedelta(days=1)

    def part_of(self, day: date, since: float, until: float) -> Fraction:
        """How much of a local day is inside the span `since` to `until` [s]."""
        begin, end = self.midnight(day), self.midnight(day + timedelta(days=1))
        return self.part_days(max(since, begin), min(until, end))

    def charged(
        self, closed: Set[date], first: date | None = None, last: date | None = None
    ) -> dict[date, Fraction]:
        """Days of the season on which this one was charged, with their parts inside it."""
        return {
            day: self.part_of(day, self.since, self.until)
            for day in self.local_days(self.since, self.until)
            if day not in closed and (first or day) <= day <= (last or day)
        }

    def daily(self) -> Fraction:
        return self.fee / self.days()

    def stops(self, scenario: Scenario) -> list[tuple[float, float]]:
        """Outages inside the season; those less than an hour apart are one (7.9)."""
        found: list[tuple[float, float]] = []
        for since, until in sorted(
            (self.instant(a), self.instant(b)) for a, b in scenario["outages"]
        ):
            if found and since - found[-1][1] < 3600:
                found[-1] = (found[-1][0], max(found[-1][1], until))
            else:
                found.append((since, until))
        inside = [(max(a, self.since), min(b, self.until)) for a, b in found]
        return [(a, b) for a, b in inside if a < b]

    def outage(self, since: float, until: float, share: int, closed: Set[date]) -> Iterator[Line]:
        """The line of an outage from `since` to `until` [s]; none where nobody was charged."""
        days = [day for day in self.local_days(since, until) if day not in closed]
        parts = {day: self.part_of(day, since, until) for day in days}
        if parts:
            yield line_of("outage", parts, share, self.daily())

    def unseen(self, scenario: Scenario, closed: Set[date], *, inside: bool = False) -> bool:
        """Whether an outage is open, as no clause about it was seen; `inside`: about those inside the season."""
        return any(
            set(self.local_days(a, b)) - closed
            for a, b in self.stops(scenario)
            if not inside or (a > self.since and b < self.until)
        )


@lru_cache(maxsize=5_000)
def _midnight(day: date, zone: ZoneInfo) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


@lru_cache(maxsize=20_000)  # a season's samples and days: the same again and again
def _instant(text: str, zone: ZoneInfo) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def sum_of(
    season: Season, kind: str, first: date, days: int, share: Fraction, lines: list[Line],
    closed: Set[date],
) -> Iterator[Line]:  # fmt: skip
    """So many daily fees from a day on, as far as the season's fee reaches.

    Each of its days that was not charged takes a daily fee from it; the rest is spread evenly.
    """
    last = min(first + timedelta(days=days - 1), season.day_of(season.until - 1))
    among = season.charged(closed, first, last)
    off = season.charged(set(among), first, last)
    paid = sum(Fraction(each["days"]) * Fraction(each["share"]) for each in lines)
    rest = (sum(season.charged(closed).values()) - paid) / share
    counted = days - sum(off.values())
    counted = counted if season.fee_of_days else min(counted, rest)
    if counted <= 0 or not among:
        return
    whole = sum(among.values())
    parts = {day: counted * part / whole for day, part in among.items()}
    line = line_of(kind, parts, share, season.daily())
    most = money(season.fee) - sum(Decimal(each["amount"]) for each in lines)
    shown = {"from": str(first), "to": str(last)}
    if season.fee_of_days:
        yield line | shown
        return
    yield line | shown | {"amount": str(min(Decimal(line["amount"]), most))}


@each_payer
@uncapped_fee_of_days
def yinchuan(scenario: Scenario, closed: Set[date]) -> dict[str, Any]:
    """Stops of 72 h, or all when they sum to 7 days of 24 h: twice their shares.

    Of an amendment the day from which it holds, the hours of a stop and how often it is refunded. Time before it is
    by the numbers of the stop's begin, time behind it by those that refund it more often.
    """
    season, lines = Season(scenario), list[Line]()
    stops = season.stops(scenario)
    every = sum(b - a for a, b in stops) >= 7 * 24 * 3600
    numbers = [(season.since, 72, 2)]
    numbers += [
        (season.midnight(day), *own["outage_multiple"]) for day, own in scenario.get("amended", ())
    ]
    for a, b in stops:
        begun = [each for each in numbers if each[0] <= a][-1]
        ways = [(a, *begun[1:]), *(each for each in numbers if a < each[0] < b)]
        edges = [*(at for at, _, _ in ways), b]
        cuts: list[tuple[float, int]] = []
        for n, begin in enumerate(edges[:-1]):
            own = [times for at, hours, times in ways[: n + 1] if every or b - at >= hours * 3600]
            if own and (not cuts or cuts[-1][1] != max(own)):
                cuts.append((begin, max(own)))
        ends = [*(at for at, _ in cuts), b][1:]
        for (begin, times), end in zip(cuts, ends, strict=True):
            lines += season.outage(begin, end, times, closed)
    return answer(lines)


@each_payer
@fee_of_days
def ordos(scenario: Scenario, closed: Set[date]) -> dict[str, Any]:
    """Stops over 24 h, and a month for three failing tests within 30 × 24 h of the first.

    Records of a local day that a user's fault touches are as if they had not been made (7.20), and
    those of a closed day.
    """
    season = Season(scenario)
    long = [(a, b) for a, b in season.stops(scenario) if b - a > 24 * 3600]
    lines = [line for a, b in long for line in season.outage(a, b, 1, closed)]
    first_failure: dict[date, float] = {}
    for text, _, celsius in scenario["acts"]:
        at = season.instant(text)
        if season.since <= at < season.until and Decimal(celsius) < 18:
            day = season.day_of(at)
            faults = scenario.get("user_faults", [])
            if day in closed or any(season.touches(day, *span) for span in faults):
                continue
            first_failure[day] = min(at, first_failure.get(day, at))
    left = sorted(first_failure.values())
    while len(left) >= 3:
        if left[2] - left[0] > 30 * 24 * 3600:
            left = left[1:]
            continue
        first = season.day_of(left[0])
        lines += sum_of(season, "month", first, 30, Fraction(1), lines, closed)
        left = left[3:]
    return answer(lines)
