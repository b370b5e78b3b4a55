"""Outages of a season's households from the dispatch's records: those that ended, and the others."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.heat.ragged import Ragged, merged
from analytics.heat.supply import HELD_US
from domain.time import SECOND_US, to_us
from domain.tree import PlaceKind
from store.books.current import OutageRecord
from store.books.registry import Season
from store.registry.series import Tree

Spans = Mapping[int, list[tuple[int, int]]]


def recorded_outages(
    session: Session,
    season: Season,
    places: Tree,
    homes: NDArray[np.int32],
    now_us: int,
    back: Mapping[tuple[int, int], int],
) -> tuple[Ragged, Ragged | None]:
    """Household -> stops of supply of it or any place above it, chained, whole seconds.

    Those that ended, by record or by the meters (`back`, by place and begin [µs]); and those of
    which no end is known, up to now [µs], None where there are none.
    """
    query = select(OutageRecord.place_id, OutageRecord.since, OutageRecord.until)
    ended: dict[int, list[tuple[int, int]]] = {}
    without: dict[int, list[tuple[int, int]]] = {}
    for place, since, until in session.execute(
        query.where(OutageRecord.cause == "operator", OutageRecord.since < season.until)
    ):
        shown = back.get((place, to_us(since))) if until is None else to_us(until)
        ends = now_us if shown is None else min(shown, now_us)
        span = (to_us(since) // SECOND_US * SECOND_US, ends // SECOND_US * SECOND_US)
        if span[1] <= max(span[0], to_us(season.since)):
            continue
        under = places.under(place, PlaceKind.HOUSEHOLD)
        for row in np.flatnonzero(np.isin(homes, under)).tolist():
            (without if shown is None else ended).setdefault(row, []).append(span)
    return _chained(ended, homes.size), _chained(without, homes.size) if without else None


def _chained(found: Spans, homes: int) -> Ragged:
    """Less than an hour of supply between two makes them one (7.9)."""
    rows = {row: merged(spans, HELD_US) for row, spans in found.items()}
    return Ragged.of([rows.get(home, []) for home in range(homes)], 2)
