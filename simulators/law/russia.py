"""Naive twin of Russia's Decree 354, items 14 and 15: minute by minute, in fractions.

Written from the text alone (regulations.md, sections 5 and 7.17, and the rows of 7.20 on requests,
faults and unknowns). A scenario is in the reference form, with `zone`; all of its instants are whole
minutes. It knows nothing of the code that it is held against.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

from simulators.law.counts import Scenario, Season
from simulators.law.kinds import of_dwellings
from simulators.law.lines import Line, answer, line_of
from simulators.law.new_terms import Fees
from simulators.law.payers import each_payer

MINUTE = 60  # [s]
RATE = Fraction(15, 10_000)  # items 14 and 15: of the month's fee
Span = tuple[float, float]
Act = tuple[float, str, Decimal]
Row = tuple[float, float, Decimal]  # what stands of a room from an instant to another


class House:
    """What is known of a household: readings and signed records of each room, faults, reports.

    `closed`: local days of which nobody was charged, or not this payer.
    """

    def __init__(self, scenario: Scenario, closed: Set[date], norm: Decimal) -> None:
        self.season = season = Season(scenario)
        self.closed = closed
        self.fees = Fees({"contract_changes": (), **scenario})
        self.norm = norm
        # item 15: a corner room is owed 2 degrees more
        corners = scenario.get("corner_rooms", ())
        self.norms = {room: norm + (2 if room in corners else 0) for room in scenario["rooms"]}
        # 7.20, a user's fault: the local days that it touches
        self.faults = {
            day
            for since, until in scenario.get("user_faults", ())
            for day in days_of(season, season.instant(since), season.instant(until))
        }
        every = [(season.instant(at), room, Decimal(v)) for at, room, v in scenario["acts"]]
        # acts on its days are as if they had not been made
        self.acts = [act for act in sorted(every) if season.day_of(act[0]) not in self.faults]
        hold = min(max(2 * scenario["interval_min"], 30), 180) * MINUTE
        self.bridge = max(60, 2 * scenario["interval_min"]) * MINUTE
        self.rows = {
            room: self.row(room, samples, hold) for room, samples in scenario["rooms"].items()
        }
        self.decisions = [
            (season.instant(each["since"]), season.instant(each["until"]), each)
            for each in scenario.get("decisions", ())
        ]
        asked = sorted(season.instant(at) for at in scenario["requests"])
        always = scenario.get("standing_consent")  # whatever is below was reported
        self.reports = [(season.since, season.until)] if always else self.standing(asked)

    def row(self, room: str, samples: Sequence[Sequence[str]], hold: float) -> list[Row]:
        """From, to, value of what stands inside the season; a record of the same instant as a reading does.

        Outside it no supply is owed: what stands there alone is no side of a gap. `hold` in [s].
        """
        told = {self.season.instant(at): Decimal(value) for at, value in samples}
        told |= {at: value for at, where, value in self.acts if where == room}
        times = sorted(at for at in told if at < self.season.until)
        ends = [*times[1:], self.season.until][: len(times)]
        every = [
            (at, min(at + hold, after), told[at]) for at, after in zip(times, ends, strict=True)
        ]
        return [row for row in every if row[1] > self.season.since]

    def coldest(self, at: float) -> Decimal | None:
        """Of the rooms that are known at an instant `at` [s]."""
        return coldest_of(self.rows.values(), at)

    def supposed(self, suppose: str) -> dict[str, list[Row]]:
        """7.20, longer unknown: each room's rows with its unknown time taken as `suppose`."""
        failing = {(room, at) for at, room, value in self.acts if value < self.norms[room]}
        return {
            room: filled(
                rows, {at for where, at in failing if where == room}, self.bridge,
                self.season.until, suppose, self.norms[room],
            )
            for room, rows in self.rows.items()
        }  # fmt: skip

    def serves(self, visit: Sequence[Act]) -> bool:
        """7.20, a visit: the last act of each room passed, and no room is known below after it."""
        last = {room: value for _, room, value in visit}
        if any(value < self.norms[room] for room, value in last.items()):
            return False
        after = {room: coldest_of([rows], visit[-1][0]) for room, rows in self.rows.items()}
        return all(value is None or value >= self.norms[room] for room, value in after.items())

    def standing(self, asked: Sequence[float]) -> list[Span]:
        """7.20, what one request serves: until such a visit, else the season's end. [s]"""
        season = self.season
        inside = [act for act in self.acts if season.since <= act[0] < season.until]
        days = sorted({season.day_of(act[0]) for act in inside})
        visits = [[act for act in inside if season.day_of(act[0]) == day] for day in days]
        served = [visit[-1][0] for visit in visits if self.serves(visit)]
        found: list[Span] = []
        for request in asked:
            counts = season.since <= request < season.until
            if counts and not (found and request <= found[-1][1]):
                found.append(
                    (request, min([at for at in served if at >= request] + [season.until]))
                )
        return found

    def stop(self, since: float, until: float) -> list[float]:
        """The minutes of an outage from `since` to `until` [s] on days that were charged."""
        every = range(int(since), int(until), MINUTE)
        return [float(at) for at in every if self.season.day_of(at) not in self.closed]


