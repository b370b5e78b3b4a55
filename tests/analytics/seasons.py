"""Random seasons of one household in the reference form, with the edges that acts argue about.

Temperatures sit on and beside band edges, gaps and warm spells are as long as the limits,
and acts and requests fall into gaps, on samples and outside cold time.
"""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from simulators.law.contracts import contract_of
from simulators.law.kinds import with_kinds
from simulators.law.policies import MATRIX
from simulators.law.worlds import SEASONS as WORLDS

MINUTE = timedelta(minutes=1)
SEASONS = {
    "CN-HA-2018": ("2024-11-15T00:00", "2025-03-16T00:00"),
    "CN-HA-LY-2018": ("2024-11-15T00:00", "2025-03-16T00:00"),
    "CN-SD-LINYI-2017": ("2024-11-10T00:00", "2025-03-21T00:00"),
    "CN-SD-WEIFANG-2021": ("2024-11-14T12:00", "2025-03-15T12:00"),
    "CN-SD-TAIAN-2020": ("2024-11-15T00:00", "2025-03-16T00:00"),
    "CN-SD-BINZHOU-2016": ("2024-11-15T00:00", "2025-03-16T00:00"),
    "CN-SD-HEZE-2017": ("2024-11-15T00:00", "2025-03-16T00:00"),
    "CN-SD-QINGDAO-2017": ("2024-11-16T00:00", "2025-04-06T00:00"),
    **{policy: WORLDS[policy] for policy in MATRIX},
}
#: Of policies outside China; their seasons are Henan's.
ZONES = dict.fromkeys(("RU-354", "RU-354-31"), "Europe/Moscow")
#: What the policies before them are drawn from, so that a seed stays what it was.
DRAWN = sorted(set(SEASONS) - set(MATRIX))
COLD = ("17.999", "17.500", "16.000", "15.999", "14.000", "13.999", "12.000")
WARM = ("18.000", "18.500", "20.000")
DAY = 24 * 60


