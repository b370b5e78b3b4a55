"""The refund of one household's season, slow and obvious: the twin of the settlement kernels.

Written from the text alone (regulations.md, sections 7 and 9; rows of 7.20 are quoted in the
comments) in aware datetimes and Fractions. A scenario is a line of the reference seasons:
policy, season, season_fee, interval_min, rooms, requests, acts, outages. The answer is
`{"total", "undetermined", "lines"}` in the same form as theirs. `simulators.law.season` tells
which episodes there were; here is what they pay.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from simulators.law.episodes import Episode, episodes, late_from
from simulators.law.means import Act
from simulators.law.payers import of_payers
from simulators.law.season import (
    FULL,
    HOUR,
    POLICIES,
    STANDARD,
    Piece,
    Season,
    ratio,
    timeline,
    unknown_settled,
)

# --- what a day pays --------------------------------------------------------------------


def share_of(season: Season, celsius: Fraction | Decimal) -> Fraction:
    """The band's share; half-open, lower edge inside (7.5)."""
    for below, share in season.policy["bands"]:
        top_is_in = below in season.policy.get("tops_in", ())  # 含16, 含14 (7.5)
        if celsius < below or (top_is_in and celsius == below):
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
    begin, end = part_of_day(season, day, episode)
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
    failed = [(season.day(at), Fraction(c)) for at, _, c in acts if c < STANDARD]
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
    begin, end = part_of_day(season, day, episode)
    for room in season.rooms:
        rows = season.rooms[room]
        for i, each in enumerate(rows):
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
        if governs and celsius < STANDARD:
            found.append(Fraction(celsius))
    failing = [season.day(at) for at, _, celsius in acts if celsius < STANDARD]
    if failing and day < failing[0]:  # those of the first failing visit also the days before it
        found += [Fraction(c) for at, _, c in acts if season.day(at) == failing[0] and c < STANDARD]
    return found


Pay = tuple[Fraction, Fraction]  # the least and the most that a day's share can be
NOTHING: Pay = (Fraction(0), Fraction(0))


def episode_shares(season: Season, episode: Episode) -> dict[date, Pay]:
    """Share of the daily fee for each day of refund."""
    gate = season.policy.get("gate")
    if gate is not None and episode.recovery - episode.clock < gate:
        return {}
    days = season.days(episode.clock, episode.recovery)
    if episode.recovered and not season.policy.get("recovery_day_counts"):
        # row "days of refund": the day of recovery is not counted
        days = [day for day in days if day != season.day(episode.recovery)]
    presumed = late_from(season, episode)
    if episode.presumed_only and presumed is None:
        return {}
    highest = max(Fraction(share) for _, share in season.policy["bands"])
    refused = {season.day(at) for at in season.refusals}
    pays: dict[date, Pay] = {}
    for day in days:
        if day in refused and season.policy.get("refusal_is_compliant"):
            pays[day] = NOTHING
        elif presumed and day >= presumed[0] and (presumed[1] is None or day < presumed[1]):
            pays[day] = (highest, highest)
        elif episode.presumed_only:  # days before the presumed ones are undetermined
            early = presumed is not None and day < presumed[0]
            pays[day] = (Fraction(0), highest) if early else NOTHING
        else:
            value = day_value(season, episode, day)
            share = None if value is None else share_of(season, value)
            pays[day] = (Fraction(0), highest) if share is None else (share, share)
    return pays


def excluded(season: Season) -> set[date]:
    """Henan: the first and the last five days of the season (7.7)."""
    days = season.days(season.since, season.until)
    count = season.policy.get("excluded_days", 0)
    return set(days[:count]) | set(days[len(days) - count :]) if count else set()


def bound(season: Season, pieces: Sequence[Piece], suppose: str) -> dict[date, Pay]:
    """Each day of refund with longer unknowns taken as `suppose`."""
    pays: dict[date, Pay] = {}
    closed = excluded(season)
    for episode in episodes(season, pieces, suppose):
        for day, (least, most) in episode_shares(season, episode).items():
            if day not in closed:
                # row "what a line is": a day that two episodes share pays the higher, once
                before = pays.get(day, NOTHING)
                pays[day] = (max(before[0], least), max(before[1], most))
    return pays


# --- outages and lines ------------------------------------------------------------------


def long_enough(season: Season, lasts: timedelta) -> bool:
    """Whether an outage of this length pays; Heze: over 24 h, or all together over 7 days."""
    if "outage_over" not in season.policy:
        return bool(lasts >= season.policy["outage_gate"])
    inside = [(max(a, season.since), min(b, season.until)) for a, b in season.outages]
    together = sum((b - a for a, b in inside if a < b), timedelta(0))
    return bool(lasts > season.policy["outage_over"] or together > season.policy["outages_over"])


