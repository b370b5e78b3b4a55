"""Blocks of 24 hours for the refund's twin, where an act counts them in place of local days."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from simulators.law.decided import as_below, decision_on
from simulators.law.episodes import Episode, episodes, first_failing
from simulators.law.lines import Line, line_of
from simulators.law.season import Piece, Season, ratio, timeline, unknown_settled
from simulators.law.shares import (
    Pay,
    governing,
    highest_of,
    lowest_mean,
    passes_gate,
    share_of,
    telemetry_stands,
)

DAY = timedelta(hours=24)
#: (local day, part of it, what it pays, the share of what is known of its block, when its block begins)
Part = tuple[date, Fraction, Pay, Fraction | None, datetime]
Parts = Sequence[Part]


def blocks_of(season: Season, pieces: Sequence[Piece], suppose: str) -> list[Part]:
    """What of each block of 24 h from the clock's start lies in each local day."""
    found = []
    for episode in episodes(season, pieces, suppose):
        if not passes_gate(season, episode) or episode.presumed_only:
            continue
        begin = episode.clock
        while begin < episode.recovery:
            end, whole = begin + DAY, begin + DAY <= episode.recovery
            if whole or season.policy["block"] == "open":
                value = block_value(season, episode, begin)
                for day, part in days_of(season, begin, end):
                    if day in season.excused:
                        continue
                    pays, known = pay_of_block(season, episode, value, day, whole=whole)
                    found.append((day, part, pays, known, begin))
            begin = end
    return found


def days_of(season: Season, begin: datetime, end: datetime) -> Iterator[tuple[date, Fraction]]:
    """Each local day of a span with what of it lies in it."""
    for day in season.days(begin, min(end, season.until)):
        since, until = season.day_span(day)
        inside = min(end, until, season.until) - max(begin, since)
        yield day, ratio(inside, until - since)


