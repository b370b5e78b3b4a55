"""Naive twins of calculators for outages outside China: minute by minute, in fractions.

A scenario is in the reference form, with `zone`. They know nothing of the code they are held against;
all of a scenario's instants are whole minutes.
"""

from collections.abc import Set
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from simulators.law.counts import Scenario, Season
from simulators.law.lines import answer, line_of, money
from simulators.law.new_terms import fee_of_days
from simulators.law.payers import each_payer, first_payer

MINUTE = 60  # [s]


def charged(
    season: Season, span: tuple[float, float], closed: Set[date]
) -> list[tuple[float, float]]:
    """A span without closed days, day by day."""
    found = []
    for day in season.local_days(*span):
        begin, end = season.midnight(day), season.midnight(day + timedelta(days=1))
        if day not in closed:
            found.append((max(begin, span[0]), min(end, span[1])))
    return found


def flat(
    scenario: Scenario,
    closed: Set[date],
    first_h: int,
    first: int,
    behind_h: int,
    block_h: int,
    each: int,
    most: int | None,
) -> dict[str, Any]:
    """A sum for a long outage, and another for each whole block behind it."""  # fmt: skip
    season, lines = Season(scenario), []
    for stop in season.stops(scenario):
        own = charged(season, stop, closed)
        hours = Fraction(sum(int(b - a) for a, b in own), 3600)
        if hours < first_h:
            continue
        amount = first + max(0, (hours - behind_h) // block_h) * each
        amount = amount if most is None else min(amount, most)
        days = [season.day_of(a) for a, _ in own]
        lines.append(
            {
                "kind": "outage", "from": str(days[0]), "to": str(days[-1]),
                "days": "1", "share": "0", "amount": str(money(Fraction(amount))),
            }
        )  # fmt: skip
    return answer(lines)


@first_payer
def netherlands(scenario: Scenario, closed: Set[date]) -> dict[str, Any]:
    """EUR 35 from 4 h on, 20 more for each further whole 4 h behind 8 h."""
    return flat(scenario, closed, 4, 35, 8, 4, 20, None)


@first_payer
def britain(scenario: Scenario, closed: Set[date]) -> dict[str, Any]:
    """One supplier: GBP 45 for each whole 24 h, at most 725."""
    return flat(scenario, closed, 24, 45, 24, 24, 45, 725)


@each_payer
@fee_of_days
def korea(scenario: Scenario, closed: Set[date]) -> dict[str, Any]:
    """November to March 1 h by night or 3 h by day is a day, in other months 12 h; a won is not divided."""
    season, lines = Season(scenario), []
    left = sum(season.charged(closed).values(), Fraction(0))
    for stop in season.stops(scenario):
        minutes = dict.fromkeys(("night", "day", "other"), 0)
        full: dict[date, int] = {}  # the day on which a block is full
        for a, b in charged(season, stop, closed):
            at = a
            while at < b:
                local = season.day_of(at)
                minute = int(at - season.midnight(local)) // MINUTE
                winter = local.month in {11, 12, 1, 2, 3}
                kind = ("day" if 8 * 60 <= minute < 20 * 60 else "night") if winter else "other"
                minutes[kind] += 1
                if minutes[kind] % {"night": 60, "day": 180, "other": 720}[kind] == 0:
                    full[local] = full.get(local, 0) + 1
                at += MINUTE
        count = sum(full.values())
        paid = Fraction(count) if season.fee_of_days else min(Fraction(count), left)
        if paid > 0:
            left -= paid
            parts = {day: paid * own / count for day, own in full.items()}
            days = [season.day_of(a) for a, _ in charged(season, stop, closed)]
            shown = {"from": str(days[0]), "to": str(days[-1])}
            lines.append(line_of("outage", parts, 1, season.daily(), coins=1) | shown)
    return answer(lines)


@each_payer
@fee_of_days
def poland(scenario: Scenario, closed: Set[date]) -> dict[str, Any]:
    """A thirtieth of a month's charge for each started day of a late start or an early end."""
    season, lines = Season(scenario), []
    days = list(season.local_days(season.since, season.until))
    of_month = len({(day.year, day.month) for day in days}) * 30
    left, gone = sum(season.charged(closed).values(), Fraction(0)) * season.daily(), set(closed)
    for a, b in season.stops(scenario):
        if a > season.since and b < season.until:
            continue
        own = [day for day in season.local_days(a, b) if day not in gone]
        gone |= {*own}
        exact = len(own) * season.fee / of_month
        exact = exact if season.fee_of_days else min(exact, left)
        if exact > 0:
            left -= exact
            share = season.days() / of_month
            each = exact / season.daily() / share / len(own)
            parts = dict.fromkeys(own, each)
            lines.append(line_of("late_season", parts, share, season.daily()))
    return answer(lines, undetermined=season.unseen(scenario, closed, inside=True))
