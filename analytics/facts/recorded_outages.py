"""Outages of a season's households from the dispatch's records: those that ended, and the others."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.facts.snapshot import NEVER_US
from analytics.heat.ragged import Ragged, merged
from analytics.heat.supply import HELD_US
from domain.recorded import OPERATOR, OUTAGE_CAUSES, USER
from domain.time import SECOND_US, to_us
from domain.tree import PlaceKind
from store.books.current import OutageRecord
from store.books.registry import Season
from store.registry.series import Tree

Spans = Mapping[int, list[tuple[int, int]]]


class Outages(NamedTuple):
    """Household -> stops of supply of it or any place above it, whole seconds."""

    ended: Ragged  # by record or by the meters, chained
    without_end: Ragged | None  # up to now, chained; None: there are none
    noted: Ragged | None  # announced, or not the supplier's own, as `Snapshot.noted_outages`


def recorded_outages(
    session: Session,
    season: Season,
    places: Tree,
    homes: NDArray[np.int32],
    now_us: int,
    back: Mapping[tuple[int, int], int],
) -> Outages:
    """Those of a season up to now [µs]; `back` has ends that the meters show, by place and begin [µs]."""
    query = select(
        OutageRecord.place_id, OutageRecord.since, OutageRecord.until, OutageRecord.announced_at,
        OutageRecord.cause,
    )  # fmt: skip
    noted: dict[int, list[tuple[int, int, int, int, int]]] = {}
    ended: dict[int, list[tuple[int, int]]] = {}
    without: dict[int, list[tuple[int, int]]] = {}
    for place, since, until, announced, cause in session.execute(
        query.where(OutageRecord.cause != USER, OutageRecord.since < season.until)
    ):
        shown = back.get((place, to_us(since))) if until is None else to_us(until)
        ends = now_us if shown is None else min(shown, now_us)
        span = (to_us(since) // SECOND_US * SECOND_US, ends // SECOND_US * SECOND_US)
        if span[1] <= max(span[0], to_us(season.since)):
            continue
        under = places.under(place, PlaceKind.HOUSEHOLD)
        more = (
            int(shown is not None), NEVER_US if announced is None else to_us(announced),
            OUTAGE_CAUSES.index(cause),
        )  # fmt: skip
        for row in np.flatnonzero(np.isin(homes, under)).tolist():
            if announced is not None or cause != OPERATOR:
                noted.setdefault(row, []).append((*span, *more))
            else:
                (without if shown is None else ended).setdefault(row, []).append(span)
    return Outages(
        _chained(ended, homes.size),
        _chained(without, homes.size) if without else None,
        Ragged.of([sorted(noted.get(home, [])) for home in range(homes.size)], 5)
        if noted
        else None,
    )


def _chained(found: Spans, homes: int) -> Ragged:
    """Less than an hour of supply between two makes them one (7.9)."""
    rows = {row: merged(spans, HELD_US) for row, spans in found.items()}
    return Ragged.of([rows.get(home, []) for home in range(homes)], 2)
