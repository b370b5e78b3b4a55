"""What a day or a block of an episode is worth to the twin: its temperature, its share, its line.

Written from the text alone; rows of regulations.md 7.20 are quoted in the comments.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from simulators.law.episodes import Episode
from simulators.law.means import Act
from simulators.law.season import HOUR, US, Season, once

Pay = tuple[Fraction, Fraction]  # the least and the most that a day's share can be
NOTHING: Pay = (Fraction(0), Fraction(0))


@once
def share_of(season: Season, celsius: Fraction | Decimal, day: date) -> Fraction:
    """The band's share on a local day; half-open, lower edge inside (7.5)."""
    rules = season.rules(day)
    if season.kitchen and celsius >= season.owed_on(day):
        return Fraction(0)
    for below, share in bands_of(season, day):
        tops = () if own_bands(season, day) else rules.get("tops_in", ())
        top_is_in = below in tops  # 含16, 含14 (7.5)
        if celsius < below or (top_is_in and celsius == below):
            return Fraction(share)
    deficit = Fraction(season.owed_on(day)) - Fraction(celsius)
    for low, low_in, high, high_in, share in rules.get("deficits", ()):
        above = deficit > low or (low_in and deficit == low)
        if above and (deficit < high or (high_in and deficit == high)):
            return Fraction(share)
    return Fraction(0)


def own_bands(season: Season, day: date) -> bool:
    """Whether the contract's bands count: always its own, or before the act's (Binzhou, art. 42)."""
    first = season.policy.get("contract_first") and "bands" in season.contract_on(day)
    return bool(season.policy.get("contract_bands") or first or season.by_use(day))


@once
def bands_of(season: Season, day: date) -> list[tuple[Decimal, Fraction]]:
    """(below this temperature, share), the lowest first: the act's, or the contract's own."""
    if own_bands(season, day):
        own = season.contract_on(day).get("bands", ())  # without them nothing of the day is settled
        return sorted((Decimal(t), Fraction(share)) for t, share in own)
    return list(season.rules(day).get("bands", ()))


@once
def highest_of(season: Season, day: date) -> Fraction:
    deficits = [Fraction(each[-1]) for each in season.rules(day).get("deficits", ())]
    return max([Fraction(0), *deficits, *(Fraction(share) for _, share in bands_of(season, day))])


def passes_gate(season: Season, episode: Episode) -> bool:
    """Whether it is long enough for anything to be paid."""
    return paid_from(season, episode) is not None


def paid_from(season: Season, episode: Episode) -> date | None:
    """The day from which an episode pays: of its clock by the gate of then, or the first of a change of the gate
    from which on it is as long as the new one wants; None: it is too short."""
    days = [season.day(episode.clock), *(day for day, _ in season.amended)]
    for day in days:
        since = max(season.midnight(day), episode.clock)
        rules = season.rules(day)
        gate, run = rules.get("gate"), episode.recovery - since
        changed = day == days[0] or season.midnight(day) > episode.clock
        long = gate is None or run > gate or (run == gate and not rules.get("gate_open"))
        if changed and run > timedelta(0) and long:
            return day
    return None


