"""What a metered household is owed for cold days: a part of the refund's naive twin (Luoyang, art. 29; Henan).

Half or all of what its heat meter counted on the day, at the contract's price. Nothing is interpolated: what
is counted between two readings is known for the days that they touch together. A reading beside a fall, or a
leap that no dwelling can cause, is as if it had not been made.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from simulators.law.lines import Line, line_of
from simulators.law.payers import Day, Household
from simulators.law.season import Season

#: What was counted on some days together [kWh]; None: the register does not say.
Counted = tuple[list[date], Fraction | None]
Scenario = Mapping[str, Any]


def by_meter(season: Season) -> bool:
    """Whether the act makes a difference of heat that a meter counts."""
    return bool(season.policy.get("of_reading") or season.policy.get("of_basic_and_reading"))


def is_metered(season: Season, day: date) -> bool:
    """Whether a day's heat is paid by the meter."""
    return by_meter(season) and "heat_price" in season.contract_on(day)


def lacks_price(season: Season, day: date) -> bool:
    """Whether some of the fee is for heat, and the contract does not say at which price."""
    contract = season.contract_on(day)
    return by_meter(season) and "basic_fee" in contract and "heat_price" not in contract


def taken_of_basic(season: Season, taken: Mapping[date, Fraction]) -> dict[date, Fraction]:
    """What is taken of each day's basic fee: by an outage, which was counted as its part of the whole fee."""
    gone = {}
    for day, own in taken.items():
        fee, basic = season.fee_on(day), season.contract_on(day).get("basic_fee", "0")
        part = min(Fraction(basic) / fee, Fraction(1)) if fee else Fraction(0)
        whole = season.part_inside(day)
        gone[day] = whole if own >= whole or not part else min(own / part, whole)
    return gone


def can_be(lasts: timedelta, kwh: Fraction) -> bool:
    """Whether a dwelling's register can have moved so: at most 50 kW, and 10 kWh as it is coarse."""
    hours = Fraction(int(lasts / timedelta(minutes=1)), 60)
    return 0 <= kwh <= 50 * hours + 10 and (hours > 0 or kwh == 0)


def sound(told: list[tuple[datetime, Fraction]]) -> list[tuple[datetime, Fraction]]:
    """The readings that are not beside a fall or a leap, of which either can be the wrong one."""
    wrong = set()
    for i, (one, other) in enumerate(pairwise(told)):
        if not can_be(other[0] - one[0], other[1] - one[1]):
            wrong |= {i, i + 1}
    return [each for i, each in enumerate(told) if i not in wrong]


def counted(season: Season, scenario: Scenario) -> Iterator[Counted]:
    """What the register says of the season, from its begin to its end."""
    told = sound(
        sorted((season.instant(at), Fraction(kwh)) for at, kwh in scenario.get("meter", ()))
    )
    if not told:
        yield season.days(season.since, season.until), None
        return
    yield season.days(season.since, told[0][0]), None
    for (a, before), (b, after) in pairwise(told):
        known = can_be(b - a, after - before)
        yield season.days(a, b), after - before if known else None
    yield season.days(told[-1][0], season.until), None


