"""A household's season for the refund's twin: its facts and the dwelling's timeline.

Slow and obvious, in aware datetimes and Fractions; rows of regulations.md 7.20 are quoted in
the comments. `simulators.law.episodes` says which episodes there are, `simulators.law.refund` what
they pay.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache, wraps
from itertools import groupby, pairwise
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from simulators.law.means import Act, measurements
from simulators.law.policies import POLICIES

P = ParamSpec("P")
T = TypeVar("T")
US = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
HELD = HOUR  # row "held compliance"


class Reading(NamedTuple):
    """A sample of a room; a signed act is one too (row "a signed act")."""

    at: datetime
    celsius: Decimal | Fraction
    is_act: bool = False


class Piece(NamedTuple):
    """A stretch in which the dwelling's state does not change."""

    since: datetime
    until: datetime
    state: str  # below | compliant | unknown; later also "short": unknown, but not for long
    by_act: bool = False  # below by nothing but a signed act


def of_force_majeure(scenario: Mapping[str, Any]) -> list[Sequence[str]]:
    """The outages that are recorded as caused by it."""
    notes = {each["since"]: each.get("cause") for each in scenario.get("outage_notes", ())}
    return [span for span in scenario["outages"] if notes.get(span[0]) == "force_majeure"]


def once(find: Callable[Concatenate["Season", P], T]) -> Callable[Concatenate["Season", P], T]:
    """What is found of a season is kept with it: both bounds, and all episodes of a day, ask for the same."""

    @wraps(find)
    def found(season: "Season", /, *args: P.args, **names: P.kwargs) -> T:
        key = find, args, *names.items()
        if key not in season.found:
            season.found[key] = find(season, *args, **names)
        known: T = season.found[key]
        return known

    return found


