"""What is watched: the network's places and series as arrays, so that a city costs no objects."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.quantity import Role
from domain.time import to_us
from domain.tree import COVERED_ROOMS, PlaceKind
from store.books.registry import Place, Series

Ints = NDArray[np.int64]
Index = NDArray[np.int32]

ROLES = tuple(Role)
LEVELS = tuple(PlaceKind)
NEVER_US = np.iinfo(np.int64).max
_COVERED = frozenset(use.value for use in COVERED_ROOMS)


@dataclass(frozen=True, slots=False)
class Places:
    """The tree, place i in row i, by increasing id."""

    id: Index  # (p,)
    parent: Index  # (p,) row of the parent, -1 at the top
    level: NDArray[np.int8]  # (p,) `PlaceKind.level`
    covered: NDArray[np.bool_]  # (p,) a room the acts cover, or a household itself
    code: tuple[str, ...]

    def row(self, place_id: int) -> int:
        """The row of a place; KeyError where it is not known."""
        i = int(np.searchsorted(self.id, place_id))
        if i == self.id.size or self.id[i] != place_id:
            raise KeyError(place_id)
        return i

    def chain(self, row: int) -> list[int]:
        """Rows from this place up to the top, this one first."""
        rows = []
        while row >= 0:
            rows.append(row)
            row = int(self.parent[row])
        return rows

    def ancestor(self, kind: PlaceKind) -> Index:
        """(p,) row of the place of this kind at or above each place, -1 where there is none."""
        found = np.full(self.id.size, -1, dtype=np.int32)
        at = np.arange(self.id.size, dtype=np.int32)
        for _ in LEVELS:
            here = (at >= 0) & (found < 0)
            hit = here & (self.level[at] == kind.level)
            found[hit] = at[hit]
            at = np.where(at >= 0, self.parent[at], -1).astype(np.int32)
        return found

    @cached_property
    def stations(self) -> Index:
        """Rows of the stations."""
        return np.flatnonzero(self.level == PlaceKind.STATION.level).astype(np.int32)

    @cached_property
    def by_code(self) -> dict[str, int]:
        return {code: row for row, code in enumerate(self.code)}

    def below(self, row: int) -> NDArray[np.bool_]:
        """(p,) whether a place is this one or below it."""
        same: NDArray[np.bool_] = self.ancestor(LEVELS[int(self.level[row])]) == row
        return same

    def homes(self, row: int) -> int:
        """Households at or below a place."""
        return int(np.sum(self.below(row) & (self.level == PlaceKind.HOUSEHOLD.level)))


@dataclass(frozen=True, slots=True)
class Watched:
    """Series in slots, by increasing id, with where each is in the tree."""

    places: Places
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

    def station_index(self, mine: NDArray[np.bool_]) -> Index:
        """(n,) position of each series' station in `places.stations`; -1 outside `mine`."""
        station = self.ancestor(PlaceKind.STATION)
        position = np.searchsorted(self.places.stations, station)
        return np.where(mine & (station >= 0), position, -1).astype(np.int32)


def load(session: Session) -> Watched:
    """Places and series as the registry has them now."""
    places = _places(session)
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
        series=series,
        role=np.array([role_of[row.role] for row in rows], dtype=np.int8),
        place=np.searchsorted(places.id, place_ids).astype(np.int32),
        interval_us=np.array([row.interval_s for row in rows], dtype=np.int64) * 1_000_000,
        since_us=np.array([to_us(row.since) for row in rows], dtype=np.int64),
        until_us=np.array([_until_us(row.until) for row in rows], dtype=np.int64),
        slot_of=slot_of,
    )


def _until_us(until: datetime | None) -> int:
    return int(NEVER_US) if until is None else to_us(until)


def _places(session: Session) -> Places:
    rows = session.execute(
        select(Place.id, Place.parent_id, Place.kind, Place.room_use, Place.code).order_by(Place.id)
    ).all()
    ids = np.array([row.id for row in rows], dtype=np.int32)
    parents = np.array([row.parent_id or 0 for row in rows], dtype=np.int32)
    at = np.searchsorted(ids, parents).astype(np.int32)
    covered = [row.room_use in _COVERED or row.kind == PlaceKind.HOUSEHOLD.value for row in rows]
    return Places(
        id=ids,
        parent=np.where(parents > 0, at, -1).astype(np.int32),
        level=np.array([PlaceKind.of(row.kind).level for row in rows], dtype=np.int8),
        covered=np.array(covered, dtype=np.bool_),
        code=tuple(row.code for row in rows),
    )