class Paid:
    """What days at their shares come to, and on which of them the meter leaves something open."""

    def __init__(self, season: Season, scenario: Scenario, shares: Mapping[date, Fraction]) -> None:
        self.season = season
        bearers: Mapping[date, Day | None] = (
            Household(scenario).calendar() if scenario.get("fee_spans") else {}
        )
        #: By day its share of the price, who bears its fee, and the price
        self.keys = {
            day: (share, bearers.get(day), Fraction(season.contract_on(day)["heat_price"]))
            for day, share in shares.items()
            if share > 0
        }
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
        if len(paid) == len(days) and len({self.person_on(day) for day in days}) == 1:
            self.count_least(days, kwh)
        if len({self.keys.get(day) for day in days}) > 1:
            self.open |= set(paid)

    def person_on(self, day: date) -> str | None:
        own = self.keys[day][1]
        return None if own is None else own.person

    def count_least(self, days: list[date], kwh: Fraction) -> None:
        """Whatever of it fell on which day: whoever lives there, and who bears a part of the fee for them, are each
        paid at least the smallest that is theirs.

        It is laid on two days, of which one pays the first and the other the second least, so that it is that.
        """
        who = {day: self.keys[day][1] for day in days}
        worth = {day: self.keys[day][0] * self.keys[day][2] for day in days}
        borne = {day: Fraction(0) if own is None else own.subsidy for day, own in who.items()}
        second = {day: worth[day] * borne[day] for day in days}
        first = {day: worth[day] - second[day] for day in days}
        helpers = {own.subsidised_by for own in who.values() if own is not None and own.subsidy}
        if len(helpers) > 1 and all(second.values()):
            return  # the smallest of each of them is nothing, and no day is without them
        a = min(days, key=lambda day: (first[day], second[day], day))
        b = min(days, key=lambda day: (second[day], first[day], day))
        if second[a] == second[b]:
            self.heat[a] += kwh
            return
        # x kWh on a and y on b: x first[a] + y first[b] = first[a] kwh, and so of the second
        whole = first[a] * second[b] - first[b] * second[a]
        self.heat[a] += kwh * (first[a] * second[b] - first[b] * second[b]) / whole
        self.heat[b] += kwh * (first[a] * second[b] - first[a] * second[a]) / whole

    def lines(self) -> list[Line]:
        """Consecutive days at one share that one bearer paid for."""
        groups: list[list[date]] = []
        for day in sorted(self.keys):
            last = groups[-1][-1] if groups else None
            joined = last == day - timedelta(days=1) and self.keys[last] == self.keys[day]
            groups.append([*groups.pop(), day] if joined else [day])
        groups = self.joined([each for each in groups if any(self.heat[day] for day in each)])
        found = []
        for group in groups:
            parts = {day: self.season.part_inside(day) for day in group}
            heat = sum((self.heat[day] for day in group), Fraction(0))
            if heat:
                share, _, price = self.keys[group[0]]
                daily = heat * price / sum(parts.values(), Fraction(0))
                found.append(line_of("temperature", parts, share, daily))
        return found

    def joined(self, groups: list[list[date]]) -> list[list[date]]:
        """Without the cuts by days of refund on which nothing was counted, that the same bear."""
        found: list[list[date]] = []
        for group in groups:
            key = self.keys[group[0]]
            if found and self.keys[found[-1][0]] == key:
                gap = (group[0] - found[-1][-1]).days
                between = [group[0] - timedelta(days=i) for i in range(1, gap)]
                if all(day in self.keys and self.keys[day][1:] == key[1:] for day in between):
                    found[-1] += group
                    continue
            found.append(list(group))
        return found


def wrong_reading(rng: Any, at: datetime, step: int, register: Decimal) -> list[list[str]]:
    """Now and then one that is far off, until the next: up, or to zero."""
    if rng.random() >= 0.01 or step < 2:
        return []
    wrong = rng.choice(("999999", "0", str(register + 3), str(max(register - 1, Decimal(0)))))
    return [[(at + timedelta(minutes=step // 2)).isoformat(timespec="minutes"), wrong]]


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
    if rng.random() < 0.1:  # as it was delivered
        found.append([(at - timedelta(minutes=step)).isoformat(timespec="minutes"), "0"])
    while at < until:
        found.append([at.isoformat(timespec="minutes"), str(register)])
        found += wrong_reading(rng, at, step, register)
        register += Decimal(rng.choice((0, 1, 250, 1500, 20000, 33333))) / 1000
        if rng.random() < 0.005:
            register = Decimal(0)  # it was changed, and nobody recorded that
        silent = rng.choice(SILENCES) if rng.random() < 0.1 else 0
        at += timedelta(minutes=step + silent)
    return {**world, "contract": contract, "meter": found}
