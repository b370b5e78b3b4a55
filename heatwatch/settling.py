"""Puts books, readings and policies together for a settlement; commands and the demo call it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics import drafts
from analytics.policy import PolicyFile, load
from analytics.settle import LEAD_S, Settlement, Source, settle
from analytics.snapshot import Snapshot, take
from cases.measurement import Limit, open_for_undetermined
from domain.columns import Columns
from domain.time import Span, from_us
from heatwatch.wiring import World


@dataclass(frozen=True, slots=True)
class Drawn:
    """A settlement that has not been kept yet."""

    settlement: Settlement
    policy: PolicyFile


def source_of(world: World, snapshot: Snapshot, flush: int) -> Source:
    """Readings of the season as of a flush, with those that stood when it began."""
    season = snapshot.season
    span = Span(from_us(season.since_us - LEAD_S * 1_000_000), from_us(season.end_us))

    def columns_of(series: NDArray[np.int32]) -> Columns:
        return world.readings.columns(series, span, as_of=flush)

    return columns_of


def reckon(
    world: World,
    season: str,
    policy: str = "",
    household: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Drawn:
    """Flushes, freezes a snapshot and settles it; of one household only where it is named."""
    now = world.now()
    snapshot = take(world.books, season, now)
    if household:
        snapshot = snapshot.of(np.array([snapshot.row(household)]))
    chosen = load(policy or snapshot.season.policy)
    flush = world.readings.flush(now).number
    columns_of = source_of(world, snapshot, flush)
    return Drawn(settle(snapshot, columns_of, chosen, flush=flush, progress=progress), chosen)


def draft(
    world: World,
    season: str,
    policy: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> tuple[int, Settlement]:
    """Settles the season and keeps it as a draft -> run number and the settlement.

    What a draft leaves undetermined opens measurement tasks; a what-if opens none.
    """
    drawn = reckon(world, season, policy, progress=progress)
    own, now = drawn.policy.policy, world.now()
    run = drafts.save(world.books, drawn.settlement, own, now)
    open_for_undetermined(world.books, run, Limit.of(own), now)
    return run, drawn.settlement