def coldest_of(rooms: Iterable[Sequence[Row]], at: float) -> Decimal | None:
    """What stands at an instant `at` [s], of the coldest of these rooms."""
    found = []
    for rows in rooms:
        i = bisect_right(rows, at, key=lambda row: row[0]) - 1
        if i >= 0 and at < rows[i][1]:
            found.append(rows[i][2])
    return min(found, default=None)


def filled(
    rows: Sequence[Row],
    failing: Collection[float],
    bridge: float,
    end: float,
    suppose: str,
    norm: Decimal,
) -> list[Row]:
    """A room's rows with what its gaps are taken for; `bridge` and `end` in [s].

    Row "bridged gap", by the room: short, with below on both sides, it is as warm as the warmer side.
    Row "a signed act": failing acts inside a longer unknown with below on both sides settle it. What
    else is longer and lies behind below is at most as cold as the colder side.
    """
    pieces: list[tuple[str, Row]] = []
    ends = [*(row[0] for row in rows[1:]), max(end, rows[-1][1])] if rows else []
    for (a, b, value), after in zip(rows, ends, strict=True):
        inside = bool(pieces) and pieces[-1][0] in {"gap", "island"} and a in failing
        pieces.append(("island" if inside else "row", (a, b, value)))
        if b < after:
            pieces.append(("gap", (b, after, Decimal("NaN"))))
    found = list(rows)
    for is_unknown, group in groupby(range(len(pieces)), lambda i: pieces[i][0] != "row"):
        if not is_unknown:
            continue
        own = list(group)
        sides = [pieces[i][1][2] for i in (own[0] - 1, own[-1] + 1) if i < len(pieces)]
        islands = any(pieces[i][0] == "island" for i in own)
        settled = islands and len(sides) == 2 and max(sides) < norm
        for i in own:
            kind, (a, b, _) = pieces[i]
            if kind != "gap":
                continue
            beside = [pieces[k][1][2] for k in (i - 1, i + 1) if k < len(pieces)]
            if settled or b - a <= bridge:
                found += [(a, b, max(beside))] if len(beside) == 2 else []
            elif suppose == "below" and beside[0] < norm:
                found.append((a, b, min(beside)))
    return sorted(found)


def days_of(season: Season, since: float, until: float) -> Iterator[date]:
    """Local days with an instant of the span `since` to `until` [s]."""
    day = season.day_of(since)
    while since < until and season.midnight(day) < until:
        yield day
        day += timedelta(days=1)


def months(season: Season) -> list[tuple[date, date]]:
    """First and last day of the season in each calendar month."""
    found: list[tuple[date, date]] = []
    for day in days_of(season, season.since, season.until):
        if found and found[-1][1].month == day.month:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def limit(coldest: Decimal | None) -> int:
    """Item 14: how long one outage may last. [min]"""
    for edge, hours in ((12, 16), (10, 8)):
        if coldest is None or coldest >= edge:
            return hours * 60
    return 4 * 60