def random_season(seed: int, policy: str | None = None) -> dict[str, Any]:
    """A season of some days of samples under one of the policies with cold days; the seed says all."""
    rng = random.Random(seed)
    policy = policy or rng.choice(DRAWN)
    interval = rng.choice((10, 15, 30, 60, 90))
    since, until = (
        datetime.fromisoformat(text) for text in SEASONS.get(policy, SEASONS["CN-HA-2018"])
    )
    length = rng.randrange(3, 9) * DAY
    last = int((until - since) / MINUTE) - length
    begin = since + MINUTE * rng.choice((-120, 0, rng.randrange(0, last), last + 60, last - 300))
    names = ["bedroom", "living"][: rng.choice((1, 1, 2))]
    course = _course(rng, length, interval)
    rooms = {name: _samples(rng, begin, course, length, interval) for name in names}
    if rng.random() < 0.04:
        rooms = {name: [] for name in names}

    def some(low: int, high: int) -> datetime:
        step = rng.choice((1, 15, 60))
        return begin + MINUTE * (rng.randrange(low, high) // step * step)

    acts = sorted(
        {
            (some(0, length).isoformat(timespec="minutes"), rng.choice(names)): rng.choice(
                (*COLD, *COLD, *WARM)
            )
            for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3)))
        }.items()
    )
    if policy == "CN-SD-BINZHOU-2016":
        acts = [row for each in acts for row in _slots(rng, each)]
    return with_kinds(
        {
            "id": seed,
            "policy": policy,
            "season": [each.isoformat(timespec="minutes") for each in (since, until)],
            "season_fee": rng.choice(("2620.00", "2400.00", "1999.99")),
            "interval_min": interval,
            "rooms": rooms,
            "requests": sorted(
                {
                    some(0, length * 2 // 3).isoformat(timespec="minutes")
                    for _ in range(rng.choice((0, 1, 1, 1, 1, 2, 3)))
                }
            ),
            "acts": [[at, room, celsius] for (at, room), celsius in dict(acts).items()],
            "outages": _outages(rng, begin, length, since),
            "outdoor_excused_days": [],
            "room_area": dict.fromkeys(names, "15.50"),
            "area": "99.90",
        }
        | ({"zone": ZONES[policy]} if policy in ZONES else {})
        | _of_matrix(seed, policy, begin)
    )


def _of_matrix(seed: int, policy: str, begin: datetime) -> dict[str, Any]:
    """A contract, and of acts that pay multiples now and then a long outage."""
    if policy not in MATRIX:
        return {}
    rng = random.Random(f"{seed} contract")
    own = contract_of(rng, policy)
    found: dict[str, Any] = {"contract": own} if own else {}
    if "outage_times" in MATRIX[policy] and rng.random() < 0.5:
        since = begin + MINUTE * rng.randrange(0, DAY)
        until = since + MINUTE * rng.choice((4319, 4320, 4321, 6000))
        found["outages"] = [[each.isoformat(timespec="minutes") for each in (since, until)]]
    return found


def _slots(rng: random.Random, act: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Readings of some days from that of an act on, mostly what makes one measurement (Binzhou)."""
    (at, room), celsius = act
    first = datetime.fromisoformat(at).replace(hour=0, minute=0)
    hours = rng.choice(((6, 21), (8, 18), (9, 15), (5, 14), (10, 22), (8, 12, 20)))
    off = rng.choice(("0.000", "0.000", "0.001", "-0.001", "1.500"))
    found = {}
    for day in range(rng.choice((1, 2, 3, 3, 3, 3, 4, 6))):
        for hour in hours:
            when = first + timedelta(days=day, hours=hour)
            found[when] = str(Decimal(celsius) + Decimal(off) * (day % 2))
    return [((when.isoformat(timespec="minutes"), room), each) for when, each in found.items()]


def _outages(rng: random.Random, begin: datetime, length: int, since: datetime) -> list[list[str]]:
    if rng.random() < 0.6:
        return []
    start = max(begin, since) + MINUTE * rng.randrange(0, length // 2)
    lasts = rng.choice((719, 720, 721, 1439, 1440, 1441, 1800, 3600))
    return [[each.isoformat(timespec="minutes") for each in (start, start + MINUTE * lasts)]]


def _course(rng: random.Random, length: int, interval: int) -> list[tuple[int, bool, str]]:
    """(from minute, known, temperature): mostly cold stretches, warm spells, gaps."""
    found = []
    at = 0
    cold = rng.random() < 0.3
    while at < length:
        kind = rng.random()
        if kind < 0.2:
            found.append((at, False, ""))
            at += rng.choice(
                (interval, 60, 60 + 2 * interval, 75, 120, 180, 300, rng.randrange(30, 900))
            )
            continue
        cold = not cold if kind < 0.75 else cold
        found.append((at, True, rng.choice(COLD if cold else WARM)))
        if cold:
            at += rng.choice((interval, 200, DAY, 2 * DAY, 3 * DAY, rng.randrange(60, 3 * DAY)))
        else:
            at += rng.choice((interval, 45, 60, 75, 90, 120, 300, rng.randrange(60, DAY)))
    return found


def _samples(
    rng: random.Random,
    begin: datetime,
    course: list[tuple[int, bool, str]],
    length: int,
    interval: int,
) -> list[list[str]]:
    """One room's samples along the common course, some lost, some of its own mind."""
    shift = rng.choice((0, 0, 0, 7, interval // 2))
    own = rng.random() < 0.3
    lost = rng.choice((0.0, 0.0, 0.02, 0.2))
    found = []
    k = 0
    for minute in range(shift, length, interval):
        while k + 1 < len(course) and course[k + 1][0] <= minute:
            k += 1
        _, known, celsius = course[k]
        if not known or rng.random() < lost:
            continue
        if own and rng.random() < 0.1:
            celsius = rng.choice((*COLD, *WARM))
        found.append([(begin + MINUTE * minute).isoformat(timespec="minutes"), celsius])
    return found
