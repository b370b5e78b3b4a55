"""The refund of one household's season, slow and obvious: the twin of the settlement kernels.

Written from the text alone (regulations.md, sections 7 and 9; rows of 7.20 are quoted in the
comments) in aware datetimes and Fractions. A scenario is a line of the reference seasons:
policy, season, season_fee, interval_min, rooms, requests, acts, outages. The answer is
`{"total", "undetermined", "lines"}` in the same form as theirs. `simulators.law.season` tells
which episodes there were; here is what they pay.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

from simulators.law import kinds
from simulators.law.blocks import blocks
from simulators.law.decided import decision_on, decisions_of, share_decided
from simulators.law.episodes import Episode, episodes, late_from
from simulators.law.lines import Line, answer, line_of
from simulators.law.metered import Paid, is_metered, lacks_price, taken_of_basic
from simulators.law.outage_decisions import decided, lines_of
from simulators.law.outage_decisions import parts_of as parts_of_span
from simulators.law.payers import each_payer
from simulators.law.policies import FULL, POLICIES
from simulators.law.season import (
    Piece,
    Season,
    timeline,
    unknown_settled,
)
from simulators.law.shares import NOTHING, Pay, day_value, highest_of, paid_from, share_of


def episode_shares(season: Season, episode: Episode) -> dict[date, Pay]:
    """Share of the daily fee for each day of refund."""
    since = paid_from(season, episode)
    if since is None:
        return {}
    days = [day for day in season.days(episode.clock, episode.recovery) if day >= since]
    if episode.recovered and not season.policy.get("recovery_day_counts"):
        # row "days of refund": the day of recovery is not counted
        days = [day for day in days if day != season.day(episode.recovery)]
    presumed = late_from(season, episode)
    if episode.presumed_only and presumed is None:
        return {}
    refused = {season.day(at) for at in season.refusals}
    pays: dict[date, Pay] = {}
    for day in days:
        highest = highest_of(season, day)
        if day in refused and season.policy.get("refusal_is_compliant"):
            pays[day] = NOTHING
        elif presumed and day >= presumed[0] and (presumed[1] is None or day < presumed[1]):
            pays[day] = (highest, highest)
            if season.policy.get("late_band_open"):
                pays[day] = (known_share(season, episode, day), highest)
        elif episode.presumed_only:  # days before the presumed ones are undetermined
            early = presumed is not None and day < presumed[0]
            pays[day] = (Fraction(0), highest) if early else NOTHING
        else:
            value = day_value(season, episode, day)
            share = None if value is None else share_of(season, value, day)
            pays[day] = (Fraction(0), highest) if share is None else (share, share)
    return pays


def known_share(season: Season, episode: Episode, day: date) -> Fraction:
    """What a day pays by what is known of it; 0 where nothing is."""
    value = None if episode.presumed_only else day_value(season, episode, day)
    return Fraction(0) if value is None else share_of(season, value, day)


def excluded(season: Season) -> set[date]:
    """Henan: the first and the last five days of the season (7.7)."""
    days = season.days(season.since, season.until)
    count = season.policy.get("excluded_days", 0)
    return set(days[:count]) | set(days[len(days) - count :]) if count else set()


def bound(season: Season, pieces: Sequence[Piece], suppose: str) -> dict[date, Pay]:
    """Each day of refund with longer unknowns taken as `suppose`."""
    pays: dict[date, Pay] = {}
    closed = excluded(season) | season.excused
    for episode in episodes(season, pieces, suppose):
        for day, (least, most) in episode_shares(season, episode).items():
            if day not in closed:
                # row "what a line is": a day that two episodes share pays the higher, once
                before = pays.get(day, NOTHING)
                pays[day] = (max(before[0], least), max(before[1], most))
    return pays


def bounds(scenario: Mapping[str, Any]) -> tuple[dict[date, Pay], dict[date, Pay]]:
    """Each day of refund with longer unknowns taken as below, and as compliant."""
    season = Season(scenario)
    pieces = unknown_settled(season, timeline(season))
    return bound(season, pieces, "below"), bound(season, pieces, "compliant")


def bounds_by_use(
    season: Season, scenario: Mapping[str, Any]
) -> tuple[dict[date, Pay], dict[date, Pay]]:
    """The same; of days as a dwelling by the rooms that the act names alone (Henan, art. 26)."""
    if not season.policy.get("use_by_contract") or not kinds.of_other_users(scenario):
        return bounds(scenario)
    whole, own = bounds(scenario), bounds(kinds.of_dwellings(scenario))
    used = {day for each in whole for day in each if season.contract_on(day).get("use")}
    first, second = (
        {day: pay for day, pay in own[n].items() if not season.contract_on(day).get("use")}
        | {day: pay for day, pay in whole[n].items() if day in used}
        for n in (0, 1)
    )
    return first, second


# --- outages and lines ------------------------------------------------------------------


def long_enough(season: Season, since: datetime, lasts: timedelta) -> bool:
    """Whether an outage of this length pays; Heze: over 24 h, or all together over 7 days.

    By the numbers in force when it began.
    """
    rules = season.rules(season.day(since))
    if "outage_elsewhere" in rules:
        return bool(lasts >= rules["outage_elsewhere"])
    if "outage_over" not in rules:
        return bool(lasts >= rules["outage_gate"])
    inside = [(max(a, season.since), min(b, season.until)) for a, b in season.outages]
    together = sum((b - a for a, b in inside if a < b), timedelta(0))
    most = rules.get("outages_over")
    return bool(lasts > rules["outage_over"] or (most is not None and together > most))


def outage_parts(season: Season, outage: tuple[datetime, datetime]) -> dict[date, Fraction]:
    """Row "shares of an outage": seconds without heat ÷ seconds of that day."""
    # no supply is owed outside the season, so a stop lasts only inside it
    since, until = max(outage[0], season.since), min(outage[1], season.until)
    if season.policy.get("outage_at_ends") and not reaches_an_end(season, since, until):
        return {}
    long = long_from(season, since, until)
    return {} if long is None else parts_of_span(season, long, until)


def long_from(season: Season, since: datetime, until: datetime) -> datetime | None:
    """From when an outage pays: its begin by the numbers of then, or the first change behind which it is as
    long as the new ones want; None: it is too short."""
    return min(long_begins(season, since, until), default=None)


def long_begins(season: Season, since: datetime, until: datetime) -> list[datetime]:
    """The begin of an outage, and each change inside it, from which on it is as long as the numbers of then want."""
    if season.policy.get("ends_any_length") and reaches_an_end(season, since, until):
        return [since]  # a late start, an early end
    changes = [season.midnight(day) for day, _ in season.amended]
    begins = [since, *(at for at in changes if since < at < until)]
    return [at for at in begins if long_enough(season, at, until - at)]


def times_by_day(season: Season, since: datetime, until: datetime) -> dict[date, Fraction]:
    """How often an outage refunds each of its days: time before a change by the numbers of its begin, time behind
    it by those that refund it more often."""
    found: dict[date, Fraction] = {}
    for begin in long_begins(season, since, until):
        times = season.rules(season.day(begin)).get("outage_times", FULL)
        for day in season.days(begin, until):
            found[day] = max(times, found.get(day, Fraction(0)))
    return found


def reaches_an_end(season: Season, since: datetime, until: datetime) -> bool:
    return since <= season.since or until >= season.until


def is_unseen(season: Season, outage: tuple[datetime, datetime]) -> bool:
    """Whether no clause about such an outage was seen: what it pays is undetermined, however short it was."""
    since = max(outage[0], season.since)
    unseen = season.rules(season.day(since)).get("outage_unseen")
    at_ends = outage[0] <= season.since or outage[1] >= season.until
    return bool(unseen == "any" or (unseen == "inside" and not at_ends))


def basic_part(season: Season, day: date) -> Fraction | None:
    """Weifang, Luoyang: of a metered household's fee an outage refunds the basic part alone; None: unknown."""
    contract, fee = season.contract_on(day), season.fee_on(day)
    if not season.policy.get("outage_of_basic") or not {"basic_fee", "heat_price"} & {*contract}:
        return FULL
    if "basic_fee" not in contract:
        return None if fee else FULL
    return min(Fraction(contract["basic_fee"]) / fee, FULL) if fee else FULL


