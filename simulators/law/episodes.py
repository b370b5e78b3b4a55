"""Requests, visits and episodes for the refund's twin: slow and obvious.

Written from the text alone; rows of regulations.md 7.20 are quoted in the comments.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from simulators.law.means import Act
from simulators.law.season import HELD, Piece, Season, length, once, stretches


@dataclass(frozen=True)
class Standing:
    """A request while it stands."""

    request: datetime
    until: datetime  # the visit that served it, or the season's end


@dataclass(frozen=True)
class Episode:
    """One cold run, or a part of it between days of a user's fault, under one request."""

    clock: datetime  # clock start
    recovery: datetime  # first sample of the held compliance; where none came, the end
    recovered: bool
    request: datetime
    whole: tuple[datetime, datetime]  # with the days of a fault
    presumed_only: bool = False  # nothing shows it below, yet the supplier was late
    silent: bool = False  # nothing shows anything: request and no act at all


def visits(season: Season) -> list[list[Act]]:
    """Row "a visit": the acts of one local day."""
    found: dict[date, list[Act]] = {}
    for act in season.inside:
        found.setdefault(season.day(act[0]), []).append(act)
    return [found[day] for day in sorted(found)]


def room_below(season: Season, room: str, at: datetime) -> bool:
    """Whether a room is known below at an instant, its own act of then included."""
    if not season.telemetry and not season.policy.get("gate"):
        # row "a household without telemetry": below until the room's next act
        own = [act for act in season.inside if act[1] == room and act[0] <= at]
        return bool(own) and season.fails(own[-1][0], own[-1][2])
    now = season.known(room, at)
    return now is not None and season.fails(now.at, now.celsius)


def meets(season: Season, visit: Sequence[Act]) -> bool:
    """Row "a visit": judged at its last act, whatever the order of its rooms."""
    last = {room: season.fails(at, celsius) for at, room, celsius in visit}
    at = visit[-1][0]
    return not any(last.values()) and not any(room_below(season, room, at) for room in season.rooms)


@once
def serving(season: Season) -> list[datetime]:
    """Instants of the visits that serve a request or end an episode."""
    return [visit[-1][0] for visit in visits(season) if meets(season, visit)]


@once
def standing(season: Season, begins: Sequence[datetime]) -> list[Standing]:
    """Row "what one request serves": until a compliant visit at or after it, or the season's end.

    With standing consent there is one at the first sample below of each cold run, `begins`.
    """
    found: list[Standing] = []
    for request in sorted([*season.requests, *(begins if season.consent else ())]):
        if found and request <= found[-1].until:
            continue  # a request while another one stands starts nothing
        served = [at for at in serving(season) if at >= request]
        found.append(Standing(request, min([*served, season.until])))
    return found


def episodes(season: Season, pieces: Sequence[Piece], suppose: str) -> list[Episode]:
    """Row "a user's fault": each episode without the days of the user's faults."""
    # Henan, Luoyang: an act is a sample of 30 min, all other time a longer unknown
    samples = season.telemetry or (season.policy.get("gate") and suppose == "compliant")
    whole = with_telemetry(season, pieces, suppose) if samples else of_acts(season)
    return [part for each in whole for part in cut_by_faults(season, each)]


def cut_by_faults(season: Season, episode: Episode) -> Iterator[Episode]:
    """The part before ends at 0:00 of the fault's first day, the part after begins after it."""
    begin: datetime | None = None
    for day in season.days(episode.clock, episode.recovery):
        midnight = season.midnight(day)
        if day in season.fault_days:
            if begin is not None:
                yield replace(episode, clock=begin, recovery=midnight, recovered=False)
            begin = None
        elif begin is None:
            begin = max(midnight, episode.clock)
    if begin is not None:
        yield replace(episode, clock=begin)


def with_telemetry(season: Season, pieces: Sequence[Piece], suppose: str) -> list[Episode]:
    """Every cold run in which a request stands."""
    found = []
    runs = cold_runs(season, pieces, suppose)
    begins = tuple(first for first, _, _ in runs)
    for first, recovery, recovered in runs:
        for each in standing(season, begins):
            if each.request >= recovery or each.until <= first:
                continue
            clock: datetime | None = max(first, each.request)
            if season.policy.get("clock_at_evidence"):
                clock = first_evidence(season, max(first, each.request))
            if season.policy.get("clock_at_record"):
                since = max(first, each.request)
                clock = first_failing(season, since, recovery)
                passed = any(since <= at <= recovery for at in serving(season))
                if clock is None and suppose == "below" and not passed:
                    clock = since  # nobody measured: what it had shown is open
            if clock is not None and clock < recovery:
                whole = (clock, recovery)
                found.append(Episode(clock, recovery, recovered, each.request, whole))
    return found


