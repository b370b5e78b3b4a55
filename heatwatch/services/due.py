"""By when the refunds of a run are paid, under the policy that was kept with it."""

from sqlalchemy.orm import Session

from analytics.law.deadlines import Deadline
from analytics.law.policy import PolicyFile, of_season
from analytics.ledger import frozen_inputs as inputs
from analytics.ledger.drafts import Drafted
from analytics.ledger.due_days import due_of
from domain.time import Span
from heatwatch.wiring import World
from store.books.ledger import WHAT_IF, SettlementRun
from store.registry.seasons import season_of


def due_day(world: World, run: Drafted) -> Deadline | None:
    """None where its act sets no limit, and of a what-if: nothing is owed under it."""
    if run.state == WHAT_IF:
        return None
    with Session(world.books) as session:
        return due_of(session, session.get_one(SettlementRun, run.run), world.policies)


def policy_of(world: World, run: Drafted) -> PolicyFile:
    """The policy of a run, as it was kept with it and is in its season."""
    with Session(world.books) as session:
        season = season_of(session, run.season)
        try:
            law = inputs.policy(world.books, run.policy_sha256)
        except inputs.Unkept:  # of a run from before, or changed since: `settle verify` says so
            law = of_season(season.policy, world.policies)
        return law.in_season(Span(season.since, season.until), season.zone)
