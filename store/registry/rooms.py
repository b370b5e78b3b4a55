"""The rooms that an act covers and the series that measure them."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Select, select

from domain.quantity import Role
from domain.time import Span, to_us
from domain.tree import COVERED_ROOMS, RoomUse
from store.books.columns import read_columns
from store.books.registry import Device, Place, Series
from store.registry.certificates import Verified, certificates, siblings

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


@dataclass(frozen=True)
class CoveredRooms:
    """One row a series of a covered room, sorted by (household, room, since_us, series); n rows.

    A room may have several series (two sensors, or a swap); a covered room that has none
    can stand in one row with series -1, as measurement records may still tell about it.
    """

    household: Int32  # (n,) place id
    room: Int32  # (n,) place id
    series: Int32  # (n,) series id, -1: no sensor
    interval_s: Int32  # (n,) declared reporting interval [s], 0: no sensor
    verified: NDArray[np.bool_]  # (n,) the device's metrological verification is valid
    since_us: Int64  # (n,) the row counts from here [µs]: series, room and household are valid
    until_us: Int64  # (n,) and before here; `store.books.columns.OPEN_US`: no end

    def where(self, keep: NDArray[Any]) -> "CoveredRooms":
        """The rows of a mask or an order."""
        return CoveredRooms(*(getattr(self, each.name)[keep] for each in fields(self)))


def covered_rooms(
    engine: Engine,
    households: Int32 | None = None,
    *,
    span: Span | None = None,
    unmeasured: bool = False,
    by_reading: bool = False,
    uses: Collection[RoomUse] = COVERED_ROOMS,
    whole: Int32 | None = None,
    only: Select[int] | None = None,
) -> CoveredRooms:
    """Rooms of these uses, bedrooms and living rooms (Henan art. 26), with their room-temperature series.

    Parameters
    ----------
    households : (k,) int32, optional
        Only these household place ids.
    span : Span, optional
        Only rows valid at an instant in it; their own spans are not cut by it.
    unmeasured : bool
        Whether covered rooms without any row left are listed too, with series -1.
    by_reading : bool
        Each row as it holds at a reading's own time: a series may stand in several rows. It is
        split where its device's certificates begin and end, and readings that were filed under
        an earlier or later series of a device's channel count where the channel was then.
    whole : (k,) int32, optional
        Household place ids of which every room is covered, whatever its use.
    only : Select of int, optional
        A query for household place ids: nothing of the others is read, so that it costs what they are.
    """
    with engine.connect() as connection:
        rooms = _rooms(connection, uses, only)
        if whole is not None and whole.size:
            every = _rooms(connection, tuple(RoomUse), only)
            rooms = every.where(np.isin(every.room, rooms.room) | np.isin(every.household, whole))
        found = _measured(connection, rooms, by_reading, only)
    found = found.where(_meets(found, span))
    if unmeasured:
        rest = rooms.where(_meets(rooms, span) & ~np.isin(rooms.room, found.room))
        found = _joined(found, rest)
    if households is not None:
        found = found.where(np.isin(found.household, households))
    return found.where(np.lexsort((found.series, found.since_us, found.room, found.household)))


class Room(NamedTuple):
    """A room as people know it."""

    code: str
    name: str
    name_en: str
    use: RoomUse


def rooms_of(engine: Engine, household: str) -> list[Room]:
    """All rooms of the household with this code, covered or not, by their codes."""
    home = select(Place.id).where(Place.code == household, Place.kind == "household")
    asked = select(Place.code, Place.name, Place.name_en, Place.room_use)
    query = asked.where(Place.parent_id.in_(home), Place.kind == "room").order_by(Place.code)
    with engine.connect() as connection:
        return [
            Room(code, "" if name == code else name, name_en, RoomUse(use))
            for code, name, name_en, use in connection.execute(query)
        ]


def _rooms(
    connection: Connection, covered: Collection[RoomUse], only: Select[int] | None
) -> CoveredRooms:
    """Covered rooms without their series, sorted by room.

    Joined to their households in memory: planners go wrong after a bulk import.
    """
    place = select(Place.id, Place.parent_id, Place.since, Place.until).order_by(Place.id)
    own = (
        (Place.kind == "household",)
        if only is None
        else (Place.kind == "household", Place.id.in_(only))
    )
    homes, _, starts, ends = read_columns(connection, place.where(*own))
    uses = sorted(use.value for use in covered)
    query = place.where(
        Place.kind == "room", Place.room_use.in_(uses), Place.parent_id.is_not(None)
    )
    query = query if only is None else query.where(Place.parent_id.in_(only))
    room, parent, since, until = read_columns(connection, query)
    rows = CoveredRooms(
        household=parent.astype(np.int32),
        room=room.astype(np.int32),
        series=np.full(room.size, -1, dtype=np.int32),
        interval_s=np.zeros(room.size, dtype=np.int32),
        verified=np.zeros(room.size, dtype=np.bool_),
        since_us=since,
        until_us=until,
    )
    at = _find(homes.astype(np.int32), rows.household)
    return _cut(rows.where(at >= 0), starts[at[at >= 0]], ends[at[at >= 0]])


def _measured(
    connection: Connection, rooms: CoveredRooms, by_reading: bool, only: Select[int] | None
) -> CoveredRooms:
    """One row a room-temperature series of these rooms; `only`: the households that they are of."""
    series = Series.id, Series.place_id, Series.interval_s, Series.since, Series.until
    query = select(*series, Device.verified, Device.id, Series.channel).join(Device)
    query = query.where(Series.role == Role.ROOM_TEMPERATURE.code).order_by(Series.id)
    devices = None
    if only is not None:
        placed_in = select(Series.device_id).join(Place, Place.id == Series.place_id)
        devices = placed_in.where(Place.parent_id.in_(only))
        query = query.where(Series.device_id.in_(devices))  # their readings may be filed elsewhere
    number, place, interval, since, until, verified, device, channel = read_columns(
        connection, query
    )
    placed, filed = np.arange(number.size), number.astype(np.int32)
    if by_reading:
        more, under = siblings(number, device, channel)
        placed, filed = np.concatenate([placed, more]), np.concatenate([filed, under])
    at = _find(rooms.room, place.astype(np.int32)[placed])
    here = at >= 0
    placed = placed[here]
    measured = replace(
        rooms.where(at[here]),
        series=filed[here],
        interval_s=interval.astype(np.int32)[placed],
        verified=verified.astype(np.bool_)[placed],
    )
    since_us, until_us = since[placed], until[placed]
    owner = device.astype(np.int32)[placed]
    measured = replace(
        measured,
        since_us=np.maximum(measured.since_us, since_us),
        until_us=np.minimum(measured.until_us, until_us),
    )
    if by_reading:
        measured = by_certificates(measured, owner, certificates(connection, devices))
    return measured.where(measured.since_us < measured.until_us)


def by_certificates(rooms: CoveredRooms, device: Int32, known: Verified) -> CoveredRooms:
    """Rows split where certificates of their devices begin and end.

    A device without any certificate has the flag of its own, for all time.
    """
    pieces, rest = [], np.arange(rooms.room.size)
    has = np.isin(device, known.device)
    pieces.append(rooms.where(~has))
    rest = rest[has]
    cursor = rooms.since_us.copy()
    for since, until in known.rounds(device):
        begins, ends = np.maximum(since, cursor), np.minimum(until, rooms.until_us)
        pieces.append(_piece(rooms, rest, cursor, np.minimum(begins, rooms.until_us), False))
        pieces.append(_piece(rooms, rest, begins, ends, True))
        cursor = np.maximum(cursor, np.minimum(until, rooms.until_us))
    pieces.append(_piece(rooms, rest, cursor, rooms.until_us, False))
    whole = pieces[0]
    for each in pieces[1:]:
        whole = _joined(whole, each)
    return whole


def _piece(
    rooms: CoveredRooms, rows: Int64, since_us: Int64, until_us: Int64, verified: bool
) -> CoveredRooms:
    some = rooms.where(rows)
    cut = replace(
        some,
        verified=np.full(rows.size, verified),
        since_us=since_us[rows],
        until_us=until_us[rows],
    )
    return cut.where(cut.since_us < cut.until_us)


def _find(ids: Int32, wanted: Int32) -> Int64:
    """(n,) positions of wanted ids in increasing ids, -1 where there is none."""
    if ids.size == 0:
        return np.full(wanted.size, -1, dtype=np.int64)
    at = np.searchsorted(ids, wanted).clip(max=ids.size - 1)
    return np.where(ids[at] == wanted, at, -1)


def _cut(rows: CoveredRooms, since_us: Int64, until_us: Int64) -> CoveredRooms:
    """Rows with their spans cut to these; those with nothing left are gone."""
    since = np.maximum(rows.since_us, since_us)
    until = np.minimum(rows.until_us, until_us)
    return replace(rows, since_us=since, until_us=until).where(since < until)


def _meets(rows: CoveredRooms, span: Span | None) -> NDArray[np.bool_]:
    """(n,) whether a row is valid at an instant of the span."""
    if span is None:
        return np.ones(rows.room.size, dtype=np.bool_)
    return (rows.since_us < to_us(span.until)) & (rows.until_us > to_us(span.since))


def _joined(first: CoveredRooms, second: CoveredRooms) -> CoveredRooms:
    parts = ((getattr(first, each.name), getattr(second, each.name)) for each in fields(first))
    return CoveredRooms(*(np.concatenate(pair) for pair in parts))