def over(
    season: Season, month: tuple[date, date], stops: Sequence[tuple[list[float], int]]
) -> Counter[date]:
    """7.17 (a): by day the minutes over, by the larger of a month's two excesses."""

    def inside(minutes: Sequence[float]) -> list[date]:
        days = (season.day_of(at) for at in minutes)
        return [day for day in days if month[0] <= day <= month[1]]

    single = [day for minutes, most in stops for day in inside(minutes[most:])]
    together = [day for minutes, _ in stops for day in inside(minutes)][24 * 60 :]
    return Counter(single if len(single) >= len(together) else together)


def month_line(
    house: House, kind: str, month: tuple[date, date], cold: Mapping[date, Fraction], paid: Fraction
) -> tuple[Line | None, Fraction]:
    """A line on the days that take something, and what it takes, before it is rounded.

    `cold`: day -> hours, or degree-hours. They take parts of the fee of a whole month: as many daily fees as
    the season has days in it, each the mean of those that were charged. The month pays at most what was
    charged for its days, without what is `paid` before.
    """
    season = house.season
    first, last = month
    begin = max(season.midnight(first), season.since)
    end = min(season.midnight(last + timedelta(days=1)), season.until)
    charged, count = Fraction(0), Fraction(0)
    for day in days_of(season, begin, end):
        if day not in house.closed:
            a, b = season.midnight(day), season.midnight(day + timedelta(days=1))
            part = season.part_days(max(a, begin), min(b, end))
            charged += house.fees.of(day) / season.days() * part
            count += part
    own = {day: amount for day, amount in cold.items() if first <= day <= last and amount > 0}
    if not count or not charged:
        return None, Fraction(0)
    daily = charged / count
    share = min(sum(own.values(), Fraction(0)) * RATE, Fraction(1))
    most = min(daily * season.part_days(begin, end) * share, charged - paid)
    if most <= 0:
        return None, Fraction(0)
    whole = sum(own.values(), Fraction(0))
    parts = {day: most / daily / share * amount / whole for day, amount in own.items()}
    return line_of(kind, parts, share, daily), most


def judged(scenario: Scenario, closed: Set[date], norm: Decimal = Decimal(18)) -> dict[str, Any]:
    """RU-354: outages over 24 h a month or 16, 8, 4 h at once; then cold, which outages displace."""
    scenario = of_dwellings(scenario)
    house = House(scenario, closed, norm)
    # what was no dwelling is not judged as one: its records say nothing, and its days are open
    others = house.fees.other_days() - closed
    acts = [act for act in scenario["acts"] if date.fromisoformat(act[0][:10]) not in others]
    dwelling = House({**scenario, "acts": acts}, closed, norm) if others else house
    season, stops = house.season, house.season.stops(scenario)
    sure, might = [], []
    for minutes in (house.stop(a, b) for a, b in stops):
        told = [(at, house.coldest(at)) for at in minutes]
        known = [decided(house, at) if each is None else each for at, each in told]
        coldest = min((each for each in known if each is not None), default=None)
        sure.append((minutes, limit(coldest)))
        might.append((minutes, limit(coldest) if None not in known else 4 * 60))
    cold, most_cold = degree_hours(dwelling, stops)
    lines: list[Line | None] = []
    undetermined = bool(others and house.reports)
    for month in months(season):
        least, most = (
            {day: Fraction(count, 60) for day, count in over(season, month, each).items()}
            for each in (sure, might)
        )
        outage, taken = month_line(house, "outage", month, least, Fraction(0))
        other, _ = month_line(house, "outage", month, most, Fraction(0))
        undetermined |= amount_of(outage) != amount_of(other)
        temperature, _ = month_line(house, "temperature", month, cold, taken)
        other, _ = month_line(house, "temperature", month, most_cold, taken)
        undetermined |= amount_of(temperature) != amount_of(other)
        of_both = any(month[0] <= day <= month[1] for day in others)
        lines += [outage, None if of_both else temperature]
    return answer([each for each in lines if each], undetermined=undetermined)


