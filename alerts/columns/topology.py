"""Cause and effect by the tree: what is a child of what, and when many are one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

import numpy as np

from alerts.columns.watched import Watched
from domain.quantity import Role
from domain.tree import PlaceKind, Tree

#: Outages that begin within this time of each other may have one cause.
TOGETHER = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Group:
    """A place above stations whose stations can fail together."""

    row: int
    stations: frozenset[int]  # rows of its stations that are watched
    need: int  # so many of them out are one cause


def groups(watched: Watched, roles: Sequence[Role], share: float) -> tuple[Group, ...]:
    """Sources and companies with two stations or more that have series of these roles, from below up.

    `share` of the stations [1] out at once is one cause.

    A place whose stations are all one lower place's leaves them to that one.
    """
    places = watched.places
    measured = watched.station_index(watched.has_role(*roles))
    stations = watched.stations[np.unique(measured[measured >= 0])]
    found: list[Group] = []
    for kind in (PlaceKind.SOURCE, PlaceKind.COMPANY):
        above = places.ancestor(kind)[stations]
        for row in np.unique(above[above >= 0]).tolist():
            mine = frozenset(stations[above == row].tolist())
            if len(mine) >= 2 and not any(mine == each.stations for each in found):
                found.append(Group(row, mine, max(2, ceil(share * len(mine)))))
    return tuple(found)


def nearest_above(places: Tree, row: int, candidates: Iterable[int]) -> int | None:
    """The nearest of these rows that lies above `row`, or None."""
    wanted = set(candidates)
    return next((each for each in places.chain(row)[1:] if each in wanted), None)
