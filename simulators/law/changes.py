"""The same season with more against the supplier: what no text may pay less for, one change each.

A change is given a season in the reference form (never changed itself) and a random generator; it
answers with the changed season, or None where the season has nothing that it could change.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from simulators.law.kinds import more_than_general

Scenario = dict[str, Any]
Change = Callable[[Scenario, Random], Scenario | None]
MINUTE = timedelta(minutes=1)
STEPS = tuple(Decimal(each) for each in ("0.001", "0.5", "1", "2", "4"))  # how much colder [K]
NEAR = (0, 0, 0, -1, 1, -60, 60, 1440, -1440)  # [min] beside something that is there
STANDARD = Decimal(18)  # of all that these seasons are drawn for [Cel]


def text(at: datetime) -> str:
    """A local time as seasons write it."""
    return at.isoformat(timespec="minutes")


def standing(scenario: Scenario) -> timedelta:
    """How long a sample stands at most (7.20)."""
    minutes: int = min(max(2 * scenario["interval_min"], 30), 180)
    return MINUTE * minutes


def _colder(rows: list[list[str]], by: Decimal) -> list[list[str]]:
    return [[*row[:-1], str(Decimal(row[-1]) - by)] for row in rows]


def everything_colder(scenario: Scenario, rng: Random) -> Scenario | None:
    """All readings and records."""
    by = rng.choice(STEPS)
    rooms = {room: _colder(rows, by) for room, rows in scenario["rooms"].items()}
    return {**scenario, "rooms": rooms, "acts": _colder(scenario["acts"], by)}


def readings_colder(scenario: Scenario, rng: Random) -> Scenario | None:
    """All readings, and no record."""
    by = rng.choice(STEPS)
    rooms = {room: _colder(rows, by) for room, rows in scenario["rooms"].items()}
    return {**scenario, "rooms": rooms} if any(rooms.values()) else None


def records_colder(scenario: Scenario, rng: Random) -> Scenario | None:
    """All records, or one."""
    acts = scenario["acts"]
    if not acts:
        return None
    by, chosen = rng.choice(STEPS), rng.randrange(len(acts)) if rng.random() < 0.5 else None
    changed = [
        row if chosen not in {None, i} else _colder([row], by)[0] for i, row in enumerate(acts)
    ]
    return {**scenario, "acts": changed}


def room_colder(scenario: Scenario, rng: Random) -> Scenario | None:
    """One room, with its records."""
    by, chosen = rng.choice(STEPS), rng.choice(sorted(scenario["rooms"]))
    rows = {chosen: _colder(scenario["rooms"][chosen], by)}
    acts = [_colder([each], by)[0] if each[1] == chosen else each for each in scenario["acts"]]
    return {**scenario, "rooms": scenario["rooms"] | rows, "acts": acts}


def stretch_colder(scenario: Scenario, rng: Random) -> Scenario | None:
    """Some readings of a room, one after the other; often one alone."""
    room = rng.choice(sorted(scenario["rooms"]))
    rows = scenario["rooms"][room]
    if not rows:
        return None
    first, count = rng.randrange(len(rows)), rng.choice((1, 1, 1, 2, 4, 8, 20, 50, 200))
    cold = _colder(rows[first : first + count], rng.choice(STEPS))
    changed = [*rows[:first], *cold, *rows[first + count :]]
    return {**scenario, "rooms": scenario["rooms"] | {room: changed}}


def reading_between(scenario: Scenario, rng: Random) -> Scenario | None:
    """A reading more of what is known at its instant anyway."""
    room = rng.choice(sorted(scenario["rooms"]))
    rows = scenario["rooms"][room]
    if len(rows) < 2:
        return None
    i = rng.randrange(len(rows) - 1)
    at, after = (datetime.fromisoformat(rows[k][0]) for k in (i, i + 1))
    known = int((min(after, at + standing(scenario)) - at) / MINUTE)
    among = [
        each
        for each in scenario["acts"]
        if each[1] == room and rows[i][0] <= each[0] <= text(after)
    ]
    if known < 2 or among:
        return None
    more = [text(at + MINUTE * rng.randrange(1, known)), rows[i][1]]
    changed = [*rows[: i + 1], more, *rows[i + 1 :]]
    return {**scenario, "rooms": scenario["rooms"] | {room: changed}}


def meter_reading_between(scenario: Scenario, rng: Random) -> Scenario | None:
    """A reading more of a heat meter, where it counted as heat meters do: what it stood at in between."""
    rows = scenario.get("meter") or []
    told = [(datetime.fromisoformat(at), Decimal(kwh)) for at, kwh in rows]
    whole = [
        i for i in range(1, len(told) - 2)
        if all(_counts(told[k], told[k + 1]) for k in (i - 1, i, i + 1))
        and told[i + 1][0] - told[i][0] >= 2 * MINUTE
    ]  # fmt: skip
    if not whole:
        return None
    i = rng.choice(whole)
    (at, before), (until, after) = told[i : i + 2]
    minutes = int((until - at) / MINUTE)
    some = rng.randrange(1, minutes)
    kwh = (before + (after - before) * some / minutes).quantize(Decimal("0.001"))
    changed = [*rows[: i + 1], [text(at + MINUTE * some), str(kwh)], *rows[i + 1 :]]
    return {**scenario, "meter": changed}


def _counts(one: tuple[datetime, Decimal], other: tuple[datetime, Decimal]) -> bool:
    """Whether a register rises, by at most what a dwelling draws."""
    hours = Decimal(int((other[0] - one[0]) / MINUTE)) / 60
    return 0 <= other[1] - one[1] <= 50 * hours + 9


def cold_reading_in_a_gap(scenario: Scenario, rng: Random) -> Scenario | None:
    """A cold reading where nothing is known of its room."""
    room = rng.choice(sorted(scenario["rooms"]))
    rows, stands = scenario["rooms"][room], standing(scenario)
    times = [datetime.fromisoformat(at) for at, _ in rows]
    ends = [
        at + stands
        for i, at in enumerate(times)
        if i + 1 == len(times) or times[i + 1] - at > stands
    ]
    if not ends:
        return None
    at = rng.choice(ends) + MINUTE * rng.choice((0, 1, 15, 30, 60, 120, 300, 600))
    if any(each <= at < each + stands for each in times):
        return None
    least = standard_of(scenario, room) - 1
    celsius = str(min(_values(scenario, room), default=least))
    changed = sorted([*rows, [text(at), celsius]])
    return {**scenario, "rooms": scenario["rooms"] | {room: changed}}


def gap_filled_cold(scenario: Scenario, rng: Random) -> Scenario | None:
    """Readings throughout a gap that begins cold, as cold as the colder side and the records in it."""
    room = rng.choice(sorted(scenario["rooms"]))
    rows, step = scenario["rooms"][room], MINUTE * scenario["interval_min"]
    times = [datetime.fromisoformat(at) for at, _ in rows]
    gaps = [
        i for i in range(len(rows) - 1)
        if times[i + 1] - times[i] > standing(scenario)
        and Decimal(rows[i][1]) < standard_of(scenario, room)
    ]  # fmt: skip
    if not gaps:
        return None
    i = rng.choice(gaps)
    inside = [
        each[2]
        for each in scenario["acts"]
        if each[1] == room and rows[i][0] <= each[0] <= rows[i + 1][0]
    ]
    celsius = str(min(map(Decimal, (rows[i][1], rows[i + 1][1], *inside))))
    count = int((times[i + 1] - times[i] - MINUTE) / step)
    filled = [[text(times[i] + step * k), celsius] for k in range(1, count + 1)]
    changed = [*rows[: i + 1], *filled, *rows[i + 1 :]]
    return {**scenario, "rooms": scenario["rooms"] | {room: changed}}


def failing_record(scenario: Scenario, rng: Random) -> Scenario | None:
    """A signed record more, below the standard; often colder than all else that is known."""
    at = near(scenario, rng)
    room = rng.choice(sorted(scenario["rooms"]))
    if at is None or any(each[:2] == [text(at), room] for each in scenario["acts"]):
        return None
    coldest = min(_values(scenario), default=Decimal(17))
    less = STANDARD - standard_of(scenario, room)
    told = rng.choice((coldest, Decimal("17.999") - less, Decimal("15.000") - less))
    celsius = str(min(told, Decimal("17.999") - less))
    return {**scenario, "acts": sorted([*scenario["acts"], [text(at), room, celsius]])}


def longer_outage(scenario: Scenario, rng: Random) -> Scenario | None:
    """An outage begins earlier, or ends later."""
    outages = deepcopy(scenario["outages"])
    noted = {each["since"] for each in scenario.get("outage_notes", ())}
    plain = [each for each in outages if each[0] not in noted]  # the others may excuse
    if not plain:
        return None
    chosen = rng.choice(plain)
    by = MINUTE * rng.choice((1, 60, 600, 3000))
    side = rng.choice((0, 1))
    chosen[side] = text(datetime.fromisoformat(chosen[side]) + by * (1 if side else -1))
    return {**scenario, "outages": outages}


def outage_more(scenario: Scenario, rng: Random) -> Scenario | None:
    """An outage more."""
    at = near(scenario, rng)
    if at is None or text(at) in {each["since"] for each in scenario.get("outage_notes", ())}:
        return None
    lasts = MINUTE * rng.choice((60, 719, 720, 1440, 1441, 3000, 5000, 11_000))
    return {**scenario, "outages": sorted([*scenario["outages"], [text(at), text(at + lasts)]])}


def request_more(scenario: Scenario, rng: Random) -> Scenario | None:
    """A request more, at or beside something that happens."""
    at = near(scenario, rng)
    if at is None or text(at) in scenario["requests"]:
        return None
    return {**scenario, "requests": sorted([*scenario["requests"], text(at)])}


def consent(scenario: Scenario, _rng: Random) -> Scenario | None:
    """Standing consent to requests that are made for the household."""
    return {**scenario, "standing_consent": True}


def refusal_less(scenario: Scenario, rng: Random) -> Scenario | None:
    """A refusal of a measurement less: who lets the crew in is never paid less."""
    refusals = list(scenario.get("refusals", ()))
    if not refusals:
        return None
    refusals.remove(rng.choice(refusals))
    return {**scenario, "refusals": refusals}


def near(scenario: Scenario, rng: Random) -> datetime | None:
    """An instant at or beside a reading, a record, a request, an outage; None: there is nothing."""
    there = [at for rows in scenario["rooms"].values() for at, _ in rows]
    there += [each[0] for each in scenario["acts"]] + scenario["requests"]
    there += [at for each in scenario["outages"] for at in each]
    if not there:
        return None
    return datetime.fromisoformat(rng.choice(there)) + MINUTE * rng.choice(NEAR)


def _values(scenario: Scenario, room: str | None = None) -> list[Decimal]:
    """All temperatures below the standard of a room, or of all."""
    rooms = scenario["rooms"] if room is None else {room: scenario["rooms"][room]}
    told = [(where, value) for where, rows in rooms.items() for _, value in rows]
    told += [(where, value) for _, where, value in scenario["acts"] if room in {None, where}]
    every = [(standard_of(scenario, where), Decimal(value)) for where, value in told]
    return [value for standard, value in every if value < standard]


def standard_of(scenario: Scenario, room: str) -> Decimal:
    """What a room is owed, at least, also where the contract agrees on less. [Cel]"""
    contracts = (scenario.get("contract", {}), *scenario.get("contract_changes", ()))
    agreed = [Decimal(each["agreed"]) for each in contracts if each.get("agreed")]
    return min([STANDARD, *agreed]) + min(more_than_general(scenario, room), Decimal(0))


#: Property -> its changes. A season that one of them made is never paid less than it was before.
PROPERTIES: Mapping[str, tuple[Change, ...]] = {
    "colder": (everything_colder, readings_colder, records_colder, room_colder, stretch_colder),
    "more_evidence": (
        reading_between, cold_reading_in_a_gap, gap_filled_cold, failing_record, longer_outage,
        outage_more,
    ),
    "meter": (meter_reading_between,),
    "request": (request_more, consent, refusal_less),
}  # fmt: skip


#: The one list whose order says something: from when to when.
ORDERED = "season"


def shuffled(scenario: Scenario, rng: Random) -> Scenario:
    """The same facts in another order."""
    found = deepcopy(scenario)
    names = list(found["rooms"])
    rng.shuffle(names)
    found["rooms"] = {name: found["rooms"][name] for name in names}
    lists = [rows for key, rows in found.items() if isinstance(rows, list) and key != ORDERED]
    for rows in (*found["rooms"].values(), *lists):
        rng.shuffle(rows)
    return found
