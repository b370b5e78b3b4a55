"""When something holds at a place: heating seasons of a company, maintenance windows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alerts.columns.watched import NEVER_US, Index, Ints
from domain.time import to_us
from domain.tree import Tree

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Row = tuple[int, datetime, datetime | None]  # place id, since, until


@dataclass(frozen=True, slots=True)
class Spans:
    """Half-open spans by the row of the place they are for; they hold for all below it, too."""

    places: Tree | None = None
    at: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # row -> since, until [µs]

    @classmethod
    def of(cls, places: Tree, rows: Iterable[Row]) -> "Spans":
        at: dict[int, list[tuple[int, int]]] = {}
        for place, since, until in rows:
            end = int(NEVER_US) if until is None else to_us(until)
            at.setdefault(places.row(place), []).append((to_us(since), end))
        return cls(places, at)

    def hold(self, place: Index, at_us: Ints) -> NDArray[np.bool_]:
        """(k,) whether one holds at this row of a place, at this time. [µs]"""
        found = np.zeros(place.size, dtype=np.bool_)
        if self.places is None or not self.at:
            return found
        for row in np.unique(place).tolist():
            mine = place == row
            for above in self.places.chain(row):
                for since, until in self.at.get(above, ()):
                    found |= mine & (since <= at_us) & (at_us < until)
        return found


def seasons(session: "Session", places: Tree) -> Spans:
    """Heating seasons, by company."""
    from sqlalchemy import (
        select,
    )  # here: the configuration knows the detectors, help needs no books

    from store.books.registry import Season

    rows = session.execute(select(Season.company_id, Season.since, Season.until)).all()
    return Spans.of(places, ((row[0], row[1], row[2]) for row in rows))


def planned(session: "Session", places: Tree) -> Spans:
    """Planned outages of the registry."""
    from sqlalchemy import select

    from store.books.current import OutageRecord

    query = select(OutageRecord.place_id, OutageRecord.since, OutageRecord.until)
    rows = session.execute(query.where(OutageRecord.planned.is_(True))).all()
    return Spans.of(places, ((row[0], row[1], row[2]) for row in rows))
