"""The life of a request: what it is at each instant, the same for cases and for settlements.

A request stands until a measurement at or above the standard answers it, it is withdrawn, whoever made
it moves out or its season ends; one made while another stands starts nothing (regulations.md 7.20, "what one request
serves"). Pure: what is known is given, instants are aware.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from domain.language import Text, msg
from domain.time import US, Span


class State(Enum):
    """What a request is at an instant."""

    ASKED = "asked"  # stands, nobody has come, and no limit runs
    VISIT_DUE = "visit_due"  # stands, and somebody must come within the limit
    OVERDUE = "overdue"  # stands, and nobody came within the limit
    MEASURED = "measured"  # somebody came, and it stands all the same
    REFUSED = "refused"  # the household refused the measurement, and it stands
    JOINED = "joined"  # made while another one stood: it starts nothing and moves no limit
    SERVED = "served"
    WITHDRAWN = "withdrawn"
    MOVED_OUT = "moved_out"  # whoever made it lives there no more
    LAPSED = "lapsed"  # its season is over
    CLAIMED = "claimed"  # made after its season, it claims the refund
    CLAIMED_LATE = "claimed_late"  # the same, when the act's limit was over


#: States that nothing follows.
FINAL = frozenset({
    State.JOINED, State.SERVED, State.WITHDRAWN, State.MOVED_OUT, State.LAPSED, State.CLAIMED,
    State.CLAIMED_LATE,
})  # fmt: skip
#: States in which nobody has answered it.
UNANSWERED = frozenset({State.ASKED, State.VISIT_DUE, State.OVERDUE})

STATES = {
    State.ASKED: msg("asked"),
    State.VISIT_DUE: msg("visit due"),
    State.OVERDUE: msg("visit overdue"),
    State.MEASURED: msg("measured, stands"),
    State.REFUSED: msg("refused by the household, stands"),
    State.JOINED: msg("joined to an earlier request"),
    State.SERVED: msg("served"),
    State.WITHDRAWN: msg("withdrawn"),
    State.MOVED_OUT: msg("ended, the household moved out"),
    State.LAPSED: msg("ended with the season"),
    State.CLAIMED: msg("claims the refund"),
    State.CLAIMED_LATE: msg("claims the refund, too late"),
}


class Cold(Enum):
    """Whether a cold spell runs under a request."""

    WAITING = "waiting"  # it is warm
    RUNNING = "running"
    UNKNOWN = "unknown"  # it might


COLD = {
    Cold.WAITING: msg("waiting, it is warm"),
    Cold.RUNNING: msg("a cold spell runs"),
    Cold.UNKNOWN: msg("not known whether it is cold"),
}

NO_LIMIT = msg("nobody has come yet; the act sets no limit")
DUE = msg("nobody has come yet; the limit to measure runs")
LATE = msg("nobody came within the limit to measure")
BELOW = msg("measured below the standard")
OTHER_ROOM = msg("what was measured passed, but a room is below the standard")
NOT_COUNTED = msg("somebody came, but what was measured does not answer it")
REFUSED = msg("the household refused the measurement")
JOINED = msg("another request of the household stands")
SERVED = msg("a measurement at or above the standard answered it")
WITHDRAWN = msg("it was withdrawn")
MOVED_OUT = msg("the household that made it moved out")
LAPSED = msg("the season ended")
IN_TIME = msg("made within the limit to claim the refund of the season that ended")
TOO_LATE = msg("made when the limit to claim the refund of the season was over")


class Visit(NamedTuple):
    """The measurement records of one local day that count, judged at the last of them (7.20)."""

    since: datetime  # begin of the day
    at: datetime  # of its last record
    passed: bool  # the last record of each of its rooms is at or above the standard
    serves: bool  # and no room is known below then


class Run(NamedTuple):
    """A cold spell, or what of it a request claims."""

    request: datetime
    since: datetime
    until: datetime  # with the days of a user's fault inside
    sure: bool  # False: only if what is not known was below


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a household's requests in one season, as its settlement takes it."""

    season: Span
    requests: Sequence[datetime]  # ascending, those inside the season
    visits: Sequence[Visit] = ()  # by time
    came: Sequence[datetime] = ()  # every record and refusal, also those that answer nothing
    refusals: Sequence[datetime] = ()
    withdrawn: Sequence[tuple[datetime, datetime]] = ()  # requests, and when they were withdrawn
    runs: Sequence[Run] | None = None  # None: nobody looked
    limit: timedelta | None = None  # to measure; None: the act sets none
    presumes: bool = False  # whether the act presumes against a supplier who is late
    moved_out: datetime | None = None  # when whoever made them left


