"""The lives of a season's requests, for commands, cases, screens and the worker alike."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select

from analytics.law.policy import PolicyFile
from analytics.settlement.request_lives import limit_to_measure, lives_of
from cases.calendar.whose import Whose
from domain.requests import Asked, Life, Lives, lives
from domain.requests import State as RequestState
from domain.time import Span
from heatwatch.services.companies import company_id
from heatwatch.services.season_law import season_law
from heatwatch.services.settling import taken
from heatwatch.wiring import World
from store.books.current import Request
from store.books.registry import Place, Season
from store.evidence.versions import State, Version


def request_lives(
    world: World, season: Season, now: datetime, household: str = "", law: PolicyFile | None = None
) -> Lives:
    """Household place id -> the lives of its requests, from what a settlement as of now would take.

    `household`: of one alone, by code; `law`: in place of the season's policy. Readings up to now
    are flushed, as a settlement does.
    """
    law = law or season_law(world, season)
    flush = world.readings.flush(now).number
    one = select(Place.id).where(Place.code == household)
    homes = one if household else select(Request.household_id)  # of the others there is no life
    snapshot = taken(world, season, law.policy, now, flush, homes)
    if not snapshot.requests.columns[0].size:
        return {}
    return lives_of(snapshot, world.readings.season(snapshot.read_span, flush), law.policy)


def states_at(found: Lives, now: datetime) -> dict[str, int]:
    """How many requests are in which state; states that none is in are left out."""
    counts = Counter(each.at(now).state for own in found.values() for each in own)
    return {state.value: counts[state] for state in RequestState if counts[state]}


def life_of(world: World, company: str, request: Version) -> Life | None:
    """The life of one request of the company's; None where it lies in no season, or has no contract."""
    at = request.at
    with world.books.connect() as link:
        place = link.scalar(select(Place.id).where(Place.code == request.about))
    if at is None or place is None:
        return None
    season = Whose(world.books, company_id(world, company)).season(place, at)
    if season is None:
        return None
    if season.until <= at and request.state is State.WITHDRAWN:
        return None  # else it may claim the refund of one that is over
    if request.state is State.WITHDRAWN and request.ended_at is not None:
        limit = limit_to_measure(season_law(world, season).policy)
        span = Span(season.since, season.until)
        gone = Asked(span, (), withdrawn=[(at, request.ended_at)], limit=limit)
        return lives(gone)[0]
    found = request_lives(world, season, world.now(), request.about)
    return next((e for own in found.values() for e in own if e.request == at), None)
