"""Outages of a season's households from the dispatch's records: those that ended, and the others."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.facts.snapshot import NEVER_US
from analytics.heat.ragged import IntArray, Ragged
from analytics.heat.supply import HELD_US
from domain.recorded import OPERATOR, OUTAGE_CAUSES, USER
from domain.time import SECOND_US, to_us
from store.books.current import OutageRecord
from store.books.registry import Place, Season
from store.registry.places import LEVEL, above_homes


class Outages(NamedTuple):
    """Household -> stops of supply of it or any place above it, whole seconds."""

    ended: Ragged  # by record or by the meters, chained
    without_end: Ragged | None  # up to now, chained; None: there are none
    noted: Ragged | None  # announced, or not the supplier's own, as `Snapshot.noted_outages`


def recorded_outages(
    session: Session,
    season: Season,
    homes: NDArray[np.int32],
    now_us: int,
    back: Mapping[tuple[int, int], int],
) -> Outages:
    """Those of a season up to now [µs]; `back` has ends that the meters show, by place and begin [µs]."""
    record = OutageRecord
    query = (
        select(
            record.place_id, LEVEL, record.since, record.until, record.announced_at, record.cause
        )
        .join(Place, Place.id == record.place_id)
        .where(record.cause != USER, record.since < season.until)
    )
    found = session.execute(query).all()
    no_one = np.empty((0, 0), dtype=np.int32)
    under = Under(above_homes(session.connection(), homes) if found else no_one)
    noted, ended, without = _Rows(5), _Rows(2), _Rows(2)
    for place, level, since, until, announced, cause in found:
        shown = back.get((place, to_us(since))) if until is None else to_us(until)
        ends = now_us if shown is None else min(shown, now_us)
        span = (to_us(since) // SECOND_US * SECOND_US, ends // SECOND_US * SECOND_US)
        if span[1] <= max(span[0], to_us(season.since)):
            continue
        more = (
            int(shown is not None), NEVER_US if announced is None else to_us(announced),
            OUTAGE_CAUSES.index(cause),
        )  # fmt: skip
        rows = under.rows(level, place)
        if announced is not None or cause != OPERATOR:
            noted.add(rows, (*span, *more))
        else:
            (without if shown is None else ended).add(rows, span)
    return Outages(
        chained(*ended.columns(), homes.size),
        chained(*without.columns(), homes.size) if without.some else None,
        _sorted(*noted.columns(), homes.size) if noted.some else None,
    )


class Under:
    """Which households are within a place; those of a level are sorted once."""

    def __init__(self, above: NDArray[np.int32]) -> None:
        """`above` (n, levels): ids of households and what is above them."""
        self._above = above
        self._by_level: dict[int, tuple[IntArray, NDArray[np.int32]]] = {}

    def rows(self, level: int, place: int) -> IntArray:
        """Rows of the households within a place of this level, increasing."""
        if level not in self._by_level:
            order = np.argsort(self._above[:, level], kind="stable")
            self._by_level[level] = order, self._above[order, level]
        order, places = self._by_level[level]
        first, end = np.searchsorted(places, np.array([place, place + 1], dtype=np.int32))
        return order[first:end]


class _Rows:
    """Values of outages beside the rows of the households that they are of."""

    def __init__(self, width: int) -> None:
        self._rows: list[IntArray] = [np.empty(0, dtype=np.int64)]
        self._values: list[tuple[int, ...]] = [(0,) * width]

    def add(self, rows: IntArray, values: tuple[int, ...]) -> None:
        self._rows.append(rows)
        self._values.append(values)

    @property
    def some(self) -> bool:
        """Whether there is a household among them."""
        return any(each.size for each in self._rows)

    def columns(self) -> tuple[IntArray, list[IntArray]]:
        """The (m,) rows, and the values beside them by column."""
        times = [each.size for each in self._rows]
        table = np.array(self._values, dtype=np.int64)
        return np.concatenate(self._rows), [np.repeat(each, times) for each in table.T]


def chained(owner: IntArray, spans: Sequence[IntArray], owners: int) -> Ragged:
    """Spans of whole seconds, by owner: less than an hour of supply between two makes them one (7.9)."""
    since, until = (each // SECOND_US for each in spans)
    order = np.lexsort((since, owner))
    owner, since, until = owner[order], since[order], until[order]
    if not owner.size:
        return Ragged.grouped(owner, owners, since, until)
    # How far the spans of an owner up to each reach: owners lie behind each other on one axis.
    start = int(since.min())
    shift = owner * (int(until.max()) - start + 1) - start
    reach = np.maximum.accumulate(until + shift) - shift
    begins = np.ones(owner.size, dtype=np.bool_)
    begins[1:] = (owner[1:] != owner[:-1]) | (since[1:] - reach[:-1] >= HELD_US // SECOND_US)
    ends = np.append(begins[1:], True)
    return Ragged.grouped(owner[begins], owners, since[begins] * SECOND_US, reach[ends] * SECOND_US)


def _sorted(owner: IntArray, columns: Sequence[IntArray], owners: int) -> Ragged:
    """By owner, and each owner's rows by all columns, the first first."""
    order = np.lexsort((*columns[::-1], owner))
    return Ragged.grouped(owner[order], owners, *(each[order] for each in columns))
