"""Comfort of homes: every covered room, and each household by its worst room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from analytics.heat.by_owner import by_owner
from analytics.heat.comfort import Comfort, comfort
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
    base: int,
    households: NDArray[np.int32] | None = None,
    as_of: int | None = None,
) -> list[RoomComfort]:
    """Every covered room with a sensor, by household and room.

    Parameters
    ----------
    span : Span
        At most 366 days; end it at `now` while the season runs.
    base : int
        Strictly below it is cold. [0.001 Cel]
    households : (k,) int32, optional
        Only these place ids.
    as_of : int, optional
        Flush number: what was kept then.
    """
    found = [
        room
        for homes, table in room_tables(engine, readings, span, base, households, as_of)
        for room in _rooms(homes, table)
    ]
    return sorted(found, key=lambda each: (each.household, each.room))


def room_tables(
    engine: Engine,
    readings: Readings,
    span: Span,
    base: int,
    households: NDArray[np.int32] | None = None,
    as_of: int | None = None,
    zone: ZoneInfo | None = None,
) -> Iterator[tuple[NDArray[np.int32], Comfort]]:
    """Pieces of a city: household of each row, and sums whose `series` are room place ids.

    With a `zone` a bin for each of its local days; else as `room_comfort`.
    """
    for part in parts(covered_rooms(engine, households, span=span, by_reading=True), span):
        columns = by_room(room_readings(readings, part, span, as_of), part)
        first = np.unique(part.room, return_index=True)[1]
        yield part.household[first], comfort(columns, room_intervals(part), base, span, zone)


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


def _rooms(homes: NDArray[np.int32], table: Comfort) -> Iterator[RoomComfort]:
    """Of a table with one bin; its columns are made once."""
    hours = (table.known_us, table.missing_us, table.below_us, table.deficit)
    places = homes.tolist(), table.series.tolist()
    for home, room, known, missing, below, deficit in zip(
        *places, *(each[:, 0].tolist() for each in hours), strict=True
    ):
        yield RoomComfort(
            household=home,
            room=room,
            known=Fraction(known, HOUR_US),
            missing=Fraction(missing, HOUR_US),
            below=Fraction(below, HOUR_US),
            degree_hours=Fraction(deficit, 1000 * HOUR_US),
        )


def worst_rooms(rooms: Sequence[RoomComfort]) -> list[RoomComfort]:
    """Each household by its worst room: most degree-hours, then most time below, then least known."""
    worst: dict[int, RoomComfort] = {}
    for each in rooms:
        before = worst.get(each.household)
        if before is None or _cold(each) > _cold(before):
            worst[each.household] = each
    return [worst[household] for household in sorted(worst)]


def _cold(room: RoomComfort) -> tuple[Fraction, Fraction, Fraction]:
    return room.degree_hours, room.below, room.missing