class Season:
    """The facts of a scenario, with all times in UTC; it does not change."""

    def __init__(self, scenario: Mapping[str, Any]) -> None:
        self.found: dict[Any, Any] = {}  # of `once`
        self.zone = ZoneInfo(scenario.get("zone", "Asia/Shanghai"))
        self.policy = POLICIES[scenario["policy"]]
        #: (first local day, numbers of the act from then on), by day
        self.amended: Sequence[tuple[date, dict[str, Any]]] = scenario.get("amended", ())
        self.since, self.until = (self.instant(text) for text in scenario["season"])
        #: (first local day, the fee for a whole season, what the contract says from then on), by day
        self.terms: list[tuple[date, Fraction, Mapping[str, Any]]] = [
            (date.min, Fraction(scenario["season_fee"]), scenario.get("contract", {}))
        ]
        for row in sorted(
            scenario.get("contract_changes", ()), key=lambda each: str(each["since"])
        ):
            fee = Fraction(row.get("season_fee", scenario["season_fee"]))
            self.terms.append((date.fromisoformat(row["since"][:10]), fee, row))
        self.area = scenario.get("area", "0")  # where its contract names no other [m2]
        # only a room that is settled alone is ever a kitchen here
        uses = [scenario.get("room_use", {}).get(room) for room in scenario["rooms"]]
        self.kitchen = self.policy.get("kitchens", False) and uses == ["kitchen"]
        self.interval = timedelta(minutes=scenario["interval_min"])
        # row "how long a sample stands": 2 × interval, not under 30 min, not over 3 h
        self.hold = min(max(2 * self.interval, HOUR / 2), 3 * HOUR)
        # row "bridged gap": up to the larger of 60 min and 2 × interval
        self.bridge = max(HOUR, 2 * self.interval)
        # row "what one request serves": a request counts in the season that holds its instant
        asked = sorted(self.instant(text) for text in scenario["requests"])
        self.requests = [each for each in asked if self.since <= each < self.until]
        self.consent = bool(scenario.get("standing_consent"))
        self.refusals = sorted(self.instant(text) for text in scenario.get("refusals", ()))
        excused = of_force_majeure(scenario)
        own = [
            span
            for span in scenario["outages"]
            if not (self.policy.get("force_majeure") and span in excused)
        ]
        self.outages = chained([(self.instant(a), self.instant(b)) for a, b in own])
        self.excused = self.days_touched(excused) if self.policy.get("force_majeure") else set()
        if self.policy.get("outdoor"):  # row "`18c`, outdoor condition": the supplier's defence
            days = scenario.get("outdoor_excused_days", ())
            self.excused |= {date.fromisoformat(each) for each in days}
        self.decisions = scenario.get("decisions", ())
        self.fault_days = self.days_touched(scenario.get("user_faults", ()))
        acts = [act for act in scenario["acts"] if self.may_measure(act[0])]
        self.all_acts: list[Act] = sorted(
            ((self.instant(at), room, Decimal(celsius)) for at, room, celsius in acts),
        )
        came = [at for at in scenario.get("came", [a[0] for a in acts]) if self.may_measure(at)]
        self.came = sorted([*(self.instant(at) for at in came), *self.refusals])
        # row "a user's fault": acts on its days are as if they had not been made
        self.acts: list[Act] = [
            each for each in self.all_acts if self.day(each[0]) not in self.fault_days
        ]
        if "mean_of" in self.policy:  # what counts is their mean
            own = [each for each in self.acts if self.since <= each[0] < self.until]
            self.acts = measurements(own, self.policy["mean_of"], self.zone)
        self.inside = [each for each in self.acts if self.since <= each[0] < self.until]
        # row "a household without telemetry": no sample of a covered room in the season
        self.telemetry = any(
            self.since <= self.instant(at) < self.until
            for rows in scenario["rooms"].values()
            for at, _ in rows
        )
        if not self.telemetry:
            self.hold = HOUR / 2  # an act is a sample of 30 min
        self.rooms = {room: self.with_acts(room, rows) for room, rows in scenario["rooms"].items()}
        self.times = {room: [each.at for each in rows] for room, rows in self.rooms.items()}

    @once
    def rules(self, day: date) -> dict[str, Any]:
        """The act's numbers as they are on a local day."""
        found = dict(self.policy)
        for since, numbers in self.amended:
            found |= numbers if since <= day else {}
        return found

    def may_measure(self, text: str) -> bool:
        """Heilongjiang: a record of hours at which nobody may measure is as if it had not been made."""
        since, until = self.policy.get("nobody_measures", (time.max, time.max))
        return not since <= datetime.fromisoformat(text).time() < until

    def terms_on(self, day: date) -> tuple[date, Fraction, Mapping[str, Any]]:
        """Each local day has the terms that hold at its first instant."""
        return [each for each in self.terms if each[0] <= day][-1]

    def fee_on(self, day: date) -> Fraction:
        """The fee for a whole season, of which the day has a part."""
        return self.terms_on(day)[1]

    def of_fee(self, day: date) -> tuple[Any, ...]:
        """What a day's share is of: its fee, what is not in it, and the heated area that a room is a part of."""
        net, per_room = (self.policy.get(key) for key in ("net_of_basic", "per_room"))
        contract = self.contract_on(day)
        area = Fraction(contract.get("area", self.area)) if per_room else None
        return self.fee_on(day), contract.get("basic_fee") if net else None, area

    def contract_on(self, day: date) -> Mapping[str, Any]:
        return self.terms_on(day)[2]

    def owed_on(self, day: date) -> Decimal:
        """The act's temperature, the contract's where the act lets it agree on one. [Cel]"""
        if self.kitchen:  # Qingdao, art. 31
            return Decimal(10)
        own = self.policy.get("standard", Decimal(18))
        may = self.policy.get("agreed") or self.by_use(day)
        return Decimal(self.contract_on(day).get("agreed", own)) if may else own

    def fails(self, at: datetime, celsius: Decimal | Fraction) -> bool:
        """Whether what was measured is below what was owed then."""
        if len(self.terms) == 1:
            return celsius < self.owed_first
        return celsius < self.owed_on(self.day(at))

    @cached_property
    def owed_first(self) -> Decimal:
        return self.owed_on(date.min)

    def by_use(self, day: date) -> bool:
        """Henan, art. 26: a school, an office or a shop is owed what its contract says."""
        return bool(self.contract_on(day).get("use") and self.policy.get("use_by_contract"))

    def lacks_terms(self, day: date) -> bool:
        """Whether nothing says what the user is owed: the standard of dwellings is not its own."""
        contract = self.contract_on(day)
        whole = "agreed" in contract and "bands" in contract
        return bool(contract.get("use")) and not (whole and self.by_use(day))

    def runs(self, days: Iterable[date], key: Callable[[date], Any]) -> list[list[date]]:
        """Days in order, parted where the key changes, be it on a day that is not among them."""
        number, numbers, before = 0, {}, None
        for day in self.days(self.since, self.until):
            number += before is not None and key(before) != key(day)
            numbers[day], before = number, day
        return [list(own) for _, own in groupby(sorted(days), key=lambda day: numbers[day])]

    def days_touched(self, spans: Sequence[Sequence[str]]) -> set[date]:
        """Local days that a span has an instant of."""
        found: set[date] = set()
        for since, until in spans:
            found |= set(self.days(self.instant(since), self.instant(until)))
        return found

    def instant(self, text: str) -> datetime:
        """A local civil time as UTC."""
        return _instant(text, self.zone)

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        return _midnight(day, self.zone)

    def day_span(self, day: date) -> tuple[datetime, datetime]:
        return self.midnight(day), self.midnight(day + timedelta(days=1))

    @once
    def days(self, since: datetime, until: datetime) -> list[date]:
        """Local days with at least an instant inside [since, until)."""
        found = []
        day = self.day(since)
        while self.midnight(day) < until:
            found.append(day)
            day += timedelta(days=1)
        return found if since < until else []

    def part_inside(self, day: date) -> Fraction:
        """Row "a local day partly outside the season": its part inside, of the whole day."""
        begin, end = self.day_span(day)
        inside = min(end, self.until) - max(begin, self.since)
        return ratio(inside, end - begin)

    @cached_property
    def _season_days(self) -> Fraction:
        return sum((self.part_inside(day) for day in self.days(self.since, self.until)), Fraction())

    def season_days(self) -> Fraction:
        return self._season_days

    def daily_on(self, day: date) -> Fraction:
        """The fee of a day."""
        return self.fee_on(day) / self.season_days()

    def with_acts(self, room: str, rows: Sequence[tuple[str, str]]) -> list[Reading]:
        """A room's samples in order; where an act has the same instant, the act stands."""
        found = {}
        for text, celsius in rows:
            at = self.instant(text)
            found[at] = Reading(at, Decimal(celsius))
        for at, act_room, told in self.acts:
            if act_room == room:
                found[at] = Reading(at, told, is_act=True)
        return [found[at] for at in sorted(found)]

    def known(self, room: str, at: datetime) -> Reading | None:
        """The sample of a room that stands at an instant."""
        rows = self.rooms[room]
        count = bisect_right(self.times[room], at)
        if count and at < rows[count - 1].at + self.hold:
            return rows[count - 1]
        return None

    def around(self, room: str, since: datetime, until: datetime) -> list[Reading]:
        """The samples of a room that may stand at some instant of a span."""
        times = self.times[room]
        return self.rooms[room][bisect_left(times, since - self.hold) : bisect_left(times, until)]


