"""Puts books, readings and policies together for a settlement; commands and the demo call it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import Snapshot, take
from analytics.law.calculator import Source
from analytics.law.policy import PolicyFile, load, of_season
from analytics.ledger import drafts, recheck
from analytics.settlement.settle import Settlement, one_currency, settle
from cases.kinds.measurement import Limit, open_for_undetermined
from domain.actor import Actor, By
from domain.columns import Columns
from domain.errors import WrongCall
from domain.language import msg
from domain.time import Span, from_us
from domain.validity import with_lead
from heatwatch.services.changed_policies import refuse_changed
from heatwatch.wiring import World


@dataclass(frozen=True, slots=True)
class Computed:
    """A settlement that has not been kept yet."""

    settlement: Settlement
    snapshot: Snapshot
    policy: PolicyFile


def source_of(world: World, snapshot: Snapshot, flush: int) -> Source:
    """Readings of the season as of a flush, with those that stood when it began."""
    season = snapshot.season
    span = with_lead(Span(from_us(season.since_us), from_us(season.end_us)))

    def columns_of(series: NDArray[np.int32]) -> Columns:
        return world.readings.columns(series, span, as_of=flush)

    return columns_of


def compute(
    world: World,
    season: str,
    policy: str = "",
    household: str = "",
    progress: Callable[[int, int], None] | None = None,
    flush: int | None = None,
) -> Computed:
    """Freezes a snapshot and settles it by the readings as of a flush, by default a new one.

    Of one household only where it is named. With a flush given nothing is written.
    """
    now, own = world.now(), world.policies

    def policy_of(named: str) -> PolicyFile:
        return load(policy, own) if policy else of_season(named, own)

    snapshot = take(world.books, season, now, lambda named: policy_of(named).policy.signatures())
    if household:
        snapshot = snapshot.of(np.array([snapshot.row(household)]))
    chosen = policy_of(snapshot.season.policy)
    one_currency(chosen.policy, snapshot.currency)
    flush = world.readings.flush(now).number if flush is None else flush
    columns_of = source_of(world, snapshot, flush)
    settlement = settle(snapshot, columns_of, chosen, flush=flush, progress=progress)
    return Computed(settlement, snapshot, chosen)


def draft(
    world: World,
    season: str,
    actor: Actor,
    policy: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> tuple[int, Settlement]:
    """Settles the season and keeps it as the actor's draft -> run number and the settlement.

    What a draft leaves undetermined opens measurement tasks; a what-if opens none. WrongCall where
    a policy of the folder was changed after a run was approved under its id.
    """
    computed = compute(world, season, policy, progress=progress)
    refuse_changed(world, computed.policy)
    by = By(actor, world.now())
    run = drafts.save(
        world.books, computed.settlement, computed.snapshot, computed.policy, by, world.policies
    )
    open_for_undetermined(world.books, run, Limit.of(computed.policy.policy), by)
    return run, computed.settlement


def verify(
    world: World, run: int, progress: Callable[[int, int], None] | None = None
) -> recheck.Checked:
    """Recomputes a run from what is kept of it and the readings as of its flush.

    Raises WrongCall where there is no such run, or the lake does not reach up to its flush.
    """
    found = drafts.by_number(world.books, run)
    lake = world.readings.lake
    last = lake.last_flush().number
    if found.flush > last:
        raise WrongCall(
            msg(
                "run {run} read data version {version}, store.lake = {lake!r} holds versions up to "
                "{last}: it names a wrong place, or an older copy was restored",
                run=run,
                version=found.flush,
                lake=lake.place.uri,
                last=last,
            )
        )
    return recheck.check(
        world.books, found, lambda snapshot: source_of(world, snapshot, found.flush), progress
    )