class Stage(NamedTuple):
    """A state, since when, and why."""

    state: State
    since: datetime
    reason: Text


class Presumed(NamedTuple):
    """From the end of the limit on it counts as cold, until somebody came."""

    since: datetime
    until: datetime | None  # None: nobody did


@dataclass(frozen=True, slots=True)
class Life:
    """One request from its begin to its end."""

    request: datetime
    stages: tuple[Stage, ...]  # by time, the first begins with the request
    until: datetime  # until when it stands: its last stage is final then
    due: datetime | None  # by when somebody must come; None: no limit runs from it
    came: datetime | None  # first record or refusal since it
    presumed: Presumed | None  # where the supplier is late, as the act says
    runs: tuple[Run, ...] | None = None  # its cold spells; None: nobody looked

    def at(self, now: datetime) -> Stage:
        """Its stage at an instant; the first one before it was made."""
        return next((each for each in reversed(self.stages) if each.since <= now), self.stages[0])

    def next_due(self, now: datetime) -> datetime | None:
        """The limit that runs or has passed without an answer."""
        waits = self.at(now).state in (State.VISIT_DUE, State.OVERDUE)
        return self.due if waits else None

    def stands(self, now: datetime) -> bool:
        """Whether an episode that begins then would be its."""
        return self.request <= now and self.at(now).state not in FINAL

    def cold(self, now: datetime) -> Cold | None:
        """Whether a cold spell ran under it up to an instant; None where it does not stand, or nobody looked."""
        if self.runs is None or not self.stands(now):
            return None
        here = [each.sure for each in self.runs if each.since < now <= each.until]
        if not here:
            return Cold.WAITING
        return Cold.RUNNING if any(here) else Cold.UNKNOWN


#: Household place id -> the lives of its requests, by time.
Lives = dict[int, tuple[Life, ...]]


def lives(asked: Asked) -> list[Life]:
    """The lives of a household's requests, by the time at which they were made."""
    found: list[Life] = [_withdrawn(asked, *each) for each in asked.withdrawn]
    stands_until: datetime | None = None
    for request in asked.requests:
        if stands_until is not None and request <= stands_until:
            found.append(joined(request))
            continue
        one = _standing(asked, request)
        stands_until = one.until
        found.append(one)
    return sorted(found, key=lambda each: each.request)


def of_rooms(alone: Sequence[Life]) -> Life:
    """A request where each room is settled alone: it stands while it stands for one of them.

    `alone`: its life for each room, at least one.
    """
    standing = [each for each in alone if each.stages[0].state is not State.JOINED]
    if not standing:
        return alone[0]
    last = max(standing, key=lambda each: each.until)
    presumed = next((each.presumed for each in standing if each.presumed is not None), None)
    looked = [each.runs for each in standing if each.runs is not None]
    runs = tuple(run for each in looked for run in each) if looked else None
    return replace(last, presumed=presumed, runs=runs)


def claim_of(request: datetime, limit: datetime) -> Life:
    """Of a request made after its season: it claims the refund, in time where it was made before `limit`."""
    last = (
        Stage(State.CLAIMED, request, IN_TIME)
        if request < limit
        else Stage(State.CLAIMED_LATE, request, TOO_LATE)
    )
    return Life(request, (last,), request, None, None, None)


def as_claim(life: Life) -> Life:
    """A request of the season by which the household claims its refund, once it is over."""
    if life.stages[-1].state is not State.LAPSED:
        return life
    return replace(life, stages=(*life.stages[:-1], Stage(State.CLAIMED, life.until, IN_TIME)))


