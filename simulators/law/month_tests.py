"""Naive twins of `tests_in_month` and `month_mean`: Liaoning and Changchun, slow and obvious.

A scenario is in the reference form. They know nothing of the code they are held against.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from simulators.law.counts import Line, Season, answer, money

Scenario = dict[str, Any]
Bands = list[tuple[str, str]]  # (below this [Cel], share), lowest first
FORTY: Bands = [("16", "1"), ("18", "2/5")]
TWENTY: Bands = [("14", "1"), ("16", "1/2"), ("18", "1/5")]
CHANGCHUNS: Bands = [("14", "1"), ("16", "3/5"), ("18", "3/10")]


def share_of(bands: Bands, celsius: Fraction) -> Fraction:
    return next(
        (Fraction(share) for below, share in bands if celsius < Fraction(below)), Fraction(0)
    )


def coldest_records(season: Season, scenario: Scenario) -> dict[date, Fraction]:
    """Local day -> its coldest record; none on days of a user's fault."""
    found: dict[date, Fraction] = {}
    for text, _, celsius in scenario["acts"]:
        at = season.instant(text)
        day = season.day_of(at)
        if not season.since <= at < season.until:
            continue
        if any(season.touches(day, *span) for span in scenario.get("user_faults", [])):
            continue
        found[day] = min(Fraction(celsius), found.get(day, Fraction(celsius)))
    return found


def sum_line(
    season: Season, lines: list[Line], first: date, days: Fraction, share: Fraction
) -> None:
    """So many daily fees from a day on, as far as the season's fee reaches."""
    last = min(first + timedelta(days=int(days) - 1), season.day_of(season.until - 1))
    rest = season.days() - sum(Fraction(each["days"]) * Fraction(each["share"]) for each in lines)
    days = min(days, rest / share)
    if days <= 0:
        return
    amount = min(
        money(season.fee / season.days() * days * share),
        money(season.fee) - sum(Decimal(each["amount"]) for each in lines),
    )
    lines.append(
        {
            "kind": "tests", "from": str(first), "to": str(last), "days": str(days),
            "share": str(share), "amount": str(amount),
        }
    )  # fmt: skip


def liaoning(scenario: Scenario, bands: Bands) -> dict[str, Any]:
    """1 failing test in a month pays 2 days, 2 pay 10, 3 pay 30; in more than 3 months: the season."""
    season = Season(scenario)
    failed = {d: c for d, c in coldest_records(season, scenario).items() if c < 18}
    months: dict[tuple[int, int], list[date]] = {}
    for day in sorted(failed):
        months.setdefault((day.year, day.month), []).append(day)
    counted = {month: five_apart(days) for month, days in months.items()}
    lines: list[Line] = []
    if sum(len(days) >= 3 for days in counted.values()) > 3:
        first = season.day_of(season.since)
        share = share_of(bands, min(failed.values()))
        sum_line(season, lines, first, season.days(), share)
        return answer(lines)
    for month, days in counted.items():
        pays = {1: 2, 2: 10}.get(len(days), 30)
        lowest = min(failed[day] for day in months[month])
        sum_line(season, lines, days[0], Fraction(pays), share_of(bands, lowest))
    return answer(lines)


def five_apart(days: list[date]) -> list[date]:
    """Those at least five days after the one that counted before."""
    found: list[date] = []
    for day in days:
        if not found or (day - found[-1]).days >= 5:
            found.append(day)
    return found


def changchun(scenario: Scenario) -> dict[str, Any]:
    """The mean of a month's three lowest tests; stops of 48 h pay twice, and their part of the month."""
    season = Season(scenario)
    lines, taken = [], dict[date, Fraction]()
    for since, until in season.stops(scenario):
        if until - since < 48 * 3600:
            continue
        lines.append(season.outage(since, until, 2))
        day = season.day_of(since)
        while season.midnight(day) < until:
            begin, end = season.midnight(day), season.midnight(day + timedelta(days=1))
            part = season.part_days(max(since, begin), min(until, end))
            taken[day] = taken.get(day, Fraction(0)) + part
            day += timedelta(days=1)
    tests = coldest_records(season, scenario)
    for year, month in sorted({(day.year, day.month) for day in tests}):
        own = sorted(c for day, c in tests.items() if (day.year, day.month) == (year, month))
        share = share_of(CHANGCHUNS, sum(own[:3], Fraction(0)) / 3)
        days = days_of(season, year, month)
        left = sum((inside(season, day) - taken.get(day, Fraction(0)) for day in days), Fraction(0))
        if len(own) >= 3 and share > 0 and left > 0:
            amount = money(season.fee / season.days() * left * share)
            lines.append(
                {
                    "kind": "month_mean", "from": str(days[0]), "to": str(days[-1]),
                    "days": str(left), "share": str(share), "amount": str(amount),
                }
            )  # fmt: skip
    return answer(lines)


def days_of(season: Season, year: int, month: int) -> list[date]:
    """Local days of the season in a calendar month."""
    day, found = season.day_of(season.since), []
    while season.midnight(day) < season.until:
        if (day.year, day.month) == (year, month):
            found.append(day)
        day += timedelta(days=1)
    return found


def inside(season: Season, day: date) -> Fraction:
    begin, end = season.midnight(day), season.midnight(day + timedelta(days=1))
    return season.part_days(max(begin, season.since), min(end, season.until))
