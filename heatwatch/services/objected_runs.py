"""Whether there is anything to object to: a run with a result of the household, and its correction."""

from sqlalchemy import select

from analytics.ledger.drafts import by_number, runs
from domain.errors import WrongCall
from domain.language import Text, msg, not_known, sentence_of
from heatwatch.wiring import World
from store.books.ledger import SettlementResult
from store.books.registry import Place


def objection_fault(world: World, household: str, run: int, correction: int | None) -> Text | None:
    """Why a household can't object to a run, or why the other can't be its correction; None: it can."""
    try:
        season = by_number(world.books, run).season
    except WrongCall as wrong:
        return sentence_of(wrong)
    if (fault := no_result(world, household, run)) is not None or correction is None:
        return fault
    later = [each.run for each in runs(world.books, season) if each.run > run]
    if correction in later:
        return None
    return not_known(msg("correction of the run"), str(correction), map(str, later))


def no_result(world: World, household: str, run: int) -> Text | None:
    """Why nothing of the run is about the household; None: something is."""
    query = select(SettlementResult.id).join(Place, Place.id == SettlementResult.household_id)
    query = query.where(SettlementResult.run_id == run, Place.code == household)
    with world.books.connect() as link:
        if link.execute(query).first() is not None:
            return None
    return msg("run {run} has no result of household {household}", run=run, household=household)
