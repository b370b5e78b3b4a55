"""Comfort of homes: every covered room, and each household by its worst room."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from analytics.heat.by_owner import by_owner
from analytics.heat.comfort import Comfort, comfort
from analytics.heat.owed import Owed
from domain.columns import Columns, IntArray
from domain.plausible import all_of
from domain.quantity import Role
from domain.time import HOUR_US, Span
from domain.validity import with_lead
from store.readings.plausible import plausible
from store.readings.readings import Readings
from store.registry.rooms import CoveredRooms, covered_rooms

#: Readings of a piece of a city that are held in memory at once.
PART_ROWS = 2_000_000


@dataclass(frozen=True, slots=True)
class RoomComfort:
    """What is known of one covered room over a span."""

    household: int  # place id
    room: int  # place id
    known: Fraction  # [h]
    missing: Fraction  # neither warm nor cold [h]
    below: Fraction  # known and below the base [h]
    degree_hours: Fraction  # [K·h]

    @property
    def coverage(self) -> Fraction:
        """Share of the span that is known [1]."""
        return self.known / (self.known + self.missing)


@dataclass(frozen=True, slots=True)
class RoomsComfort:
    """The same of many rooms (n), in columns: a room has an object when it is asked for."""

    household: NDArray[np.int32]  # place ids
    room: NDArray[np.int32]  # place ids
    known_us: IntArray  # [µs]
    missing_us: IntArray  # neither warm nor cold [µs]
    below_us: IntArray  # known and below the base [µs]
    deficit: IntArray  # [0.001 K · µs]

    def __len__(self) -> int:
        return self.room.size

    def __iter__(self) -> Iterator[RoomComfort]:
        columns = (getattr(self, each.name).tolist() for each in fields(self))
        for home, room, known, missing, below, deficit in zip(*columns, strict=True):
            yield RoomComfort(
                household=home,
                room=room,
                known=Fraction(known, HOUR_US),
                missing=Fraction(missing, HOUR_US),
                below=Fraction(below, HOUR_US),
                degree_hours=Fraction(deficit, 1000 * HOUR_US),
            )

    def take(self, rows: "NDArray[np.intp] | list[int]") -> "RoomsComfort":
        """Those of these rows, in their order."""
        return RoomsComfort(*(getattr(self, each.name)[rows] for each in fields(self)))

    def worst(self) -> "RoomsComfort":
        """Each household by its worst room: most degree-hours, then most time below, then least known.

        Of two alike the first.
        """
        cold = (-self.missing_us, -self.below_us, -self.deficit)
        order = np.lexsort((*cold, self.household))
        return self.take(order[np.unique(self.household[order], return_index=True)[1]])


def by_room(columns: Columns, rooms: CoveredRooms) -> Columns:
    """The series of each room as one: a sample stands until the *room's* next one (7.20).

    A series counts while it, its room and its household are valid. Of two values for one
    instant the lower is kept, which is what an act would have found in the worse place.

    Returns
    -------
    Columns
        `series` holds room place ids, increasing, of all rooms in `rooms`.
    """
    places, group = np.unique(rooms.room, return_inverse=True)
    joined = by_owner(columns, rooms.series, group, rooms.since_us, rooms.until_us, places.size)
    return replace(joined, series=places.astype(np.int32))


def room_intervals(rooms: CoveredRooms) -> IntArray:
    """How often each room's readings are declared to come: the slowest of its series.

    Returns
    -------
    (n,) int64
        A row for each of `by_room`, as `means` and `comfort` take them. [s]
    """
    places, group = np.unique(rooms.room, return_inverse=True)
    slowest = np.zeros(places.size, dtype=np.int64)
    np.maximum.at(slowest, group, rooms.interval_s)
    return slowest


def room_comfort(
    engine: Engine,
    readings: Readings,
    span: Span,
    base: int | Owed,
    households: NDArray[np.int32] | None = None,
    as_of: int | None = None,
) -> RoomsComfort:
    """Every covered room with a sensor, by household and room.

    Parameters
    ----------
    span : Span
        At most 366 days; end it at `now` while the season runs.
    base : int or Owed
        Strictly below it is cold: the same for all rooms, or what each is owed. [0.001 Cel]
    households : (k,) int32, optional
        Only these place ids.
    as_of : int, optional
        Flush number: what was kept then.
    """
    return all_comfort(
        RoomsComfort(homes, table.series, *(each[:, 0] for each in _sums(table)))
        for homes, table in room_tables(engine, readings, span, base, households, as_of)
    )


def all_comfort(parts: Iterable[RoomsComfort]) -> RoomsComfort:
    """The rooms of all parts, by household and room."""
    none = np.empty(0, dtype=np.int32)
    pieces = [RoomsComfort(none, none, *[none.astype(np.int64)] * 4), *parts]
    names = [each.name for each in fields(RoomsComfort)]
    columns = (np.concatenate([getattr(each, name) for each in pieces]) for name in names)
    found = RoomsComfort(*columns)
    return found.take(np.lexsort((found.room, found.household)))


def room_tables(
    engine: Engine,
    readings: Readings,
    span: Span,
    base: int | Owed,
    households: NDArray[np.int32] | None = None,
    as_of: int | None = None,
    zone: ZoneInfo | None = None,
) -> Iterator[tuple[NDArray[np.int32], Comfort]]:
    """Pieces of a city: household of each row, and sums whose `series` are room place ids.

    With a `zone` a bin for each of its local days; else as `room_comfort`.
    """
    owed = Owed(base) if isinstance(base, int) else base
    rooms = covered_rooms(
        engine, households, span=span, by_reading=True, uses=owed.uses, whole=owed.whole
    )
    for part in parts(rooms.where(~np.isin(rooms.household, owed.unjudged)), span):
        columns = by_room(room_readings(readings, part, span, as_of), part)
        homes = part.household[np.unique(part.room, return_index=True)[1]]
        against = owed.against_general(columns, owed.of(columns.series, homes))
        yield homes, comfort(against, room_intervals(part), owed.general, span, zone)


def room_readings(
    readings: Readings, rooms: CoveredRooms, span: Span, as_of: int | None
) -> Columns:
    """What the sensors of rooms say that can be true, from the time before in which a value may stand."""
    every = all_of(Role.ROOM_TEMPERATURE, rooms.series.size)
    return plausible(readings, rooms.series, with_lead(span), every, as_of=as_of)


def parts(rooms: CoveredRooms, span: Span) -> Iterator[CoveredRooms]:
    """Pieces of whole rooms with about `PART_ROWS` readings at most."""
    seconds = (span.until - span.since).total_seconds()
    readings = np.cumsum(seconds / np.maximum(rooms.interval_s, 1))
    piece = (readings // PART_ROWS).astype(np.int64)
    first = np.unique(rooms.room, return_index=True, return_inverse=True)
    piece = piece[first[1]][first[2]]  # a room goes with its first series
    for number in np.unique(piece):
        rows = piece == number
        yield CoveredRooms(*(getattr(rooms, name)[rows] for name in rooms.__dataclass_fields__))


def _sums(table: Comfort) -> tuple[IntArray, ...]:
    return table.known_us, table.missing_us, table.below_us, table.deficit
