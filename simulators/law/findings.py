"""Naive twin of `non_compliance`, and seasons for it: minute by minute, in fractions of a degree.

A scenario is in the reference form, with `zone` and `outdoor`. The twin knows nothing of the code it is
held against; all of a scenario's instants are whole minutes.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from simulators.law.counts import Scenario, Season

MINUTE = 60  # [s]
NEW_YORK = "US-NYC-HEAT"
ZONE = "America/New_York"
DAY_LIMIT, NIGHT_LIMIT, OUTSIDE = (Fraction(5 * (f - 32), 9) for f in (68, 62, 55))
SEASON = ("2025-01-08T00:00", "2025-01-15T00:00")
#: At the ends of the heat season, and across both changes of clocks.
OTHERS = (
    ("2025-03-05T00:00", "2025-03-12T00:00"),
    ("2024-09-29T00:00", "2024-10-04T00:00"),
    ("2024-10-31T12:00", "2024-11-05T12:00"),
    ("2025-05-29T00:00", "2025-06-03T00:00"),
)
#: Around the limits, a thousandth to either side.
ROOM = ("20.000", "19.999", "20.001", "16.666", "16.667", "12.000", "22.000", "18.000")
OUTDOOR = ("12.777", "12.778", "3.000", "20.000")
INTERVAL = 30  # of all series [min]

Key = tuple[str, int, date]  # room, 0 by day or 1 by night, the day on which it begins


class Values:
    """Readings and signed records of each room, asked one by one; a record of the same instant stands."""

    def __init__(self, season: Season, scenario: Scenario) -> None:
        hold = min(max(2 * scenario["interval_min"], 30), 180) * MINUTE
        self.rows: list[list[tuple[float, float, Decimal]]] = []
        for room, samples in scenario["rooms"].items():
            told = {season.instant(at): Decimal(value) for at, value in samples}
            told |= {season.instant(at): Decimal(v) for at, r, v in scenario["acts"] if r == room}
            ends = [*sorted(told)[1:], 1e12]
            self.rows.append(
                [
                    (at, min(at + hold, end), told[at])
                    for at, end in zip(sorted(told), ends, strict=False)
                ]
            )
        self.times = [[at for at, _, _ in rows] for rows in self.rows]

    def value(self, room: int, at: float) -> Decimal | None:
        """What is known at an instant `at` [s]."""
        i = bisect_right(self.times[room], at) - 1
        known = i >= 0 and at < self.rows[room][i][1]
        return self.rows[room][i][2] if known else None


def new_york(scenario: Scenario) -> dict[str, Any]:
    """Room by room, each minute: below by day while it is cold outside, or below by night."""
    season = Season(scenario)
    rooms = Values(season, scenario)
    told = scenario.get("outdoor", ())
    outdoor = Values(season, {**scenario, "rooms": {"outdoor": told}, "acts": []})
    faults = [tuple(map(season.instant, each)) for each in scenario.get("user_faults", ())]
    names = list(scenario["rooms"])
    judged = [i for i, rows in enumerate(rooms.rows) if rows]
    below: dict[Key, list[tuple[float, Decimal]]] = {}
    unknown: dict[Key, float] = {}
    for at, number, day in _minutes(season):
        if judged and any(a <= at < b for a, b in faults):
            continue
        outside = outdoor.value(0, at) if number == 0 else None
        if outside is not None and outside >= OUTSIDE:
            continue
        for i in judged or range(len(names)):
            value = rooms.value(i, at)
            if value is not None and value >= (NIGHT_LIMIT if number else DAY_LIMIT):
                continue
            if value is None or (number == 0 and outside is None):
                unknown.setdefault((names[i], number, day), at)
            else:
                below.setdefault((names[i], number, day), []).append((at, value))
    findings = [
        [room, number, _shown(season, found[0][0]), _shown(season, found[-1][0] + MINUTE),
         len(found), str(min(value for _, value in found))]
        for (room, number, _), found in sorted(below.items())
    ]  # fmt: skip
    open_days = sorted({str(season.day_of(at)) for key, at in unknown.items() if key not in below})
    undetermined = bool(open_days)
    return {"total": "0.00", "undetermined": undetermined, "lines": [], "findings": findings}


def _minutes(season: Season) -> Iterator[tuple[float, int, date]]:
    """(instant, 0 by day or 1 by night, the day on which those hours begin) of the heat season."""
    at = season.since
    while at < season.until:
        local = datetime.fromtimestamp(at, season.zone)
        if not 6 <= local.month <= 9:
            number = 0 if 6 <= local.hour < 22 else 1
            yield at, number, local.date() - timedelta(days=int(local.hour < 6))
        at += MINUTE


def _shown(season: Season, at: float) -> str:
    return datetime.fromtimestamp(at, season.zone).isoformat(timespec="minutes")


def random_season(seed: int, ends: tuple[str, str] = SEASON) -> Scenario:
    """Rooms that go from limit to limit, with gaps; the outdoor temperature is that of all seeds."""
    rng = Random(f"{seed} {NEW_YORK}")
    since, until = (datetime.fromisoformat(each) for each in ends)
    rooms = {}
    for name in ("bedroom", "living")[: rng.choice((1, 2, 2))]:
        values = ROOM if rng.random() < 0.7 else ("20.000", "20.001", "22.000")
        begin = since + timedelta(minutes=rng.choice((-60, 0, 0, 7, 1440)))
        rooms[name] = _course(rng, begin, until, values) if rng.random() < 0.9 else []
    acts = {
        (_near(rng, since, until), rng.choice(sorted(rooms))): rng.choice(ROOM)
        for _ in range(rng.choice((0, 0, 1, 3)))
    }
    fault = _near(rng, since, until)
    later = datetime.fromisoformat(fault) + timedelta(minutes=rng.choice((1, 90, 1440)))
    faults = [[fault, _text(later)]] if rng.random() < 0.3 and _told_once(later) else []
    return {
        "id": seed, "policy": NEW_YORK, "season": list(ends), "season_fee": "0.00", "zone": ZONE,
        "interval_min": INTERVAL, "rooms": rooms, "requests": [], "outages": [],
        "acts": [[at, room, value] for (at, room), value in sorted(acts.items())],
        "user_faults": faults, "outdoor_excused_days": [], "area": "70.00",
        "room_area": dict.fromkeys(rooms, "15.50"),
        "outdoor": _course(Random(f"outdoor {ends}"), since, until, OUTDOOR),
    }  # fmt: skip


def _course(
    rng: Random, since: datetime, until: datetime, values: tuple[str, ...]
) -> list[list[str]]:
    """Stretches of one value or of nothing, of the limits' lengths and a little beside."""
    found: list[list[str]] = []
    at = since
    while at < until:
        value, silent = rng.choice(values), rng.random() < 0.15
        for _ in range(rng.choice((1, 1, 2, 3, 8, 16, 40))):
            if not silent and _told_once(at):
                found.append([_text(at), value])
            at += timedelta(minutes=rng.choice((INTERVAL, INTERVAL, INTERVAL, 29, 31, 60, 61)))
    return found


def _near(rng: Random, since: datetime, until: datetime) -> str:
    """A time that clocks tell once, often where a limit begins or ends."""
    while True:
        day = since + timedelta(days=rng.randrange((until - since).days))
        minute = rng.choice((360, 1320, 0, rng.randrange(1440))) + rng.choice((-1, 0, 1))
        at = day.replace(hour=0, minute=0) + timedelta(minutes=minute)
        if _told_once(at):
            return _text(at)


def _told_once(at: datetime) -> bool:
    """Not one that a change of clocks leaves out or tells twice."""
    zone = ZoneInfo(ZONE)
    first, second = (at.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first == second


def _text(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
