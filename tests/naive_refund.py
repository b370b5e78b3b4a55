"""The refund of one household's season, slow and obvious: the twin of the settlement kernels.

Written from the text alone (regulations.md, sections 7 and 9; rows of 7.20 are quoted in the
comments) in aware datetimes and Fractions. A scenario is a line of the reference seasons:
policy, season, season_fee, interval_min, rooms, requests, acts, outages. The answer is
`{"total", "undetermined", "lines"}` in the same form as theirs. `tests.naive_season` tells
which episodes there were; here is what they pay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.naive_season import (
    FULL,
    HOUR,
    STANDARD,
    Episode,
    Piece,
    Season,
    episodes,
    ratio,
    timeline,
    unknown_settled,
)

# --- what a day pays --------------------------------------------------------------------


def share_of(season: Season, celsius: Fraction | Decimal) -> Fraction:
    """The band's share; half-open, lower edge inside (7.5)."""
    for below, share in season.policy["bands"]:
        if celsius < below:
            return Fraction(share)
    return Fraction(0)


def known_mean(
    season: Season, room: str, since: datetime, until: datetime
) -> tuple[timedelta, Fraction]:
    """Time known in a span and its time-weighted mean."""
    cuts = {since, until}
    for each in season.around(room, since, until):
        cuts |= {at for at in (each.at, each.at + season.hold) if since < at < until}
    known, total = timedelta(0), Fraction(0)
    marks = sorted(cuts)
    for begin, end in pairwise(marks):
        now = season.known(room, begin)
        if now is not None:
            known += end - begin
            total += Fraction(now.celsius) * ratio(end - begin, HOUR)
    return known, total / ratio(known, HOUR) if known else Fraction(0)


def part_of_day(season: Season, day: date, episode: Episode) -> tuple[datetime, datetime]:
    """A day's part inside [clock start, recovery)."""
    begin, end = season.day_span(day)
    return max(begin, episode.clock), min(end, episode.recovery)


def telemetry_value(season: Season, room: str, day: date, episode: Episode) -> Fraction | None:
    """Row "band of a day, with telemetry": a room's lowest one-hour mean inside the episode.

    Clock hours with at least 45 min known; a day on which the room has none: the mean of what
    is known of it. (Each room has its value, and the worst room decides.)
    """
    begin, end = part_of_day(season, day, episode)
    hours = []
    at = begin.replace(minute=0, second=0, microsecond=0)
    while at < end:
        known, mean = known_mean(season, room, max(at, begin), min(at + HOUR, end))
        if known >= timedelta(minutes=45):
            hours.append(mean)
        at += HOUR
    if hours:
        return min(hours)
    known, mean = known_mean(season, room, begin, end)
    return mean if known else None


def day_value(season: Season, episode: Episode, day: date) -> Fraction | None:
    """The temperature that decides a day's band; None where nothing is known of it."""
    acts = [act for act in season.acts if episode.clock <= act[0] < episode.recovery]
    today = [act for act in acts if season.day(act[0]) == day]
    # row "band of a day with an act": it replaces its room's telemetry on its local day
    others = [room for room in season.rooms if room not in {act[1] for act in today}]
    values = [Fraction(celsius) for _, _, celsius in today]
    told = [telemetry_value(season, room, day, episode) for room in others]
    values += [value for value in told if value is not None]
    if not values:
        # no covered room has telemetry that day: the acts of the last day with some govern
        before = [(season.day(at), Fraction(c)) for at, _, c in acts if season.day(at) < day]
        values = [min(c for when, c in before if when == before[-1][0])] if before else []
    failed = [Fraction(c) for _, _, c in acts if c < STANDARD]
    if season.policy.get("retest_lowest") and len(failed) >= 2:
        # row "Linyi, re-test still failing"
        values.append(min(failed))
    return min(values, default=None)


def presumed_days(season: Season, episode: Episode) -> list[date]:
    """Row "presumption against a late supplier": the days that count as below 14."""
    limit = season.policy.get("late_supplier")
    if limit is None:
        return []
    ends = episode.request + limit
    if any(episode.request <= at <= ends for at, _, _ in season.acts) or episode.recovery <= ends:
        return []
    later = [season.day(at) for at, _, _ in season.acts if at > ends]
    days = season.days(episode.clock, episode.recovery)
    return [day for day in days if day >= season.day(ends) and (not later or day < later[0])]


def longest_free(season: Season, episode: Episode) -> timedelta:
    """The longest part of the episode without a fault of the user's (7.13)."""
    free, longest = episode.clock, timedelta()
    for since, until in season.faults:
        if until > free and since < episode.recovery:
            longest, free = max(longest, since - free), until
    return max(longest, episode.recovery - free)


def touched(season: Season, episode: Episode, day: date) -> bool:
    """7.13a: the day is the unit, one that a fault of the user's touches is the user's."""
    start, end = part_of_day(season, day, episode)
    return any(since < end and until > start for since, until in season.faults)


