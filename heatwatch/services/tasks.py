"""The clocks of the act by themselves: tasks of running seasons are opened once, and closed by facts.

The worker for maintenance calls it; `heatwatch case open` does the same for one season by hand. What is
killed in between is done by the next call, and nothing twice: a task is known by its kind, place and
cause (`store.books.watch.CaseTask`). A template's text opens none until it is confirmed, as it settles nothing.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analytics.law.policy import Policy, of_season
from cases.calendar.seasons import season_of
from cases.kinds.measurement import NAME, close_ended
from cases.tasks import close_by_evidence, open_of_run, open_of_season
from domain.actor import By, program
from domain.time import Span
from domain.tree import PlaceKind
from heatwatch.services.confirming import settles
from heatwatch.services.home_laws import HomeLaws
from heatwatch.services.requests import request_lives
from heatwatch.wiring import World
from store.books.ledger import WHAT_IF, SettlementRun
from store.books.registry import Place, Season
from store.registry.series import registry_version

BY = program("maintenance")
#: Evidence of a season comes in for so long after its end.
AFTERWARDS = timedelta(days=60)
#: Clocks run on without any new fact, too.
LOOK_AGAIN = timedelta(minutes=10)


class SeasonTasks:
    """Opens and closes tasks when something was recorded, and every now and then."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: tuple[int, datetime] | None = None  # version of the registry, when it was

    def when_due(self, now: datetime) -> None:
        """Does it if the registry has changed since it was done, or it was long ago."""
        version = registry_version(self._world.books)
        if self._seen is not None:
            before, at = self._seen
            if before == version and timedelta(0) <= now - at < LOOK_AGAIN:
                return
        open_and_close(self._world, now)
        self._seen = (version, now)


def open_and_close(world: World, now: datetime) -> Counter[str]:
    """The tasks of every season that runs, or ended a short while ago; how many of which were opened
    and closed."""
    counts: Counter[str] = Counter()
    for season in _seasons(world, now):
        counts.update(_of_season(world, season, now))
    return counts


def _seasons(world: World, now: datetime) -> list[Season]:
    query = select(Season).where(Season.since <= now, Season.until > now - AFTERWARDS)
    with Session(world.books) as session:
        found = list(session.scalars(query.order_by(Season.id)))
        session.expunge_all()
    return found


def _of_season(world: World, season: Season, now: datetime) -> Counter[str]:
    by, law = By(BY, now), of_season(season.policy, world.policies)
    policy = law.policy.in_season(Span(season.since, season.until), season.zone)
    span, lives = Span(season.since, season.until), request_lives(world, season, now)
    homes, places = _own(world, season)
    laws = HomeLaws(world, season.company_id)
    laws.named(season, policy)
    counts: Counter[str] = Counter()
    if settles(world, season, law):
        theirs = partial(laws.holds, season)
        counts.update(open_of_season(world.books, span, policy, by, places, lives, theirs))
        counts.update(_of_newest_run(world, season, policy, by))
    closed = Counter(close_by_evidence(world.books, by, season.company_id, laws))
    closed[NAME] += close_ended(world.books, by, homes, lives)
    counts["closed"] += closed.total()
    return counts


def _own(world: World, season: Season) -> tuple[Collection[int] | None, Collection[int] | None]:
    """Place ids of the company's households and of all its places; None: it is alone, all are its own."""
    companies = select(func.count()).where(Place.kind == PlaceKind.COMPANY.value)
    with world.books.connect() as link:
        if (link.scalar(companies) or 0) < 2:
            return None, None
    asked = season_of(world.books, season.code)
    return asked.homes, asked.places


def _of_newest_run(world: World, season: Season, policy: Policy, by: By) -> dict[str, int]:
    """What the newest run left undetermined: the draft opens the same tasks, unless its policy names its
    limits since."""
    run = SettlementRun
    query = select(run.id).where(
        run.season_id == season.id, run.state != WHAT_IF, run.policy == policy.id
    )
    with world.books.connect() as link:
        newest = link.scalar(query.order_by(run.id.desc()).limit(1))
    return {} if newest is None else open_of_run(world.books, newest, policy, by)
