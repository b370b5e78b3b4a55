"""What a recorded decision takes an undetermined day as: a part of the refund's naive twin.

A decision settles the days that its span touches, as far as they are undetermined, and no others
(DESIGN 4a). "Below" without a temperature means no more than that: just below the standard.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from simulators.law.season import Season
from simulators.law.shares import NOTHING, Pay, share_of

THOUSANDTH = Decimal("0.001")  # what temperatures are kept in [K]
Decision = Mapping[str, str]
#: How often a random season has decisions, and how often these are about each room by its name.
OFTEN, BY_ROOM = 0.5, 0.5


def decision_on(season: Season, day: date) -> Decision | None:
    """The one that holds: as below before compliant, and of those the coldest."""
    about = [
        each
        for each in season.decisions
        if day in season.days_touched([(each["since"], each["until"])])
        and is_about(season, each, day)
    ]
    return min(
        about,
        key=lambda each: (
            each["outcome"] != "below", Decimal(each.get("temperature") or "Infinity"),
        ),
        default=None,
    )  # fmt: skip


def is_about(season: Season, decision: Decision, day: date) -> bool:
    """Whether a decision on one room of several says something of the dwelling on a day.

    At some instant the room is known below, or nothing is known of it while no other is known below.
    """
    room = decision.get("room", "")
    if not room or (len(season.rooms) == 1 and room in season.rooms):
        return True
    if room not in season.rooms or decision["outcome"] != "below":
        return False
    begin, end = season.day_span(day)
    since = max(begin, season.instant(decision["since"]))
    until = min(end, season.instant(decision["until"]))
    instants = {since}
    for rows in season.rooms.values():
        instants |= {at for each in rows for at in (each.at, each.at + season.hold)}
    for at in instants:
        if since <= at < until:
            told = {each: season.known(each, at) for each in season.rooms}
            below = {
                each for each, now in told.items() if now and season.fails(now.at, now.celsius)
            }
            if room in below or (told[room] is None and not below):
                return True
    return False


def decisions_of(seasons: Mapping[str, Season], room: str) -> list[Decision]:
    """Those about one of several rooms that are settled alone; `seasons`: each room's.

    "The dwelling is below" says that some room is: this one, on days with an instant of which nothing
    is known of it and all others are known to be at or above the standard.
    """
    own = seasons[room]
    found: list[Decision] = []
    for decision in own.decisions:
        if len(seasons) == 1 or decision.get("room") or decision["outcome"] != "below":
            found.append(decision)
            continue
        for day in sorted(own.days_touched([(decision["since"], decision["until"])])):
            begin, end = own.day_span(day)
            since = max(begin, own.instant(decision["since"]))
            until = min(end, own.instant(decision["until"]))
            instants = {since}
            for name, season in seasons.items():
                instants |= {
                    at for each in season.rooms[name] for at in (each.at, each.at + season.hold)
                }
            if any(alone_unknown(seasons, room, at) for at in instants if since <= at < until):
                local = [f"{at.astimezone(own.zone):%Y-%m-%dT%H:%M}" for at in (since, until)]
                found.append({**decision, "since": local[0], "until": local[1]})
    return found


def alone_unknown(seasons: Mapping[str, Season], room: str, at: datetime) -> bool:
    """Whether nothing is known of a room while all others are known to be warm enough."""
    now = {name: season.known(name, at) for name, season in seasons.items()}
    others = [(name, each) for name, each in now.items() if name != room]
    warm = [
        each is not None and not seasons[name].fails(each.at, each.celsius) for name, each in others
    ]
    return now[room] is None and all(warm)


def as_below(season: Season, day: date, decision: Decision, known: Fraction | None) -> Fraction:
    """The share of what is below: the `known` one, else that of the temperature decided."""
    if known is not None:
        return known
    just_below = season.owed_on(day) - THOUSANDTH
    told = decision.get("temperature")
    return share_of(season, min(just_below, Decimal(told)) if told else just_below, day)


def share_decided(season: Season, day: date, decision: Decision, cold: Pay, warm: Pay) -> Fraction:
    """Of a day with these shares as below and as compliant."""
    if decision["outcome"] != "below":
        return min(cold[0], warm[0])
    known = cold[0] if cold[0] == cold[1] else None
    return NOTHING[0] if cold == NOTHING else max(cold[0], as_below(season, day, decision, known))


def random_decisions(world: Mapping[str, Any]) -> list[dict[str, str]]:
    """One or two from about the first reading on, of an hour to days, some about a room or with a temperature."""
    rng = Random(f"{world['id']} decisions")
    times = sorted(row[0] for found in world["rooms"].values() for row in found)
    at = datetime.fromisoformat(times[0] if times else world["season"][0])
    found = []
    for _ in range(rng.choice((1, 1, 2))):
        at += timedelta(hours=rng.randrange(1, 48))
        until = at + timedelta(hours=rng.choice((1, 24, 60, 200)))
        since, ends = (each.isoformat(timespec="minutes") for each in (at, until))
        made = {
            "since": since, "until": ends, "outcome": rng.choice(("below", "below", "compliant")),
            "basis": "authority", "document": "Decision 12/2025", "clause": "art. 33",
        }  # fmt: skip
        if rng.random() < 0.4:
            made["room"] = rng.choice(list(world["rooms"]))
        if made["outcome"] == "below" and rng.random() < 0.3:
            made["temperature"] = rng.choice(("17", "15.5", "13.999", "18"))
        found.append(made)
        at = until + timedelta(days=1)
    return found


def about_each_room(
    decisions: list[dict[str, str]], world: Mapping[str, Any]
) -> list[dict[str, str]]:
    """The decisions as one on each room by its name: the dwelling's do not say which room is below."""
    return [each | {"room": room} for each in decisions for room in world["rooms"]]


def with_decisions(world: dict[str, Any]) -> dict[str, Any]:
    """The season, as often as not with decisions on what its readings and records leave undetermined."""
    rng = Random(f"{world['id']} decided")
    if rng.random() >= OFTEN:
        return world
    made = random_decisions(world)
    by_room = rng.random() < BY_ROOM
    return {**world, "decisions": about_each_room(made, world) if by_room else made}


def without_decisions(world: dict[str, Any]) -> dict[str, Any]:
    """The season as its readings and records alone tell it: a decision holds only while they leave a day open."""
    return {key: each for key, each in world.items() if key != "decisions"}