def outage_parts(season: Season, outage: tuple[datetime, datetime]) -> dict[date, Fraction]:
    """Row "shares of an outage": seconds without heat ÷ seconds of that day."""
    # no supply is owed outside the season, so a stop lasts only inside it
    since, until = max(outage[0], season.since), min(outage[1], season.until)
    if not long_enough(season, until - since):
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
    season: Season, pays: Mapping[date, Fraction], taken: Mapping[date, Fraction]
) -> list[dict[str, str]]:
    """Row "what a line is": one fraction of the daily fee over consecutive local days."""
    groups: list[list[tuple[date, Fraction, Fraction]]] = []
    for day in sorted(pays):
        left = season.part_inside(day) - taken.get(day, Fraction(0))  # 7.10
        if pays[day] <= 0 or left <= 0:
            continue
        last = groups[-1][-1] if groups else None
        joined = (
            last is not None
            and last[0] + timedelta(days=1) == day
            and last[1] * last[2] == left * pays[day]
        )
        if joined:
            groups[-1].append((day, left, pays[day]))
        else:
            groups.append([(day, left, pays[day])])
    lines = []
    for group in groups:
        share = group[0][2]
        days = sum((left * each for _, left, each in group), Fraction()) / share
        lines.append(line(season, "temperature", group[0][0], group[-1][0], days, share))
    return lines


def temperature(
    season: Season, taken: Mapping[date, Fraction]
) -> tuple[list[dict[str, str]], bool]:
    """Row "longer unknown": each day pays the smaller of the two shares, the rest is open."""
    pieces = unknown_settled(season, timeline(season))
    decided = {
        day: each["outcome"]
        for each in season.decisions
        for day in season.days_touched([(each["since"], each["until"])])
    }
    cold, warm = bound(season, pieces, "below"), bound(season, pieces, "compliant")
    pays, undetermined = {}, False
    for day in sorted(set(cold) | set(warm)):
        one, other = cold.get(day, NOTHING), warm.get(day, NOTHING)
        pays[day] = min(one[0], other[0])
        sure = one == other and one[0] == one[1]
        if not sure and season.part_inside(day) > taken.get(day, 0) and day in decided:
            # DESIGN 4a: a recorded decision settles what is undetermined, and nothing else
            below = decided[day] == "below"
            pays[day] = max(one[1], other[1]) if below else min(one[0], other[0])
            continue
        if season.part_inside(day) > taken.get(day, 0) and not sure:
            undetermined = True
    return temperature_lines(season, pays, taken), undetermined


def settle(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """What is owed for the season, with its lines: of each who bore the fee by itself (7.11, 7.18)."""
    if not scenario.get("fee_spans"):
        return settle_one(scenario, {})
    found = [(payer, settle_one(part, others)) for payer, part, others in of_payers(scenario)]
    lines = [
        each | ({"payer": payer} if payer else {}) for payer, own in found for each in own["lines"]
    ]
    total = sum((Decimal(own["total"]) for _, own in found), Decimal("0.00"))
    return {
        "total": str(total),
        "undetermined": any(own["undetermined"] for _, own in found),
        "lines": lines,
    }


def settle_one(scenario: Mapping[str, Any], taken: dict[date, Fraction]) -> dict[str, Any]:
    """The same of one who bore the fee; `taken`: what of each day's fee is not theirs."""
    season = Season(scenario)
    lines = []
    undetermined = False
    others = set(taken)
    elsewhere = season.policy.get("outage_elsewhere")
    for outage in season.outages:
        if elsewhere is not None:
            # row "Tai'an": paid by rules that were not seen
            lasts = min(outage[1], season.until) - max(outage[0], season.since)
            theirs = set(season.days(*outage)) - others
            undetermined = undetermined or (lasts >= elsewhere and bool(theirs))
            continue
        parts = {d: p for d, p in outage_parts(season, outage).items() if d not in others}
        if parts:
            days = sorted(parts)
            whole = sum(parts.values(), Fraction())
            lines.append(line(season, "outage", days[0], days[-1], whole, FULL))
        for day, part in parts.items():
            taken[day] = taken.get(day, Fraction(0)) + part
    for alone, room in parts_of(scenario):
        own, is_open = temperature(Season(alone), taken)
        lines += [each | ({"room": room} if room else {}) for each in own]
        undetermined = undetermined or is_open
    total = sum((Decimal(each["amount"]) for each in lines), Decimal("0.00"))
    return {"total": str(total), "undetermined": undetermined, "lines": lines}


def parts_of(scenario: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """What is settled alone: the dwelling, or in Qingdao each covered room on its share of the fee."""
    if not POLICIES[scenario["policy"]].get("per_room"):
        yield scenario, ""
        return
    for room, rows in scenario["rooms"].items():
        acts = [act for act in scenario["acts"] if act[1] == room]
        share = Fraction(scenario["room_area"][room]) / Fraction(scenario["area"])
        fee = str(Fraction(scenario["season_fee"]) * share)
        alone = {**scenario, "rooms": {room: rows}, "acts": acts, "season_fee": fee}
        # whoever came to one room in time is not late for the others
        yield {**alone, "came": [act[0] for act in scenario["acts"]]}, room