def of_nobody(request: datetime) -> Life:
    """Of a request made when nobody lived there any more, and nobody did yet: it starts nothing."""
    return Life(request, (Stage(State.MOVED_OUT, request, MOVED_OUT),), request, None, None, None)


def joined(request: datetime) -> Life:
    """Of a request made while another one stood, or had claimed the refund."""
    return Life(request, (Stage(State.JOINED, request, JOINED),), request, None, None, None)


def _withdrawn(asked: Asked, request: datetime, at: datetime) -> Life:
    """What it was before is not known any more: others took its place."""
    own = replace(asked, requests=(request,), withdrawn=(), runs=None, presumes=False)
    alive = _standing(own, request)
    before = [each for each in alive.stages if each.since < at and each.state not in FINAL]
    last = Stage(State.WITHDRAWN, max(at, request), WITHDRAWN)
    return replace(alive, stages=(*before, last), until=last.since)


def _standing(asked: Asked, request: datetime) -> Life:
    served = next((v.at for v in asked.visits if v.serves and v.at >= request), None)
    end = _end(asked, served)
    until = end.since
    gone = asked.season.until if asked.moved_out is None else asked.moved_out
    came = next((at for at in asked.came if request <= at and (at < gone or at <= until)), None)
    due = None if asked.limit is None else request + asked.limit
    own = tuple(each for each in asked.runs or () if each.request == request)
    middle = [*_waits(due, request, until, came), *_answers(asked, request, until)]
    stages = tuple(_without_repeats([*middle, end]))
    return Life(
        request,
        stages,
        until,
        due,
        came,
        _presumed(asked, due, came, own),
        None if asked.runs is None else own,
    )


def _end(asked: Asked, served: datetime | None) -> Stage:
    """Whatever comes first: a visit that serves it, its household's moving out, the season's end."""
    gone = asked.moved_out
    if served is not None and (gone is None or served < gone):
        return Stage(State.SERVED, served, SERVED)
    if gone is not None and gone < asked.season.until:
        return Stage(State.MOVED_OUT, gone, MOVED_OUT)
    return Stage(State.LAPSED, asked.season.until, LAPSED)


def _waits(
    due: datetime | None, request: datetime, until: datetime, came: datetime | None
) -> Iterator[Stage]:
    """Until somebody came."""
    if due is None:
        yield Stage(State.ASKED, request, NO_LIMIT)
        return
    yield Stage(State.VISIT_DUE, request, DUE)
    if due < until and (came is None or came > due):
        yield Stage(State.OVERDUE, due + US, LATE)


def _answers(asked: Asked, request: datetime, until: datetime) -> Iterator[Stage]:
    """Who came and did not serve it."""
    refused = set(asked.refusals)
    for at in asked.came:
        if not request <= at < until:
            continue
        visit = next((each for each in asked.visits if each.since <= at <= each.at), None)
        if visit is not None and visit.serves and visit.at == until:
            continue  # what serves it is being made
        if visit is None and at in refused:
            yield Stage(State.REFUSED, at, REFUSED)
        elif visit is None:
            yield Stage(State.MEASURED, at, NOT_COUNTED)
        else:
            yield Stage(State.MEASURED, at, OTHER_ROOM if visit.passed else BELOW)


def _presumed(
    asked: Asked, due: datetime | None, came: datetime | None, runs: Sequence[Run]
) -> Presumed | None:
    """Row "presumption against a late supplier": nobody came in time, and a spell lasted longer."""
    if not asked.presumes or due is None or (came is not None and came <= due):
        return None
    if asked.moved_out is not None and asked.moved_out <= due:
        return None
    return Presumed(due, came) if any(each.until > due for each in runs) else None


def _without_repeats(stages: Sequence[Stage]) -> Iterator[Stage]:
    last: Stage | None = None
    for each in stages:
        if last is None or (each.state, each.reason) != (last.state, last.reason):
            yield each
            last = each
