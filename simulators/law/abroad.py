"""Naive twins of calculators for acts outside China: minute by minute, in fractions.

A scenario is in the reference form, with `zone`. They know nothing of the code they are held against;
all of a scenario's instants are whole minutes.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from simulators.law.counts import Line, Scenario, Season, answer, money

MINUTE = 60  # [s]
RATE = Fraction(15, 10_000)  # Russia, items 14 and 15: of the month's fee


class Rooms:
    """Readings and signed records of each room; a record of the same instant stands."""

    def __init__(self, season: Season, scenario: Scenario) -> None:
        hold = min(max(2 * scenario["interval_min"], 30), 180) * MINUTE
        self.rows: list[list[tuple[float, float, Decimal]]] = []
        for room, samples in scenario["rooms"].items():
            told = {season.instant(at): Decimal(value) for at, value in samples}
            told |= {season.instant(at): Decimal(v) for at, r, v in scenario["acts"] if r == room}
            times = sorted(told)
            ends = [
                min(at + hold, after)
                for at, after in zip(times, [*times[1:], 1e12][: len(times)], strict=True)
            ]
            self.rows.append([(at, end, told[at]) for at, end in zip(times, ends, strict=True)])
        self.times = [[at for at, _, _ in rows] for rows in self.rows]

    def coldest(self, at: float) -> Decimal | None:
        """Of the rooms that are known at an instant `at` [s]."""
        found = []
        for rows, times in zip(self.rows, self.times, strict=True):
            i = bisect_right(times, at) - 1
            if i >= 0 and at < rows[i][1]:
                found.append(rows[i][2])
        return min(found, default=None)

    def span(self) -> tuple[float, float]:
        """From the first that is known to the end of the last. [s]"""
        ends = [(rows[0][0], rows[-1][1]) for rows in self.rows if rows]
        return min((a for a, _ in ends), default=0.0), max((b for _, b in ends), default=0.0)


def months(season: Season) -> list[tuple[date, date]]:
    """First and last day of the season in each calendar month."""
    found: list[tuple[date, date]] = []
    day, last = season.day_of(season.since), season.day_of(season.until - 1)
    while day <= last:
        if found and found[-1][1].month == day.month:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
        day += timedelta(days=1)
    return found


def span_of(season: Season, month: tuple[date, date]) -> tuple[float, float]:
    """Of a month's part inside the season. [s]"""
    first, last = month
    begin, end = season.midnight(first), season.midnight(last + timedelta(days=1))
    return max(begin, season.since), min(end, season.until)


def limit(coldest: Decimal | None) -> int:
    """Item 14: how long one outage may last. [s]"""
    for edge, hours in ((12, 16), (10, 8)):
        if coldest is None or coldest >= edge:
            return hours * 3600
    return 4 * 3600


def over(
    season: Season, month: tuple[date, date], stops: Sequence[tuple[float, float, int]]
) -> Fraction:
    """7.17 (a): hours over, by the larger of the two excesses."""
    begin, end = span_of(season, month)

    def inside(a: float, b: float) -> int:
        return max(0, int(min(b, end) - max(a, begin)))

    single = sum(inside(a + most, b) for a, b, most in stops)
    together = sum(inside(a, b) for a, b, _ in stops) - 24 * 3600
    return Fraction(max(single, together, 0), 3600)


