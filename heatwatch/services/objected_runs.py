"""Whether there is anything to object to: a run with a result of the household, and its correction."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.ledger.drafts import Drafted, by_number, runs
from analytics.ledger.left_homes import has_left
from domain.errors import WrongCall
from domain.language import Text, msg, not_known, sentence_of
from domain.time import local_day
from heatwatch.wiring import World
from store.books.cells import write
from store.books.ledger import SettlementResult
from store.books.registry import Place, Season
from store.books.run_rows import rows_of
from store.registry.checks import ObjectionRow
from store.registry.seasons import season_of


def objection_fault(world: World, row: ObjectionRow) -> tuple[str, Text] | None:
    """The column that makes an objection impossible, and why; None: it can be."""
    try:
        drafted = by_number(world.books, row.run)
    except WrongCall as wrong:
        return "run", sentence_of(wrong)
    code = drafted.season
    if (fault := no_result(world, row.household, row.run)) is not None:
        return "run", fault
    with Session(world.books) as session:
        season = season_of(session, code)
    if row.at < season.since:
        return "at", _outside(season)
    if row.since is not None and row.since >= season.until:
        return "since", _outside(season)
    if row.until is not None and row.until <= season.since:
        return "until", _outside(season)
    if (fault := before_the_run(world, drafted, row.at)) is not None:
        return "at", fault
    if row.correction is not None:
        fault = no_correction(world, code, row.run, row.correction)
        return None if fault is None else ("correction", fault)
    return None


def before_the_run(world: World, run: Drafted, received: datetime) -> Text | None:
    """Why nobody can have objected to a run then: there was none yet, by the local day; None: it can be."""
    zone = ZoneInfo(world.config.city.zone)
    made = local_day(run.made_at, zone)
    if local_day(received, zone) >= made:
        return None
    day = world.formats.day(made)
    return msg("run {run} was drafted on {day}; allowed: from that day on", run=run.run, day=day)


def no_correction(world: World, season: str, run: int, correction: int) -> Text | None:
    """Why a run is none that corrects another: only a later approved one of the season does; None: it is."""
    later = [each.run for each in runs(world.books, season) if each.run > run and each.approved_at]
    if correction in later:
        return None
    return not_known(msg("correction of the run, approved"), str(correction), map(str, later))


def _outside(season: Season) -> Text:
    first, last = (write(each) for each in (season.since, season.until))
    return msg(
        "lies outside season {season} of the run, {since} to {until}",
        season=season.code, since=first, until=last,
    )  # fmt: skip


def no_result(world: World, household: str, run: int) -> Text | None:
    """Why nothing of the run is about the household; None: something is, or its contract left the season by it."""
    query = select(SettlementResult.id).join(Place, Place.id == SettlementResult.household_id)
    with world.books.connect() as link:
        own = query.where(rows_of(link, run), Place.code == household)
        if link.execute(own).first() is not None:
            return None
    if has_left(world.books, run, household):
        return None
    return msg("run {run} has no result of household {household}", run=run, household=household)
