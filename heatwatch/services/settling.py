"""Puts books, readings and policies together for a settlement; commands and the demo call it."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Select
from sqlalchemy.orm import Session

from analytics.facts.areas import with_areas
from analytics.facts.from_books import take
from analytics.facts.held_facts import are_held
from analytics.facts.room_kinds_in_books import with_room_kinds
from analytics.facts.snapshot import Snapshot
from analytics.facts.strays import refuse_strays
from analytics.heat.open_records import open_records
from analytics.heat.outage_reconciliation import records_of
from analytics.law.claim_limits import asked_until
from analytics.law.policy import Chosen, Policy, PolicyFile, choose, load, of_season
from analytics.law.room_limits import rooms_looked_at
from analytics.ledger import drafts, recheck
from analytics.ledger.changed_policies import refuse_changed
from analytics.settlement.results import Settlement
from analytics.settlement.rules import VERSION
from analytics.settlement.settle import Progress, settle
from cases.tasks import open_with_run
from domain.actor import Actor, By
from domain.errors import WrongCall
from domain.language import msg
from domain.time import Span, from_us, to_us
from domain.tree import PlaceKind
from heatwatch.services.confirming import confirmed, with_confirmation
from heatwatch.services.on_dask import settle_on
from heatwatch.services.steady import steady
from heatwatch.wiring import World
from store.books.ledger import DRAFT, WHAT_IF
from store.books.registry import Season
from store.registry.seasons import season_of
from store.registry.series import tree


class Draft(NamedTuple):
    """A settlement as it was kept."""

    run: int
    what_if: bool  # under another policy than the season's own
    settlement: Settlement


class Frozen(NamedTuple):
    """What a settlement takes, as it stood when it was begun."""

    law: Chosen
    snapshot: Snapshot
    flush: int
    now: datetime
    last_change: int  # of the company's registry, which the snapshot has whole


class Taken(NamedTuple):
    """What a run took of the registry."""

    run: drafts.Drafted
    snapshot: Snapshot


def frozen(world: World, season: str, policy: str = "", before: Taken | None = None) -> Frozen:
    """Season, policy, registry and readings of now; WrongCall as `draft` says.

    What a run took `before` is taken over where taking it anew would come to the same.
    """
    now = world.now()
    chosen, _ = _chosen(world, season, policy)  # refused before anything is written
    with world.books.connect() as link:
        refuse_strays(link, chosen)
    flush = world.readings.flush(now).number

    def take() -> tuple[Chosen, Snapshot]:
        chosen, law = _chosen(world, season, policy)  # a season's end and policy are facts as well
        if before is not None and _holds(world, chosen, law.file, before, now):
            facts = before.snapshot.as_of(to_us(now))
        else:
            facts = taken(world, chosen, law.file.policy, now, flush)
        return law, confirmed(world, chosen, law.file, facts, what_if=law.what_if)

    (law, facts), seen = steady(world, chosen.company_id, take)
    return Frozen(law, facts, flush, now, seen)


def _chosen(world: World, season: str, policy: str) -> tuple[Season, Chosen]:
    with Session(world.books) as session:
        chosen = season_of(session, season)
    law = choose(chosen.policy, policy, world.policies)
    if law.of_folder:
        refuse_changed(world.books, law.file)
    return chosen, law


def _holds(world: World, season: Season, policy: PolicyFile, before: Taken, now: datetime) -> bool:
    """Whether a run took what would be taken now: under the same text and rules, of the same facts."""
    run, own = before.run, before.snapshot.season
    if (run.policy_sha256, run.rules) != (policy.sha256, VERSION) or run.last_change is None:
        return False
    with world.books.connect() as link:
        span = Span(season.since, season.until)
        asks = asked_until(span, policy.policy.in_season(span, season.zone))
        return are_held(link, season, from_us(own.as_of_us), run.last_change, now, asks)


def draft(
    world: World, season: str, actor: Actor, policy: str = "", progress: Progress | None = None,
    dask: str = "",
) -> Draft:  # fmt: skip
    """Settles the season and keeps it as the actor's draft; `dask`: on the workers of this scheduler.

    What a draft leaves undetermined opens tasks, as the kinds of case say; a what-if opens none. WrongCall where
    a policy of the folder was changed after a run was approved under its id, and where the policy is
    a template whose text nobody has confirmed for the company.
    """
    law, snapshot, flush, now, seen = frozen(world, season, policy)
    if dask:
        lake = world.readings.lake
        settlement = settle_on(dask, snapshot, law.file, lake, flush=flush, progress=progress)
    else:
        columns_of = world.readings.season(snapshot.read_span, flush)
        settlement = settle(
            snapshot, columns_of, law.file, flush=flush, progress=progress, write_steps=True
        )
    by = By(actor, now)
    state = WHAT_IF if law.what_if else DRAFT
    tasks = with_tasks(law.file.policy, by)
    run = drafts.save(world.books, settlement, by, state, tasks, last_change=seen)
    return Draft(run, law.what_if, settlement)


def with_tasks(policy: Policy, by: By) -> drafts.WithRun:
    """What a run leaves undetermined opens its tasks in the transaction that keeps the run, or neither is kept."""
    return lambda connection, run: open_with_run(connection, run, policy, by)


def compute(
    world: World, season: str, policy: str = "", household: str = "", flush: int | None = None
) -> Settlement:
    """Settles the season, or one household of it, and keeps nothing.

    With a flush given nothing at all is written; by default readings up to now are flushed.
    """
    with Session(world.books) as session:
        chosen, now = season_of(session, season), world.now()
    law = load(policy, world.policies) if policy else of_season(chosen.policy, world.policies)
    flush = world.readings.flush(now).number if flush is None else flush
    return trial(world, chosen, law, now, flush, household)


def trial(
    world: World,
    season: Season,
    law: PolicyFile,
    now: datetime,
    flush: int,
    household: str = "",
    progress: Progress | None = None,
) -> Settlement:
    """Settles the season, or one household of it, as of an instant and a flush; nothing is written."""
    snapshot = with_confirmation(world, season, law, taken(world, season, law.policy, now, flush))
    if household:
        snapshot = snapshot.of(np.array([snapshot.row(household)]))
    columns_of = world.readings.season(snapshot.read_span, flush)
    return settle(snapshot, columns_of, law, flush=flush, progress=progress, trial=True)


def taken(
    world: World, season: Season, policy: Policy, now: datetime, flush: int,
    homes: Select[int] | None = None,
) -> Snapshot:  # fmt: skip
    """What the policy needs of the registry, with the ends of outages that only meters show.

    `homes`: a query for place ids of households, of which alone it is taken.
    """
    policy = policy.in_season(Span(season.since, season.until), season.zone)
    back = _back(world, season, policy, now, flush)
    standard = policy.standard
    taken = take(
        world.books, season, now, policy.signatures(), back=back,
        uses=rooms_looked_at(standard),
        asked_until=asked_until(Span(season.since, season.until), policy), homes=homes,
    )  # fmt: skip
    if standard.own:
        taken = with_room_kinds(world.books, taken)
    return with_areas(world.books, taken) if policy.asks_areas() else taken


def _back(
    world: World, season: Season, policy: Policy, now: datetime, flush: int
) -> dict[tuple[int, int], int]:
    """Place and begin [µs] of outages without a recorded end -> when the meters show supply back. [µs]"""
    until = min(now, season.until)
    if until <= season.since:
        return {}
    records = records_of(world.books, Span(season.since, until))
    without = [each for each in records if each.until is None]
    if not without:
        return {}
    network = tree(world.books, PlaceKind.STATION)  # meters show nothing of a building or a home
    without = [each for each in without if each.place in network.ids]
    shown = open_records(
        world.index, world.readings, network, without, until, ZoneInfo(season.zone),
        policy.supply_rule(), flush,
    )  # fmt: skip
    return {(each.record.place, to_us(each.record.since)): to_us(each.back) for each in shown}


def verify(world: World, run: int, progress: Progress | None = None) -> recheck.Checked:
    """Recomputes a run from what is kept of it and the readings as of its flush.

    Raises WrongCall where there is no such run, or the lake does not reach up to its flush.
    """
    found = drafts.by_number(world.books, run)
    refuse_lost_readings(world, found)
    return recheck.check(world.books, world.readings, found, progress)


def refuse_lost_readings(world: World, run: drafts.Drafted) -> None:
    """WrongCall where the lake does not reach up to the flush that a run read."""
    lake = world.readings.lake
    last = lake.last_flush().number
    if run.flush > last:
        raise WrongCall(
            msg(
                "run {run} read data version {version}, store.lake = {lake!r} holds versions up to "
                "{last}: it names a wrong place, or an older copy was restored",
                run=run.run,
                version=run.flush,
                lake=lake.place.uri,
                last=last,
            )
        )