def russia(scenario: Scenario) -> dict[str, Any]:
    """RU-354: outages over 24 h a month or 16, 8, 4 h at once; then cold, which outages displace."""
    season = Season(scenario)
    rooms, stops = Rooms(season, scenario), season.stops(scenario)
    sure, might = [], []
    for a, b in stops:
        known = [rooms.coldest(at) for at in range(int(a), int(b), MINUTE)]
        coldest = min((each for each in known if each is not None), default=None)
        sure.append((a, b, limit(coldest)))
        might.append((a, b, limit(coldest) if None not in known else 4 * 3600))
    lines: list[Line] = []
    undetermined = False
    cold = degree_minutes(season, rooms, scenario, stops)
    outages, others = [], []
    for month in months(season):
        share = min(over(season, month, sure) * RATE, Fraction(1))
        other = min(over(season, month, might) * RATE, Fraction(1))
        days = season.part_days(*span_of(season, month))
        line = season.line("outage", *month, days, share)
        undetermined |= line["amount"] != season.line("outage", *month, days, other)["amount"]
        if share:
            outages.append(line)
        wanted = min(Fraction(cold.get(month[0].isoformat()[:7], 0)) / 60 * RATE, Fraction(1))
        paid = min(wanted, 1 - share)
        if paid > 0:
            others.append(season.line("temperature", *month, days * paid / wanted, wanted))
    lines = outages + others
    return answer(lines) | {"undetermined": undetermined}


def degree_minutes(
    season: Season, rooms: Rooms, scenario: Scenario, stops: Sequence[tuple[float, float]]
) -> dict[str, Fraction]:
    """Item 15, by month: minutes × degrees below, from the first report on."""
    asked = [season.instant(each) for each in scenario["requests"]]
    asked = [each for each in asked if season.since <= each < season.until]
    if not asked:
        return {}
    begin, end = rooms.span()
    begin, end = max(begin, min(asked)), min(end, season.until)
    found: dict[str, Fraction] = {}
    at = begin
    while at < end:
        day = season.day_of(at)
        night = at - season.midnight(day) < 5 * 3600
        coldest = rooms.coldest(at)
        if coldest is not None and not any(a <= at < b for a, b in stops):
            below = max(Decimal(0), (15 if night else 18) - coldest)
            month = day.isoformat()[:7]
            found[month] = found.get(month, Fraction(0)) + Fraction(below)
        at += MINUTE
    return found


def flat(
    scenario: Scenario,
    first_h: int,
    first: int,
    behind_h: int,
    block_h: int,
    each: int,
    most: int | None,
) -> dict[str, Any]:
    """A sum for a long outage, and another for each whole block behind it."""  # fmt: skip
    season, lines = Season(scenario), []
    for a, b in season.stops(scenario):
        hours = Fraction(int(b - a), 3600)
        if hours < first_h:
            continue
        amount = first + max(0, (hours - behind_h) // block_h) * each
        amount = amount if most is None else min(amount, most)
        lines.append(
            {
                "kind": "outage", "from": str(season.day_of(a)), "to": str(season.day_of(b - 1)),
                "days": "1", "share": "0", "amount": str(money(Fraction(amount))),
            }
        )  # fmt: skip
    return answer(lines)


def netherlands(scenario: Scenario) -> dict[str, Any]:
    """EUR 35 from 4 h on, 20 more for each further whole 4 h behind 8 h."""
    return flat(scenario, 4, 35, 8, 4, 20, None)


def britain(scenario: Scenario) -> dict[str, Any]:
    """One supplier: GBP 45 for each whole 24 h, at most 725."""
    return flat(scenario, 24, 45, 24, 24, 45, 725)


def korea(scenario: Scenario) -> dict[str, Any]:
    """November to March 1 h by night or 3 h by day is a day, in other months 12 h."""
    season, lines = Season(scenario), []
    left = season.days()
    for a, b in season.stops(scenario):
        night = day = other = 0
        at = a
        while at < b:
            local = season.day_of(at)
            minute = int(at - season.midnight(local)) // MINUTE
            if local.month not in {11, 12, 1, 2, 3}:
                other += 1
            elif 8 * 60 <= minute < 20 * 60:
                day += 1
            else:
                night += 1
            at += MINUTE
        paid = min(Fraction(night // 60 + day // 180 + other // 720), left)
        if paid > 0:
            left -= paid
            lines.append(season.line("outage", season.day_of(a), season.day_of(b - 1), paid, 1))
    return answer(lines)