def recurring(season: Season, pieces: Sequence[Piece]) -> list[Part]:
    """Tianjin: a measured cold that was met within 24 h and recurs may pay for all the time.

    From the first of these on, in whole days, what no block pays; at most as the coldest block of them.
    """
    every = [each for each in episodes(season, pieces, "below") if not each.presumed_only]
    own = [each for each in every if first_failing(season, *each.whole) is not None]
    met = [i for i, each in enumerate(own) if each.recovered and not passes_gate(season, each)]
    if not season.policy.get("recurs") or not met or met[0] + 1 == len(own):
        return []
    own = own[met[0] :]
    begin = own[0].clock
    end = begin + DAY * ((own[-1].recovery - begin) // DAY)
    every_block = [
        (each, block_value(season, each, each.clock + DAY * i))
        for each in own
        for i in range((each.recovery - each.clock) // DAY if passes_gate(season, each) else 1)
    ]
    most: dict[date, Fraction] = {}  # by what is owed on the day
    for day in season.days(begin, min(end, season.until)):
        pays = [
            pay_of_block(season, each, value, day, whole=True)[0][1] for each, value in every_block
        ]
        most[day] = max(pays, default=Fraction(0))
    paid = [
        (each.clock, each.clock + DAY * ((each.recovery - each.clock) // DAY))
        for each in every
        if passes_gate(season, each)
    ]
    found: list[Part] = []
    marks = sorted({begin, end, *(at for span in paid for at in span if begin < at < end)})
    for since, until in pairwise(marks):
        if not any(a <= since < b for a, b in paid):
            found += [
                (day, part, (Fraction(0), most[day]), None, since)
                for day, part in days_of(season, since, until)
                if day not in season.fault_days
            ]
    return found


def pay_of_block(
    season: Season, episode: Episode, value: Fraction | None, day: date, *, whole: bool
) -> tuple[Pay, Fraction | None]:
    """The band of a block's value as a day's, by what is owed on the day of which it has a part; a remainder
    may pay nothing or as much as a whole block."""
    share = None if value is None else share_of(season, value, day)
    if share is None:
        return (Fraction(0), highest_of(season, day)), None
    most = share
    if season.policy.get("unmeasured_is_open") and not any(
        episode.request <= at <= episode.whole[1] for at in season.came
    ):
        most = highest_of(season, day)  # nobody came to measure: 100 %, by when is not said
    return ((share if whole else Fraction(0)), most), share


def block_value(season: Season, episode: Episode, begin: datetime) -> Fraction | None:
    """As `day_value`, of a block; acts alone govern it by the local day of its begin."""
    if not season.telemetry and not season.policy.get("gate"):
        return min(governing(season, episode, season.day(begin)), default=None)
    since, to = begin, min(begin + DAY, episode.recovery)
    acts = [act for act in season.acts if episode.clock <= act[0] < episode.recovery]
    inside = [act for act in acts if since <= act[0] < begin + DAY]
    before = [(season.day(at), Fraction(c)) for at, _, c in acts if at < since]
    if not inside and before and not telemetry_stands(season, since, to):
        return min(c for when, c in before if when == before[-1][0])
    others = [room for room in season.rooms if room not in {act[1] for act in inside}]
    means = [lowest_mean(season, room, since, to) for room in others]
    values = [*(Fraction(c) for _, _, c in inside), *(each for each in means if each is not None)]
    return min(values, default=None)


def blocks(season: Season, taken: Mapping[date, Fraction]) -> tuple[list[Line], bool]:
    """Each local day pays the smaller of its two sums; equal shares one after the other are a line."""
    pieces = unknown_settled(season, timeline(season))
    cold, warm = (blocks_of(season, pieces, suppose) for suppose in ("below", "compliant"))
    cold = sorted([*cold, *recurring(season, pieces)], key=lambda each: each[4])
    chosen = smaller(season, cold, warm, taken)
    least = paid_by(season, chosen, taken, 0)
    most, one = paid_by(season, cold, taken, 1), paid_by(season, warm, taken, 0)
    undetermined = False
    for day in most.keys() | one.keys():
        sure = least.get(day, Fraction(0))
        if most.get(day, Fraction(0)) == sure == one.get(day, Fraction(0)):
            continue
        decision = decision_on(season, day)
        if decision is None:
            undetermined = True
        elif decision["outcome"] == "below":
            chosen = [each for each in chosen if each[0] != day]
            chosen += [decided_below(season, decision, each) for each in cold if each[0] == day]
    chosen.sort(key=lambda each: (each[0], each[4]))
    return block_lines(season, chosen, taken), undetermined


def smaller(season: Season, cold: Parts, warm: Parts, taken: Mapping[date, Fraction]) -> list[Part]:
    """Of each day the parts of the sum that pays less at least."""
    zero, one = paid_by(season, cold, taken, 0), paid_by(season, warm, taken, 0)
    chosen = [each for each in cold if zero[each[0]] < one.get(each[0], Fraction(0))]
    days = {day for day, *_ in chosen}
    chosen += [each for each in warm if each[0] not in days and each[0] in zero]
    return sorted(chosen, key=lambda each: (each[0], each[4]))


def decided_below(season: Season, decision: Mapping[str, str], part: Part) -> Part:
    """A part of a day that counts as below: the band of its block, or the decision's.

    By the presumption of the act, which names one band, as that.
    """
    day, inside, pays, known, at = part
    share = as_below(season, day, decision, known)
    if season.policy.get("unmeasured_is_open") and decision.get("basis") == "presumption":
        share = share if decision.get("temperature") else pays[1]
    return day, inside, (min(share, pays[1]), min(share, pays[1])), share, at


def left_of(
    season: Season, parts: Parts, taken: Mapping[date, Fraction], which: int
) -> Iterator[tuple[date, Fraction, Fraction]]:
    """(day, part that is paid, share): a day's parts come to at most what an outage left of it."""
    gone = dict(taken)
    for day, part, pays, *_ in parts:
        paid = min(part, season.part_inside(day) - gone.get(day, Fraction(0)))
        if pays[which] > 0 and paid > 0:
            gone[day] = gone.get(day, Fraction(0)) + paid
            yield day, paid, pays[which]


def paid_by(
    season: Season, parts: Parts, taken: Mapping[date, Fraction], which: int
) -> dict[date, Fraction]:
    found = {day: Fraction(0) for day, *_ in parts}
    for day, part, share in left_of(season, parts, taken, which):
        found[day] += part * share
    return found


def block_lines(season: Season, parts: Parts, taken: Mapping[date, Fraction]) -> list[Line]:
    groups: list[list[tuple[date, Fraction, Fraction]]] = []
    for each in left_of(season, parts, taken, 0):
        last = groups[-1][-1] if groups else None
        near = last is not None and each[0] <= last[0] + timedelta(days=1)
        same = last is not None and season.of_fee(last[0]) == season.of_fee(each[0])
        if last is not None and near and same and last[2] == each[2]:
            groups[-1].append(each)
        else:
            groups.append([each])
    return [
        line_of("temperature", parts_of(own), own[0][2], season.daily_on(own[0][0]))
        for own in groups
    ]


def parts_of(own: Sequence[tuple[date, Fraction, Fraction]]) -> dict[date, Fraction]:
    found: dict[date, Fraction] = {}
    for day, part, _ in own:
        found[day] = found.get(day, Fraction(0)) + part
    return found