@once
def known_mean(
    season: Season, room: str, since: datetime, until: datetime
) -> tuple[timedelta, Fraction]:
    """Time known in a span and its time-weighted mean."""
    known, total = 0, Fraction(0)
    rows = season.around(room, since, until)
    for i, each in enumerate(rows):
        after = rows[i + 1].at if i + 1 < len(rows) else until
        stands = min(after, each.at + season.hold, until) - max(each.at, since)
        if stands > timedelta(0):
            known += stands // US
            total += Fraction(each.celsius) * (stands // US)
    return known * US, total / known if known else total


def part_of_day(season: Season, day: date, episode: Episode) -> tuple[datetime, datetime]:
    """A day's part inside [clock start, recovery)."""
    begin, end = season.day_span(day)
    return max(begin, episode.clock), min(end, episode.recovery)


def hour_means(
    season: Season, room: str, since: datetime, until: datetime, *, whole: bool
) -> list[Fraction]:
    """Means of the clock hours that touch a span, with at least 45 min known.

    `whole`: each taken whole, also outside the span; else only its part inside.
    """
    found = []
    at = since.replace(minute=0, second=0, microsecond=0)
    while at < until:
        begin, end = (at, at + HOUR) if whole else (max(at, since), min(at + HOUR, until))
        known, mean = known_mean(season, room, begin, end)
        if known >= timedelta(minutes=45):
            found.append(mean)
        at += HOUR
    return found


def telemetry_value(season: Season, room: str, day: date, episode: Episode) -> Fraction | None:
    """Row "band of a day, all acts, with telemetry", of one room; the worst room decides."""
    return lowest_mean(season, room, *part_of_day(season, day, episode))


@once
def lowest_mean(season: Season, room: str, begin: datetime, end: datetime) -> Fraction | None:
    """The lowest hour inside; else of those that touch it; else the mean of what is known."""
    inside = hour_means(season, room, begin, end, whole=False)
    if inside:
        return min(inside)
    touching = hour_means(season, room, begin, end, whole=True)
    known, mean = known_mean(season, room, begin, end)
    if touching:
        return min(touching)
    return mean if known else None


def day_value(season: Season, episode: Episode, day: date) -> Fraction | None:
    """The temperature that decides a day's band; None where nothing is known of it."""
    acts = [act for act in season.acts if episode.clock <= act[0] < episode.recovery]
    if not season.telemetry and not season.policy.get("gate"):
        values = governing(season, episode, day)
    else:
        values = of_day(season, episode, day, acts)
    failed = [(season.day(at), Fraction(c)) for at, _, c in acts if season.fails(at, c)]
    if season.policy.get("retest_lowest") and len({when for when, _ in failed}) >= 2:
        # row "Linyi, re-test still failing": acts of two different local days
        values.append(min(celsius for _, celsius in failed))
    return min(values, default=None)


def of_day(season: Season, episode: Episode, day: date, acts: Sequence[Act]) -> list[Fraction]:
    """Row "band of a day with an act": it replaces its room's telemetry on its local day."""
    today = [act for act in acts if season.day(act[0]) == day]
    before = [(season.day(at), Fraction(c)) for at, _, c in acts if season.day(at) < day]
    if not today and before and not any_telemetry(season, episode, day):
        # where no covered room has telemetry that day, the acts of the last day with some govern
        return [min(c for when, c in before if when == before[-1][0])]
    others = [room for room in season.rooms if room not in {act[1] for act in today}]
    told = [telemetry_value(season, room, day, episode) for room in others]
    return [*(Fraction(c) for _, _, c in today), *(each for each in told if each is not None)]


def any_telemetry(season: Season, episode: Episode, day: date) -> bool:
    """Whether a sample that is no act stands at some instant of the day's part."""
    return telemetry_stands(season, *part_of_day(season, day, episode))


@once
def telemetry_stands(season: Season, begin: datetime, end: datetime) -> bool:
    for room in season.rooms:
        rows, times = season.rooms[room], season.times[room]
        for i in range(bisect_left(times, begin - season.hold), bisect_left(times, end)):
            each = rows[i]
            after = rows[i + 1].at if i + 1 < len(rows) else each.at + season.hold
            until = min(after, each.at + season.hold)
            if not each.is_act and each.at < end and until > begin and each.at < until:
                return True
    return False


def governing(season: Season, episode: Episode, day: date) -> list[Fraction]:
    """Row "a household without telemetry": the values of the acts that govern a day.

    A user's fault in between changes nothing of that.
    """
    since, until = episode.whole
    acts = [act for act in season.acts if since <= act[0] < until]
    found = []
    for at, room, celsius in acts:
        after = [
            season.day(other[0]) for other in season.acts if other[1] == room and other[0] > at
        ]
        governs = season.day(at) <= day and (not after or day <= after[0])
        if governs and season.fails(at, celsius):
            found.append(Fraction(celsius))
    failing = [season.day(at) for at, _, celsius in acts if season.fails(at, celsius)]
    if failing and day < failing[0]:  # those of the first failing visit also the days before it
        found += [
            Fraction(c) for at, _, c in acts if season.day(at) == failing[0] and season.fails(at, c)
        ]
    return found
