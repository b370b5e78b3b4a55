"""What is watched: the network's places and series as arrays, so that a city costs no objects."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from domain.quantity import Role
from domain.time import to_us
from domain.tree import COVERED_ROOMS, PlaceKind, Tree

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Ints = NDArray[np.int64]
Index = NDArray[np.int32]

ROLES = tuple(Role)
LEVELS = tuple(PlaceKind)
NEVER_US = np.iinfo(np.int64).max
_COVERED = frozenset(use.value for use in COVERED_ROOMS)


@dataclass(frozen=True, slots=True)
class Watched:
    """Series in slots, by increasing id, with where each is in the tree."""

    places: Tree
    covered: NDArray[np.bool_]  # (p,) a room that the acts cover, or a household itself
    series: Index  # (n,) registry's series ids
    role: NDArray[np.int8]  # (n,) position in `ROLES`
    place: Index  # (n,) row of its place
    interval_us: Ints  # (n,) declared
    since_us: Ints  # (n,)
    until_us: Ints  # (n,) NEVER_US: open-ended
    slot_of: Index  # (largest id + 2,) slot by series id, -1 where it is not watched

    def slots(self, series: NDArray[np.int32]) -> Index:
        """Slots of series ids, -1 where one is not known."""
        known = np.minimum(series, self.slot_of.size - 1)
        found: Index = self.slot_of[np.maximum(known, 0)]
        return found

    def has_role(self, *roles: Role) -> NDArray[np.bool_]:
        """(n,) whether a series has one of these roles."""
        return np.isin(self.role, [ROLES.index(each) for each in roles])

    def ancestor(self, kind: PlaceKind) -> Index:
        """(n,) row of the place of this kind at or above each series, or -1."""
        found: Index = self.places.ancestor(kind)[self.place]
        return found

    @property
    def stations(self) -> Index:
        """Rows of the stations."""
        return self.places.rows_of(PlaceKind.STATION)

    def station_index(self, mine: NDArray[np.bool_]) -> Index:
        """(n,) position of each series' station in `stations`; -1 outside `mine`."""
        station = self.ancestor(PlaceKind.STATION)
        position = np.searchsorted(self.stations, station)
        return np.where(mine & (station >= 0), position, -1).astype(np.int32)


def load(session: "Session") -> Watched:
    """Places and series as the registry has them now."""
    from sqlalchemy import (
        select,
    )  # here: the configuration knows the detectors, help needs no books

    from store.books.registry import Series
    from store.registry.places import tree_of

    places = tree_of(session.connection())
    rows = session.execute(
        select(
            Series.id, Series.role, Series.place_id, Series.interval_s, Series.since, Series.until
        ).order_by(Series.id)
    ).all()
    role_of = {role.code: i for i, role in enumerate(ROLES)}
    series = np.array([row.id for row in rows], dtype=np.int32)
    slot_of = np.full(int(series[-1]) + 2 if series.size else 1, -1, dtype=np.int32)
    slot_of[series] = np.arange(series.size, dtype=np.int32)
    place_ids = np.array([row.place_id for row in rows], dtype=np.int32)
    return Watched(
        places=places,
        covered=_covered(session),
        series=series,
        role=np.array([role_of[row.role] for row in rows], dtype=np.int8),
        place=places.rows(place_ids).astype(np.int32),
        interval_us=np.array([row.interval_s for row in rows], dtype=np.int64) * 1_000_000,
        since_us=np.array([to_us(row.since) for row in rows], dtype=np.int64),
        until_us=np.array([_until_us(row.until) for row in rows], dtype=np.int64),
        slot_of=slot_of,
    )


def _until_us(until: datetime | None) -> int:
    return int(NEVER_US) if until is None else to_us(until)


def _covered(session: "Session") -> NDArray[np.bool_]:
    """(p,) a room that the acts cover, or a household itself."""
    from sqlalchemy import select

    from store.books.registry import Place

    rows = session.execute(select(Place.room_use, Place.kind).order_by(Place.id)).all()
    covered = [use in _COVERED or kind == PlaceKind.HOUSEHOLD.value for use, kind in rows]
    return np.array(covered, dtype=np.bool_)
