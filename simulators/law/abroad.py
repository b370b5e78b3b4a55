"""Naive twins of calculators for outages outside China: minute by minute, in fractions.

A scenario is in the reference form, with `zone`. They know nothing of the code they are held against;
all of a scenario's instants are whole minutes.
"""

from fractions import Fraction
from typing import Any

from simulators.law.counts import Scenario, Season, answer, money

MINUTE = 60  # [s]


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
