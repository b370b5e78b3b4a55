"""Random seasons aimed at edges: everything happens on, just before or just after something else.

Rooms are drawn first, as stretches of one temperature or of silence whose lengths are the
limits of regulations.md 7.20 (30 min, 60 min, 2 × interval, 3 h, 24 h, 48 h) give or take a
minute. Requests, acts and stops are then placed at the instants this made: samples, ends of
standing, midnights, and whole limits after each other. A scenario is in the reference form
of refund-seasons/FORMAT.md, with `zone` where it is not Shanghai's.
"""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from simulators.law.consents import with_consent
from simulators.law.contracts import OWN_BANDS, fitted, with_use
from simulators.law.kinds import with_kinds
from simulators.law.outdoor import with_cold_days
from simulators.law.policies import MATRIX
from simulators.law.policies import POLICIES as POLICIES_OF_TWIN
from simulators.law.record_hours import with_closed_hours
from simulators.law.record_worlds import with_ends

MINUTE = timedelta(minutes=1)
DAY_MIN = 24 * 60
POLICIES = ("CN-HA-2018", "CN-HA-LY-2018", "CN-SD-LINYI-2017", "CN-SD-WEIFANG-2021")
RUSSIA, COLDEST_RUSSIA = "RU-354", "RU-354-31"
COLD = ("17.999", "17.000", "16.000", "15.999", "15.000", "14.000", "13.999", "13.000")
WARM = ("18.000", "18.001", "21.000")
#: (season, zone): as the acts have them, and one across both changes of clocks.
SEASONS = {
    "CN-HA-2018": ("2024-11-15T00:00", "2025-03-16T00:00"),
    "CN-HA-LY-2018": ("2023-11-15T00:00", "2024-03-16T00:00"),  # a leap winter
    "CN-SD-LINYI-2017": ("2024-11-10T00:00", "2025-03-21T00:00"),
    "CN-SD-WEIFANG-2021": ("2024-11-14T12:00", "2025-03-15T12:00"),
    "CN-SD-TAIAN-2020": ("2024-11-15T00:00", "2025-03-16T00:00"),
    "CN-SD-BINZHOU-2016": ("2024-11-15T00:00", "2025-03-16T00:00"),
    "CN-SD-HEZE-2017": ("2024-11-15T00:00", "2025-03-16T00:00"),
    "CN-SD-QINGDAO-2017": ("2024-11-16T00:00", "2025-04-06T00:00"),
    RUSSIA: ("2024-10-01T00:00", "2025-05-01T00:00"),
    COLDEST_RUSSIA: ("2024-09-15T00:00", "2025-05-15T00:00"),
    "CN-BJ-BF2022-0501": ("2024-11-15T00:00", "2025-03-16T00:00"),
    "CN-TJ-2010": ("2024-11-01T00:00", "2025-04-01T00:00"),
    "CN-SD-YANTAI": ("2024-11-16T00:00", "2025-04-01T00:00"),
    "CN-SN-XIAN-2018": ("2024-11-15T00:00", "2025-03-16T00:00"),
    "CN-HL-2021": ("2024-10-20T00:00", "2025-04-21T00:00"),
    "CN-HL-HARBIN-pre2021": ("2020-10-20T00:00", "2021-04-21T00:00"),
    "CN-NX-2025": ("2025-11-01T00:00", "2026-04-01T00:00"),
    "CN-XJ-URUMQI-2013": ("2024-10-10T00:00", "2025-04-11T00:00"),
    "CN-XJ-URUMQI-2002": ("2024-10-10T00:00", "2025-04-11T00:00"),
}
BERLIN = ("2024-10-20T00:00", "2025-04-06T00:00")
CLOCK_CHANGES = tuple(datetime.fromisoformat(day) for day in ("2024-10-27", "2025-03-30"))


