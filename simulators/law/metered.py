"""What a metered household is owed for cold days: a part of the refund's naive twin (Luoyang, art. 29).

Half or all of what its heat meter counted on the day, at the contract's price. The register is a value
like any other: it stands until its next reading, at most 2 x its interval. Nothing is interpolated: what
is counted between two instants at which the register is known is known for the days between them together.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from simulators.law.lines import Line, line_of
from simulators.law.payers import Day, Household
from simulators.law.season import HOUR, Season

#: What was counted on some days together [kWh]; None: the register does not say.
Counted = tuple[list[date], Fraction | None]
Scenario = Mapping[str, Any]


def is_metered(season: Season) -> bool:
    return bool(season.policy.get("of_reading") and "heat_price" in season.contract)


def counted(season: Season, scenario: Scenario) -> Iterator[Counted]:
    """What the register says of the season, from its begin to its end."""
    told = sorted((season.instant(at), Fraction(kwh)) for at, kwh in scenario.get("meter", ()))
    hold = min(max(2 * season.interval, HOUR / 2), 3 * HOUR)
    stood = {at: kwh for at, kwh in told if season.since <= at <= season.until}
    midnights = {season.midnight(day) for day in season.days(season.since, season.until)}
    ends = {season.since, season.until}
    for at in midnights | ends:
        before = [each for each in told if each[0] <= at < each[0] + hold]
        if before and season.since <= at <= season.until:
            stood.setdefault(at, before[-1][1])
    for a, b in pairwise(sorted(ends | set(stood))):
        known = a in stood and b in stood and stood[b] >= stood[a]
        yield season.days(a, b), stood[b] - stood[a] if known else None


class Paid:
    """What days at their shares come to, and on which of them the meter leaves something open."""

    def __init__(self, season: Season, scenario: Scenario, shares: Mapping[date, Fraction]) -> None:
        self.season = season
        self.price = Fraction(season.contract["heat_price"])
        bearers: Mapping[date, Day | None] = (
            Household(scenario).calendar() if scenario.get("fee_spans") else {}
        )
        self.keys = {day: (share, bearers.get(day)) for day, share in shares.items() if share > 0}
        self.heat = dict.fromkeys(self.keys, Fraction(0))
        self.open: set[date] = set()
        for days, kwh in counted(season, scenario):
            self.count(days, kwh)

    def count(self, days: list[date], kwh: Fraction | None) -> None:
        paid = [day for day in days if day in self.keys]
        if not paid or kwh == 0:
            return
        if kwh is None:
            self.open |= set(paid)
            return
        if len(paid) == len(days) and len({self.keys[day][1] for day in days}) == 1:
            # whatever of it fell on which day, all of it pays at least the lowest of their shares
            self.heat[min(days, key=lambda day: (self.keys[day][0], day))] += kwh
        if len({self.keys.get(day) for day in days}) > 1:
            self.open |= set(paid)

    def lines(self) -> list[Line]:
        """Consecutive days at one share that one bearer paid for."""
        groups: list[list[date]] = []
        for day in sorted(self.keys):
            last = groups[-1][-1] if groups else None
            joined = last == day - timedelta(days=1) and self.keys[last] == self.keys[day]
            groups.append([*groups.pop(), day] if joined else [day])
        found = []
        for group in groups:
            parts = {day: self.season.part_inside(day) for day in group}
            heat = sum((self.heat[day] for day in group), Fraction(0))
            if heat:
                daily = heat * self.price / sum(parts.values(), Fraction(0))
                found.append(line_of("temperature", parts, self.keys[group[0]][0], daily))
        return found


METER_PRICES = ("0.142", "0.16", "0.2", "1.234567")
SILENCES = (0, 0, 30, 60, 180, 1440, 3000)  # [min]


def with_meter(rng: Any, world: Mapping[str, Any], basic: str | None) -> dict[str, Any]:
    """The season of a household that pays by a meter, whose register is read as rooms are, or less often."""
    contract = {"heat_price": rng.choice(METER_PRICES)} | ({"basic_fee": basic} if basic else {})
    times = sorted({at for rows in world["rooms"].values() for at, _ in rows})
    if not times or rng.random() < 0.05:
        return {**world, "contract": contract}
    at = datetime.fromisoformat(times[0][:11] + "00:00") - timedelta(days=1)
    until = datetime.fromisoformat(times[-1]) + timedelta(days=rng.choice((0, 1, 2)))
    step = rng.choice((world["interval_min"], 60, 1440, 1440))
    at += timedelta(minutes=rng.choice((0, 0, 0, 1, -1, world["interval_min"])))
    register, found = Decimal(rng.choice((0, 1234))), []
    while at < until:
        found.append([at.isoformat(timespec="minutes"), str(register)])
        register += Decimal(rng.choice((0, 1, 250, 1500, 20000, 33333))) / 1000
        if rng.random() < 0.005:
            register = Decimal(0)  # it was changed, and nobody recorded that
        silent = rng.choice(SILENCES) if rng.random() < 0.1 else 0
        at += timedelta(minutes=step + silent)
    return {**world, "contract": contract, "meter": found}
