"""Measurements that are the mean of some days' readings, slow and obvious: Binzhou, art. 40.

Three consecutive days, each in two slots between 6:00 and 21:00; the mean of the three days is the
room's temperature. A failing one governs its three days, one that passes is made at its last reading.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

STANDARD = 18
Act = tuple[datetime, str, Decimal | Fraction]


@dataclass(frozen=True)
class MeanOf:
    """How a measurement is made of readings."""

    days: int
    slots: int
    since: time
    until: time


def measurements(acts: Sequence[Act], rule: MeanOf, zone: ZoneInfo) -> list[Act]:
    """What readings of slots come to, by instant."""
    found = [each for room in {act[1] for act in acts} for each in of_room(room, acts, rule, zone)]
    return sorted(found)


def of_room(room: str, acts: Sequence[Act], rule: MeanOf, zone: ZoneInfo) -> Iterator[Act]:
    """A room's measurements, formed from the earliest day on."""
    days: dict[date, dict[datetime, Fraction]] = {}
    for at, own, celsius in acts:
        local = at.astimezone(zone)
        if own == room and rule.since <= local.time() <= rule.until:
            readings = days.setdefault(local.date(), {})
            readings[at] = min(Fraction(celsius), readings.get(at, Fraction(celsius)))
    whole = {day: readings for day, readings in days.items() if len(readings) >= rule.slots}
    day = min(whole, default=None)
    while day is not None and day <= max(whole):
        run = [day + timedelta(days=i) for i in range(rule.days)]
        if not all(each in whole for each in run):
            day += timedelta(days=1)
            continue
        means = [sum(whole[each].values(), Fraction(0)) / len(whole[each]) for each in run]
        mean = sum(means, Fraction(0)) / rule.days
        for each in run if mean < STANDARD else run[-1:]:
            yield max(whole[each]), room, mean
        day += timedelta(days=rule.days)