class Draw:
    """One random season while it is being made; times are local and without zone."""

    def __init__(self, seed: int, zone: str, policy: str | None = None) -> None:
        self.rng = random.Random(seed)
        self.zone = zone
        drawn = self.rng.choice(POLICIES)
        self.policy = policy or drawn
        season = (
            SEASONS.get(self.policy, SEASONS["CN-HA-2018"]) if zone == "Asia/Shanghai" else BERLIN
        )
        self.since, self.until = (datetime.fromisoformat(each) for each in season)
        self.interval = self.rng.choice((5, 10, 15, 15, 20, 30, 60, 60, 90, 120))
        self.hold = min(max(2 * self.interval, 30), 180)
        self.bridge = max(60, 2 * self.interval)
        self.instants: list[datetime] = []  # where something happens, for others to meet

    def begin(self) -> datetime:
        """First sample: at an end of the season, at a change of clocks, or anywhere."""
        rng = self.rng
        if self.zone != "Asia/Shanghai":
            return rng.choice(CLOCK_CHANGES) - MINUTE * rng.randrange(0, 3 * DAY_MIN, 15)
        early = self.since + MINUTE * rng.choice((-180, -60, 0, 60, 6 * 60))
        late = self.until - MINUTE * rng.randrange(2 * DAY_MIN, 7 * DAY_MIN, 15)
        days = (self.until - self.since).days
        middle = self.since + timedelta(days=rng.randrange(days - 10), minutes=rng.randrange(1440))
        return rng.choice((early, late, middle, middle))

    def length(self) -> int:
        """Minutes of a stretch: a limit, give or take a little, or something long. [min]"""
        rng = self.rng
        limit = rng.choice(
            (self.interval, 30, 60, self.hold, self.bridge, self.hold + self.bridge, 180, 24 * 60)
        )
        near = limit + rng.choice((-self.interval, -1, 0, 0, 1, self.interval))
        long = rng.choice((6 * 60, 20 * 60, 30 * 60, 47 * 60 + 45, 48 * 60, 49 * 60, 75 * 60))
        return max(1, rng.choice((near, near, long, rng.randrange(30, 60 * 60))))

    def course(self, begin: datetime, end: datetime) -> list[tuple[datetime, str | None]]:
        """(from, temperature or None for silence) of the dwelling."""
        found: list[tuple[datetime, str | None]] = []
        at = begin
        mood = self.rng.choice((COLD, WARM))
        while at < end:
            silent = found and found[-1][1] is not None and self.rng.random() < 0.3
            found.append((at, None if silent else self.rng.choice(mood)))
            if not silent:
                change = self.rng.random()
                mood = (WARM if mood is COLD else COLD) if change < 0.6 else mood
            self.instants.append(at)
            at += MINUTE * self.length()
        return found

    def samples(
        self, begin: datetime, end: datetime, course: list[tuple[datetime, str | None]]
    ) -> list[list[str]]:
        """One room: the dwelling's course, or now and then its own; some samples lost."""
        rng = self.rng
        if rng.random() < 0.05:
            return []
        own = self.course(begin, end) if rng.random() < 0.25 else course
        lost = rng.choice((0.0, 0.0, 0.0, 0.01, 0.1))
        found = []
        at = begin + MINUTE * rng.choice((0, 0, 0, 1, 7, self.interval // 2))
        while at < end:
            value = [each for since, each in own if since <= at][-1] if own[0][0] <= at else None
            if value is not None and rng.random() >= lost and not self.missing(at):
                found.append([text(at), value])
            at += MINUTE * self.interval
        return found

    def missing(self, at: datetime) -> bool:
        """Local times that a change of clocks leaves out or tells twice are not used."""
        zone = ZoneInfo(self.zone)
        first, second = (at.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
        return first != second

    def near(self) -> datetime:
        """An instant at, before or after something: a sample's, an end of standing, a limit."""
        rng = self.rng
        while True:
            at = rng.choice(self.instants) + MINUTE * rng.choice(
                (0, 0, 0, 0, -1, 1, self.interval, -self.interval, self.hold, 60, 1440, 2880)
            )
            if rng.random() < 0.15:
                at = at.replace(hour=0, minute=0)
            if not self.missing(at):
                self.instants.append(at)
                return at

    def acts(self, rooms: list[str]) -> list[list[str]]:
        count = self.rng.choice((0, 0, 0, 1, 1, 2, 3))
        at = {(text(self.near()), self.rng.choice(rooms)) for _ in range(count)}
        values = (*COLD, *COLD, *WARM)
        made = [[when, room, self.rng.choice(values)] for when, room in sorted(at)]
        if self.policy == "CN-SD-BINZHOU-2016":
            return [row for each in made for row in self.slots(*each)]
        return made

    def slots(self, when: str, room: str, celsius: str) -> list[list[str]]:
        """Readings on some days from that of an act on, mostly what makes one measurement."""
        rng, first = self.rng, datetime.fromisoformat(when).replace(hour=0, minute=0)
        minutes = rng.choice(((360, 1260), (359, 1080), (480, 1261), (480, 1080), (480, 720, 1200)))
        found = []
        for day in range(rng.choice((1, 2, 3, 3, 3, 4, 6))):
            for minute in minutes:
                at = first + timedelta(days=day) + MINUTE * minute
                value = str(Decimal(celsius) + Decimal(rng.choice(("0", "0", "0.001", "-0.001"))))
                found.append([text(at), room, value])
        return found

    def faults(self) -> list[list[str]]:
        """Up to two findings, of minutes or days, also to a midnight."""
        found = []
        for _ in range(self.rng.choice((0, 0, 0, 1, 2))):
            at = self.near()
            end = at + MINUTE * self.rng.choice((1, 10, 600, 1440, 3 * 1440))
            if not self.missing(end):
                found.append([text(at), text(end)])
        return found

    def outages(self) -> list[list[str]]:
        """Up to two stops that don't overlap, of the gates' lengths."""
        found: list[list[str]] = []
        at = None
        for _ in range(self.rng.choice((0, 0, 0, 1, 1, 2))):
            at = self.near() if at is None else at + MINUTE * self.rng.choice((60, 61, 900))
            lasts = self.rng.choice((719, 720, 721, 1439, 1440, 1441, 1800, 2880, 4000))
            end = at + MINUTE * lasts
            if self.missing(at) or self.missing(end) or at < self.since:
                break
            found.append([text(at), text(end)])
            at = end
        return found


def text(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def random_world(
    seed: int, zone: str = "Asia/Shanghai", policy: str | None = None
) -> dict[str, Any]:
    """The season of a seed, under a policy that it draws unless one is named."""
    draw = Draw(seed, zone, policy)
    rng = draw.rng
    begin = draw.begin()
    end = begin + MINUTE * rng.randrange(2 * DAY_MIN, 8 * DAY_MIN)
    rooms = ["bedroom", "living", "bedroom2"][: rng.choice((1, 1, 1, 2, 2, 3))]
    course = draw.course(begin, end)
    samples = {room: draw.samples(begin, end, course) for room in rooms}
    requests = {text(draw.near()) for _ in range(rng.choice((0, 1, 1, 1, 2, 3)))}
    acts = draw.acts(rooms)
    while rng.random() < 0.3:
        requests.add(text(draw.near()))
    scenario = {
        "id": seed,
        "policy": draw.policy,
        "season": [text(draw.since), text(draw.until)],
        "season_fee": rng.choice(("2620.00", "2400.00", "1999.99")),
        "interval_min": draw.interval,
        "rooms": samples,
        "requests": sorted(requests),
        "acts": acts,
        "outages": draw.outages(),
        "outdoor_excused_days": [],
    }
    scenario |= more_of(draw, random.Random(f"{seed} {zone} more"), scenario)
    if {"outage_at_ends", "ends_any_length"} & POLICIES_OF_TWIN.get(draw.policy, {}).keys():
        scenario = with_ends(scenario)
    if draw.policy in MATRIX:
        scenario = fitted(random.Random(f"{seed} {draw.policy} contract"), scenario)
    own = random.Random(f"{seed} own bands")
    if POLICIES_OF_TWIN.get(draw.policy, {}).get("contract_first") and own.random() < 0.3:
        scenario = scenario | {"contract": {"bands": own.choice(OWN_BANDS)}}
    scenario = with_cold_days(with_use(with_kinds(with_closed_hours(with_consent(scenario)))))
    return scenario if zone == "Asia/Shanghai" else scenario | {"zone": zone}


def more_of(draw: Draw, rng: random.Random, scenario: dict[str, Any]) -> dict[str, Any]:
    """What the life of a request adds: faults, refusals, more visits, households without telemetry."""
    draw.rng = rng
    acts = {(at, room): celsius for at, room, celsius in scenario["acts"]}
    rooms = list(scenario["rooms"])
    for _ in range(rng.choice((0, 0, 0, 1, 2, 4))):
        acts[text(draw.near()), rng.choice(rooms)] = rng.choice((*COLD, *WARM, *WARM))
    found: dict[str, Any] = {
        "acts": [[at, room, celsius] for (at, room), celsius in sorted(acts.items())],
        "refusals": sorted({text(draw.near()) for _ in range(rng.choice((0, 0, 0, 1, 2)))}),
        "user_faults": draw.faults(),
    }
    found |= {
        "room_area": {room: rng.choice(("12.00", "15.50", "23.33")) for room in rooms},
        "area": rng.choice(("70.00", "99.99", "120.00")),
    }
    if rng.random() < 0.15:
        found["rooms"] = {room: [] for room in rooms}
    return found