def temperature_lines(
    season: Season, pays: Mapping[date, Fraction], taken: Mapping[date, Fraction]
) -> list[Line]:
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
            and season.of_fee(last[0]) == season.of_fee(day)
        )
        if joined:
            groups[-1].append((day, left, pays[day]))
        else:
            groups.append([(day, left, pays[day])])
    lines = []
    for group in groups:
        share = group[0][2]
        parts = {day: left * each / share for day, left, each in group}
        lines.append(line_of("temperature", parts, share, season.daily_on(group[0][0])))
    return lines


def temperature(
    season: Season, taken: Mapping[date, Fraction], scenario: Mapping[str, Any]
) -> tuple[list[Line], bool]:
    """Row "longer unknown": each day pays the smaller of the two shares, the rest is open."""
    cold, warm = bounds_by_use(season, scenario)
    pays, undetermined = {}, False
    most = {}
    for day in sorted(set(cold) | set(warm)):
        one, other = cold.get(day, NOTHING), warm.get(day, NOTHING)
        pays[day] = min(one[0], other[0])
        most[day] = one[1]
        sure = one == other and one[0] == one[1]
        if sure or season.part_inside(day) <= taken.get(day, 0):
            continue
        decision = decision_on(season, day)
        if decision is None:
            undetermined = True
        else:
            pays[day] = most[day] = share_decided(season, day, decision, one, other)
    left = [day for day in pays if season.part_inside(day) > taken.get(day, 0)]
    if any(most[day] for day in left if lacks_price(season, day)):
        undetermined = True
    by_heat = [day for day in left if is_metered(season, day)]
    lines: list[Line] = []
    if by_heat:
        paid = Paid(season, scenario, {day: pays[day] for day in by_heat})
        at_most = Paid(season, scenario, {day: most[day] for day in by_heat})
        silent = {d for d in paid.open | at_most.open if decision_on(season, d) is None}
        undetermined = undetermined or bool(silent)
        lines += paid.lines()
        if season.policy.get("of_basic_and_reading"):  # 7.11d: also the basic fee of the days
            known = [day for day in by_heat if "basic_fee" in season.contract_on(day)]
            undetermined |= any(most[day] > 0 for day in by_heat if day not in known)
            alone = Season(with_fees(scenario, basic_alone))
            of_basic = {day: pays[day] for day in known if alone.fee_on(day)}
            lines += temperature_lines(alone, of_basic, taken_of_basic(season, taken))
    by_fee = {
        day: share
        for day, share in pays.items()
        if not is_metered(season, day) and not lacks_price(season, day)
    }
    return [*lines, *temperature_lines(season, by_fee, taken)], undetermined


