"""Why a household is not in a run: no such one, no contract of the season, or one recorded later."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.facts.without_contract import codes_without, told
from analytics.ledger.drafts import Drafted
from domain.errors import WrongCall
from domain.language import msg
from domain.tree import PlaceKind
from heatwatch.wiring import World
from store.books.registry import Place
from store.registry.seasons import season_of


def not_in_run(world: World, household: str, run: Drafted) -> WrongCall:
    """To be raised, with what to do."""
    homes = select(Place.id).where(Place.code == household, Place.kind == PlaceKind.HOUSEHOLD.value)
    with Session(world.books) as session:
        there = session.scalar(homes) is not None
        season = season_of(session, run.season)
    if not there:
        why = msg("the registry has no such household")
    elif household in codes_without(world.books, season):
        why = told([household], run.season)
    else:
        why = msg(
            "the run was drafted before its contract was recorded, or the household is of another "
            "season; a new draft has it: heatwatch settle draft --season {season}",
            season=run.season,
        )
    return WrongCall(
        msg(
            "household {household!r} is not in run {run} of season {season!r}: {why}",
            household=household, run=run.run, season=run.season, why=why,
        )
    )  # fmt: skip