def decided(house: House, at: float) -> Decimal | None:
    """What a decision takes the rooms as at `at` [s], of which nothing is known then.

    "Compliant" is at the standard; of one of several rooms it says nothing of the others.
    """
    found: list[Decimal] = []
    for since, until, each in house.decisions:
        room, below_it = each.get("room", ""), each["outcome"] == "below"
        rooms = list(house.rows)
        about = not room or (room in rooms and (below_it or rooms == [room]))
        if since <= at < until and about:
            just_below = house.norm - Decimal("0.001")
            celsius = min(just_below, Decimal(each.get("temperature") or just_below))
            found.append(celsius if below_it else house.norm)
    return min(found, default=None)


russia = each_payer(judged)


def amount_of(line: Line | None) -> str:
    return "0.00" if line is None else line["amount"]


def degree_hours(
    house: House, stops: Sequence[Span]
) -> tuple[dict[date, Fraction], dict[date, Fraction]]:
    """Item 15, by day: hours × degrees below, while a report stands and no outage is on; sure, at most."""
    season = house.season
    found: tuple[dict[date, Fraction], dict[date, Fraction]] = ({}, {})
    both = [house.supposed(suppose) for suppose in ("compliant", "below")]
    turns = {at for rooms in both for rows in rooms.values() for a, b, _ in rows for at in (a, b)}
    turns |= {at for span in (*stops, *house.reports) for at in span}
    turns |= {at for since, until, _ in house.decisions for at in (since, until)}
    for day in days_of(season, season.since, season.until):
        turns |= {season.midnight(day), season.midnight(day) + 5 * 3600}
    for at, after in pairwise(sorted(turns | {season.until})):  # between them nothing changes
        day = season.day_of(at)
        stands = any(a <= at < b for a, b in house.reports)
        if not stands or day in house.faults or day in house.closed:
            continue
        if any(a <= at < b for a, b in stops):
            continue
        night = 3 if at - season.midnight(day) < 5 * 3600 else 0
        least, most = (
            {
                room: below(house.norms[room] - night, coldest_of([rows], at))
                for room, rows in rooms.items()
            }
            for rooms in both
        )
        for days, degrees in zip(found, settled(house, at, night, least, most), strict=True):
            hours = Fraction(int(after - at), 3600)
            days[day] = days.get(day, Fraction(0)) + Fraction(degrees) * hours
    return found


def below(limit: Decimal, celsius: Decimal | None) -> Decimal:
    """How far a temperature [°C] is below the `limit` [°C]; what is not known is not. [K]"""
    return Decimal(0) if celsius is None else max(Decimal(0), limit - celsius)


def settled(
    house: House, at: float, night: int, least: dict[str, Decimal], most: dict[str, Decimal]
) -> tuple[Decimal, Decimal]:
    """How far the room furthest below what it is owed is below it at `at` [s] for sure and at most, as decided.

    `night` [K] is how much less is owed then.

    A decision (DESIGN 4a) settles what is undetermined of what it names: its span, its room, else the
    dwelling. "Below" without a temperature is just below the standard; it holds before "compliant".
    """
    about = [each for since, until, each in house.decisions if since <= at < until]

    def named(room: str, outcome: str) -> list[Decimal]:
        own = [e for e in about if e["outcome"] == outcome and e.get("room", "") == room]
        norm = house.norms.get(room, house.norm)
        just_below = norm - Decimal("0.001")
        warmest = [min(just_below, Decimal(e.get("temperature") or just_below)) for e in own]
        return [below(norm - night, celsius) for celsius in warmest]

    for room, possible in tuple(most.items()):
        if cold := named(room, "below"):
            least[room] = most[room] = min(max(*cold, least[room]), possible)
    sure, possible = (max(of.values(), default=Decimal(0)) for of in (least, most))
    if cold := named("", "below"):
        return (min(max(*cold, sure), possible),) * 2
    if named("", "compliant"):
        return sure, sure
    still = [least[room] if named(room, "compliant") else most[room] for room in most]
    return sure, max(still, default=Decimal(0))