def episode_shares(season: Season, episode: Episode) -> dict[date, Fraction | None]:
    """Share of the daily fee for each day of refund; None where the band can't be known."""
    gate = season.policy.get("gate")
    if gate is not None and longest_free(season, episode) < gate:
        return {}
    days = season.days(episode.clock, episode.recovery)
    if episode.recovered and not season.policy.get("recovery_day_counts"):
        # row "days of refund": the day of recovery is not counted
        days = [day for day in days if day != season.day(episode.recovery)]
    presumed = presumed_days(season, episode)
    shares: dict[date, Fraction | None] = {}
    for day in days:
        if touched(season, episode, day):
            shares[day] = Fraction(0)
            continue
        value = day_value(season, episode, day)
        if day in presumed:
            value = Fraction(0)  # deemed below 14
        shares[day] = None if value is None else share_of(season, value)
    return shares


def excluded(season: Season) -> set[date]:
    """Henan: the first and the last five days of the season (7.7)."""
    days = season.days(season.since, season.until)
    count = season.policy.get("excluded_days", 0)
    return set(days[:count]) | set(days[len(days) - count :]) if count else set()


@dataclass
class DayPay:
    """What one world pays for one day, and in which episode."""

    share: Fraction | None
    clock: datetime


def world(season: Season, pieces: Sequence[Piece], suppose: str) -> dict[date, DayPay]:
    """Each paid day of the season with longer unknowns taken as `suppose`."""
    pays: dict[date, DayPay] = {}
    closed = excluded(season)
    for episode in episodes(season, pieces, suppose):
        for day, share in episode_shares(season, episode).items():
            if day in closed:
                continue
            # row "what a line is": a day that two episodes share pays the higher, once
            before = pays.get(day)
            if before is None or (before.share or 0) < (share or 0):
                pays[day] = DayPay(share, episode.clock)
    return pays


# --- outages and lines ------------------------------------------------------------------


def outage_parts(season: Season, outage: tuple[datetime, datetime]) -> dict[date, Fraction]:
    """Row "shares of an outage": seconds without heat ÷ seconds of that day."""
    # no supply is owed outside the season, so a stop lasts only inside it
    since, until = max(outage[0], season.since), min(outage[1], season.until)
    if until - since < season.policy["outage_gate"]:
        return {}
    parts = {}
    for day in season.days(since, until):
        begin, end = season.day_span(day)
        parts[day] = ratio(min(end, until) - max(begin, since), end - begin)
    return parts


def line(
    season: Season, kind: str, first: date, last: date, days: Fraction, share: Fraction
) -> dict[str, str]:
    """Rounded once, half-up (7.12)."""
    exact = season.fee / season.season_days() * days * share
    cents = Decimal((exact * 100).numerator) / Decimal((exact * 100).denominator)
    amount = cents.quantize(Decimal(1), rounding=ROUND_HALF_UP) / 100
    return {
        "kind": kind,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "days": str(days),
        "share": str(share),
        "amount": str(amount.quantize(Decimal("0.01"))),
    }


def temperature_lines(
    season: Season, pays: Mapping[date, DayPay], taken: Mapping[date, Fraction]
) -> list[dict[str, str]]:
    """Row "what a line is": one fraction of the daily fee over consecutive days of one episode."""
    groups: list[list[tuple[date, Fraction, Fraction, datetime]]] = []
    for day in sorted(pays):
        share = pays[day].share or Fraction(0)
        left = season.part_inside(day) - taken.get(day, Fraction(0))  # 7.10
        if share <= 0 or left <= 0:
            continue
        last = groups[-1][-1] if groups else None
        joined = (
            last is not None
            and last[0] + timedelta(days=1) == day
            and last[1] * last[2] == left * share
            and last[3] == pays[day].clock
        )
        entry = (day, left, share, pays[day].clock)
        if joined:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    lines = []
    for group in groups:
        share = group[0][2]
        days = sum((left * each for _, left, each, _ in group), Fraction()) / share
        lines.append(line(season, "temperature", group[0][0], group[-1][0], days, share))
    return lines


def settle(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """What is owed for the season, with its lines."""
    season = Season(scenario)
    lines = []
    taken: dict[date, Fraction] = {}
    for outage in season.outages:
        parts = outage_parts(season, outage)
        if parts:
            days = sorted(parts)
            whole = sum(parts.values(), Fraction())
            lines.append(line(season, "outage", days[0], days[-1], whole, FULL))
        for day, part in parts.items():
            taken[day] = taken.get(day, Fraction(0)) + part
    pieces = unknown_settled(season, timeline(season))
    cold, warm = world(season, pieces, "below"), world(season, pieces, "compliant")
    # row "longer unknown": each day pays the smaller of the two shares
    pays: dict[date, DayPay] = {}
    undetermined = False
    for day in sorted(set(cold) | set(warm)):
        least = min(pay_of(cold, day), pay_of(warm, day))
        sure = known_of(cold, day) and known_of(warm, day)
        if season.part_inside(day) > taken.get(day, 0) and (
            pay_of(cold, day) != pay_of(warm, day) or not sure
        ):
            undetermined = True
        pays[day] = DayPay(least, (warm.get(day) or cold[day]).clock)
    lines += temperature_lines(season, pays, taken)
    total = sum((Decimal(each["amount"]) for each in lines), Decimal("0.00"))
    return {"total": str(total), "undetermined": undetermined, "lines": lines}


def pay_of(pays: Mapping[date, DayPay], day: date) -> Fraction:
    return (pays[day].share or Fraction(0)) if day in pays else Fraction(0)


def known_of(pays: Mapping[date, DayPay], day: date) -> bool:
    return day not in pays or pays[day].share is not None