def of_acts(season: Season) -> list[Episode]:
    """Row "a household without telemetry": from the request to the visit after which none fails."""
    found: list[Episode] = []
    begins = tuple(at for at, _, celsius in season.inside if season.fails(at, celsius))
    for each in standing(season, begins):
        recovered = each.until < season.until
        if each.until == each.request:
            continue
        silent = not any(at >= each.request for at, _, _ in season.inside)
        if season.policy.get("clock_at_record"):
            found += of_measured(season, each, silent=silent)
            continue
        shown = season.policy.get("gate") or silent or any_failing(season, each)
        whole = (each.request, each.until)  # only acts that pass: but for the presumption nothing
        shows = any_failing(season, each)
        found.append(
            Episode(
                *whole, recovered, each.request, whole,
                presumed_only=not shown, silent=silent and not shows,
            )
        )  # fmt: skip
    return found


def of_measured(season: Season, each: Standing, *, silent: bool) -> Iterator[Episode]:
    """Where a measurement starts the clock: from the first failing act, open where none was made."""
    recovered = each.until < season.until
    clock = first_failing(season, each.request, each.until)
    if clock is None and season.policy.get("gate") and recovered:
        return  # all other time would be a longer unknown, but it was measured
    shown = clock is not None or silent or season.policy.get("gate")
    whole = (clock or each.request, each.until)
    yield Episode(*whole, recovered, each.request, whole, presumed_only=not shown)


def first_failing(season: Season, since: datetime, to: datetime) -> datetime | None:
    """The first act in [since, to) that is below."""
    cold = [
        at for at, _, celsius in season.inside if since <= at < to and season.fails(at, celsius)
    ]
    return min(cold, default=None)


def any_failing(season: Season, each: Standing) -> bool:
    """Whether an act shows a room below at some time of it."""
    inside = (season.fails(at, c) for at, _, c in season.inside if each.request <= at < each.until)
    return any(inside) or any(room_below(season, room, each.request) for room in season.rooms)


def cold_runs(
    season: Season, pieces: Sequence[Piece], suppose: str
) -> list[tuple[datetime, datetime, bool]]:
    """(first below, recovery, recovered) of each run, with longer unknowns taken as `suppose`."""
    runs = []
    start: datetime | None = None
    held = held_compliance(season, pieces)
    met = set(serving(season))
    warm: datetime | None = None  # first sample of known compliance that has not been held yet
    for piece in pieces:
        if start is None:
            # it begins at a sample: what is left of a bridged gap behind a recovery is no begin
            sampled = any(room_below(season, room, piece.since) for room in season.rooms)
            if piece.state == "below" and sampled:
                start, warm = piece.since, None
            continue
        if piece.state == "compliant":
            warm = warm or piece.since
        # Supposed compliance needs no samples; its recovery is where samples stopped standing, or
        # the first sample of the known compliance that runs into it.
        supposed = piece.state == "unknown" and suppose == "compliant"
        if piece.since in held or piece.since in met:
            runs.append((start, piece.since, True))
            start = None
        elif supposed:
            runs.append((start, warm or piece.since, True))
            start = None
        if piece.state != "compliant":
            warm = None
    if start is not None:
        runs.append((start, season.until, False))
    return runs


def held_compliance(season: Season, pieces: Sequence[Piece]) -> set[datetime]:
    """Row "held compliance": the first samples of what is held, also where an act falls into it."""
    together = stretches(pieces, lambda piece: piece.state == "compliant")
    return {
        each[0].since
        for each in together
        if each[0].state == "compliant"
        and length(each) >= HELD
        and two_samples_each(season, each[0].since, each[-1].until)
    }


def two_samples_each(season: Season, since: datetime, until: datetime) -> bool:
    """Row "held compliance": at least 2 samples of each covered room since its first sample."""
    return all(
        bisect_left(times, until) - bisect_left(times, since) >= 2
        for times in season.times.values()
    )


@once
def first_evidence(season: Season, since: datetime) -> datetime | None:
    """Row "Linyi, Qingdao: clock start": first act or sample at or after it that is below."""
    cold = [
        each.at
        for rows in season.rooms.values()
        for each in rows
        if each.at >= since and season.fails(each.at, each.celsius)
    ]
    return min(cold, default=None)


def late_from(season: Season, episode: Episode) -> tuple[date, date | None] | None:
    """Row "presumption against a late supplier": first presumed day, first day no longer so."""
    limit: timedelta | None = season.policy.get("late_supplier")
    if limit is None:
        return None
    if season.policy.get("late_if_shown") and (episode.silent or episode.presumed_only):
        return None  # row "a household without telemetry": only Linyi pays the presumption there
    ends = episode.request + limit
    # the supplier who made acts on days of a fault is not late, nor one who was refused
    came = [at for at in season.came if at >= episode.request]
    if (came and came[0] <= ends) or episode.whole[1] <= ends:
        return None
    return season.day(ends), season.day(came[0]) if came else None
