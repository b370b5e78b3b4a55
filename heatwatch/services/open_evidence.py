"""All that stands open of a season: in its evidence, and sums that wait for a claim or a decision."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.facts.outstanding import Outstanding, What, by_stake, outstanding
from analytics.law.open_outages import waiting_outages
from analytics.law.policy import PolicyFile
from analytics.law.room_limits import rooms_looked_at
from analytics.ledger.beside import seasons_beside
from analytics.ledger.paying import any_batch
from analytics.settlement.unclaimed import unclaimed
from analytics.settlement.unrepeated import pays_until_measured, unrepeated
from domain.errors import WrongCall
from domain.requests import Life
from domain.time import Span
from heatwatch.services.paying import payments_of
from heatwatch.services.season_law import season_law
from heatwatch.services.settling import taken
from heatwatch.wiring import World
from store.books.ledger import LedgerEntry
from store.books.registry import Season


def open_evidence(
    world: World,
    season: Season,
    now: datetime,
    lives: Mapping[int, Sequence[Life]],
    law: PolicyFile | None = None,
) -> list[Outstanding]:
    """What puts most at stake first; `lives` as `analytics.facts.outstanding` takes them.

    `law`: in place of the season's policy.
    """
    law = (law or season_law(world, season)).in_season(
        Span(season.since, season.until), season.zone
    )
    uses = rooms_looked_at(law.policy.standard)
    waits = waiting_outages(law.policy, Span(season.since, season.until), ZoneInfo(season.zone))
    found = outstanding(world.books, season, now, lives, uses, waits)
    later = (
        _held(world, season),
        _unclaimed(world, season, now, law),
        _unmeasured(world, season, now, law),
    )
    return by_stake([*found, *chain(*later)])


def _unmeasured(
    world: World, season: Season, now: datetime, law: PolicyFile
) -> Iterator[Outstanding]:
    """Failing records that pay until somebody measures again."""
    if now <= season.since or not pays_until_measured(law.policy):
        return
    flush = world.readings.flush(now).number
    snapshot = taken(world, season, law.policy, now, flush)
    for each in unrepeated(snapshot, world.readings.season(snapshot.read_span, flush), law):
        yield Outstanding(
            What.MEASUREMENT, each.household, each.since, None, 1, each.at_stake, each.currency,
            rooms=each.rooms, by_room=each.by_room,
        )  # fmt: skip


def _unclaimed(
    world: World, season: Season, now: datetime, law: PolicyFile
) -> Iterator[Outstanding]:
    """Refunds that the act pays on a claim, and whose claim is not on record."""
    settle = law.policy.settle
    if settle is None or settle.claim_months is None or now <= season.since:
        return
    flush = world.readings.flush(now).number
    snapshot = taken(world, season, law.policy, now, flush)
    for each in unclaimed(snapshot, world.readings.season(snapshot.read_span, flush), law):
        yield Outstanding(
            What.CLAIM, each.household, each.since, None, 1, each.at_stake, each.currency, each.due
        )


def _held(world: World, season: Season) -> Iterator[Outstanding]:
    """Sums that are not exported, since their days were paid to somebody else, or in another season."""
    with Session(world.books) as session:
        others = seasons_beside(session, season.company_id).get(season.id, {})
        if not any_batch(session, season.id, *others):
            return
    try:
        of, payments = payments_of(world, season.code)
    except WrongCall:  # `settle verify` says at which entry
        return
    for each in payments.payees.held(of):
        standing = payments.payees.standing[of, each.payee.household]
        with Session(world.books) as session:
            query = select(LedgerEntry.made_at).where(LedgerEntry.hash == standing.entry)
            since = session.scalars(query).one()
        yield Outstanding(What.PAYEE, standing.code, since, None, 1, each.amount, standing.currency)
