"""The law of a season for whoever looks at it: its policy's file, or what a run keeps of one that is gone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.law.policy import PolicyFile, of_season
from analytics.law.policy_texts import NoPolicy
from analytics.ledger import frozen_inputs as inputs
from domain.time import Span
from heatwatch.wiring import World
from store.books.ledger import APPROVED, SettlementRun
from store.books.registry import Season


def season_law(world: World, season: Season, first: str = "") -> PolicyFile:
    """The policy that a season names, as it is in it; where its file is gone, as the last run under it kept it.

    Of approved runs before drafts; that with hash `first` before all. WrongCall where no run keeps it, either. To settle, the file
    itself is needed: `analytics.law.policy.of_season`.
    """
    try:
        found = of_season(season.policy, world.policies)
    except NoPolicy:
        kept = _kept(world, season, first)
        if kept is None:
            raise
        found = kept
    return found.in_season(Span(season.since, season.until), season.zone)


def _kept(world: World, season: Season, first: str) -> PolicyFile | None:
    run = SettlementRun
    query = (
        select(run.policy_sha256)
        .where(run.policy == season.policy, run.season_id == season.id)
        .order_by((run.state == APPROVED).desc(), run.id.desc())
    )
    with Session(world.books) as session:
        found = session.scalars(query).all()
    for sha256 in dict.fromkeys(sorted(found, key=lambda each: each != first)):
        try:
            return inputs.policy(world.books, sha256)
        except inputs.Unkept:  # of a run from before, or changed since: `settle verify` says so
            continue
    return None