@each_payer
def settle(scenario: Mapping[str, Any], closed: Set[date]) -> dict[str, Any]:
    """What one who bore the fee is owed for the season; `closed`: days of which nothing is theirs."""
    season = Season(scenario)
    lines: list[Line] = []
    undetermined = False
    taken = {day: season.part_inside(day) for day in closed}
    elsewhere = season.policy.get("outage_elsewhere")
    for outage in season.outages:
        # row "Tai'an": paid by rules that were not seen
        about = outage
        if elsewhere is not None:
            since, until = max(outage[0], season.since), min(outage[1], season.until)
            long = long_from(season, since, until)
            if long is None:
                continue
            about = long, outage[1]
        if elsewhere is not None or is_unseen(season, outage):
            paid, gone, waiting = decided(season, scenario, about, closed)
            lines += paid
            undetermined = undetermined or bool(waiting)
            for day, part in gone.items():
                taken[day] = taken.get(day, Fraction(0)) + part
            continue
        parts = {d: p for d, p in outage_parts(season, outage).items() if d not in closed}
        if parts:
            inside = max(outage[0], season.since), min(outage[1], season.until)
            times = times_by_day(season, *inside)
            basic = {day: basic_part(season, day) for day in parts}
            undetermined = undetermined or None in basic.values()
            of = {day: part for day, part in basic.items() if part is not None}
            known = {day: part for day, part in parts.items() if day in of}
            shares = {day: times[day] * part for day, part in of.items()}
            lines += lines_of(season, "outage", known, shares)
            parts = {day: part * of[day] for day, part in known.items()}
        for day, part in parts.items():
            taken[day] = taken.get(day, Fraction(0)) + part
    for day in season.days(season.since, season.until):
        if season.lacks_terms(day):  # the standard of dwellings is not its user's
            left = season.part_inside(day) > taken.get(day, 0)
            undetermined = undetermined or ((bool(season.requests) or season.consent) and left)
            taken[day] = season.part_inside(day)
    for alone, room in parts_of(scenario):
        paid, is_open = (
            blocks(Season(alone), taken)
            if season.policy.get("block")
            else temperature(Season(alone), taken, alone)
        )
        lines += [each | ({"room": room} if room else {}) for each in paid]
        undetermined = undetermined or is_open
    return answer(lines, undetermined=undetermined)


def parts_of(scenario: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """What is settled alone: the dwelling, or in Qingdao each covered room on its share of the fee."""
    if POLICIES[scenario["policy"]].get("net_of_basic"):
        yield with_fees(scenario, net_of_basic), ""
        return
    if not POLICIES[scenario["policy"]].get("per_room"):
        yield scenario, ""
        return
    every = {}
    for room, rows in scenario["rooms"].items():
        acts = [act for act in scenario["acts"] if act[1] == room]
        of_room = with_fees(
            scenario, partial(part_of_fee, scenario["room_area"][room], scenario["area"])
        )
        every[room] = {**of_room, "rooms": {room: rows}, "acts": acts}
    seasons = {room: Season(alone) for room, alone in every.items()}
    for room, alone in every.items():
        # whoever came to one room in time is not late for the others
        came = [act[0] for act in scenario["acts"]]
        yield {**alone, "came": came, "decisions": decisions_of(seasons, room)}, room


def with_fees(
    scenario: Mapping[str, Any], of: Callable[[Fraction, Mapping[str, Any]], Fraction]
) -> dict[str, Any]:
    """The season, where what counts of each fee is what `of` says of it and its contract."""
    whole = scenario["season_fee"]
    rows = [
        {**row, "season_fee": str(of(Fraction(row.get("season_fee", whole)), row))}
        for row in scenario.get("contract_changes", ())
    ]
    fee = str(of(Fraction(whole), scenario.get("contract", {})))
    return {**scenario, "season_fee": fee, "contract_changes": rows}


def part_of_fee(room: str, whole: str, fee: Fraction, contract: Mapping[str, Any]) -> Fraction:
    """By the heated area that the fee is of then [m2]."""
    return fee * Fraction(room) / Fraction(contract.get("area", whole))


def net_of_basic(fee: Fraction, contract: Mapping[str, Any]) -> Fraction:
    return max(fee - Fraction(contract["basic_fee"]), Fraction(0))


def basic_alone(fee: Fraction, contract: Mapping[str, Any]) -> Fraction:
    return min(Fraction(contract.get("basic_fee", "0")), fee)