@lru_cache(maxsize=20_000)  # a season's samples, days and their hours: the same again and again
def _instant(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=5_000)
def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def chained(stops: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Supply back for less than an hour does not end a stop (7.9)."""
    joined: list[tuple[datetime, datetime]] = []
    for since, until in sorted(stops):
        if joined and since - joined[-1][1] < HOUR:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        elif since < until:
            joined.append((since, until))
    return joined


def ratio(part: timedelta, whole: timedelta) -> Fraction:
    return Fraction(part // US, whole // US)


# --- the dwelling's timeline ------------------------------------------------------------


def dwelling_state(season: Season, at: datetime) -> tuple[str, bool]:
    """Row "a dwelling with several rooms", and whether only acts say it is below."""
    now = [season.known(room, at) for room in season.rooms]
    cold = [each for each in now if each is not None and season.fails(each.at, each.celsius)]
    if cold:
        return "below", all(each.is_act for each in cold)
    return ("unknown" if None in now or not now else "compliant"), False


def timeline(season: Season) -> list[Piece]:
    """The season in pieces, cut at every sample and where one stops standing."""
    cuts = {season.since, season.until}
    for rows in season.rooms.values():
        for each in rows:
            cuts |= {each.at, each.at + season.hold}
    inside = sorted(at for at in cuts if season.since <= at <= season.until)
    pieces: list[Piece] = []
    for begin, end in pairwise(inside):
        state, by_act = dwelling_state(season, begin)
        pieces.append(Piece(begin, end, state, by_act))
    return pieces


def unknown_settled(season: Season, pieces: Sequence[Piece]) -> list[Piece]:
    """Unknown time as the rows "bridged gap" and "a signed act" read it.

    What is left is "unknown" where it is a longer one and "short" where it is not.
    """
    done = bridged(season, settled_by_acts(pieces))
    told: list[Piece] = []
    for stretch in stretches(done, lambda piece: piece.state == "unknown"):
        short = stretch[0].state == "unknown" and length(stretch) <= season.bridge
        told += [Piece(p.since, p.until, "short") for p in stretch] if short else stretch
    return told


def length(stretch: Sequence[Piece]) -> timedelta:
    return stretch[-1].until - stretch[0].since


def stretches(pieces: Sequence[Piece], inside: Any) -> list[list[Piece]]:
    """Neighbouring pieces for which `inside` holds go together; each other piece alone."""
    found: list[list[Piece]] = []
    for piece in pieces:
        if found and inside(piece) and inside(found[-1][-1]):
            found[-1].append(piece)
        else:
            found.append([piece])
    return found


def all_below(stretch: Sequence[Piece]) -> list[Piece]:
    return [Piece(each.since, each.until, "below") for each in stretch]


def settled_by_acts(pieces: Sequence[Piece]) -> list[Piece]:
    """A failing act inside a longer unknown with below on both sides settles it as below.

    Inside means that nothing is known just before it. An act while a sample still stands, or
    at the instant at which one ends, is a sample like others: a side of what comes after.
    """
    groups: list[list[Piece]] = []
    for stretch in stretches(pieces, lambda piece: piece.by_act):
        unknown = stretch[0].state == "unknown"
        goes_on = groups and groups[-1][0].state == "unknown"
        inside = stretch[0].by_act and groups and groups[-1][-1].state == "unknown"
        if goes_on and (unknown or inside):
            groups[-1] += stretch
        else:
            groups.append(list(stretch))
    done: list[Piece] = []
    for i, group in enumerate(groups):
        acted = group[0].state == "unknown" and any(each.by_act for each in group)
        done += all_below(group) if acted and between_below(groups, i) else group
    return done


def between_below(groups: Sequence[Sequence[Piece]], i: int) -> bool:
    """Whether a stretch has below on both sides."""
    return (
        0 < i < len(groups) - 1
        and groups[i - 1][-1].state == "below"
        and groups[i + 1][0].state == "below"
    )


def bridged(season: Season, pieces: Sequence[Piece]) -> list[Piece]:
    """Row "bridged gap": a short unknown with below on both sides is below."""
    groups = stretches(pieces, lambda piece: piece.state == "unknown")
    done: list[Piece] = []
    for i, group in enumerate(groups):
        bridge = (
            group[0].state == "unknown"
            and length(group) <= season.bridge
            and between_below(groups, i)
        )
        done += all_below(group) if bridge else group
    return done
