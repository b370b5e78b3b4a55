"""The rooms that an act covers and the series that measure them."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Engine, and_, or_, select
from sqlalchemy.orm import aliased

from domain.quantity import Role
from domain.time import Span, to_us
from domain.tree import COVERED_ROOMS
from store.books.registry import Device, Place, Series

NO_END_US = np.iinfo(np.int64).max


@dataclass(frozen=True)
class CoveredRooms:
    """One row a series of a covered room, sorted by (household, room, since_us, series); n rows.

    A room may have several series (two sensors, or a swap); a covered room that has none
    stands in one row with series -1, as signed acts may still tell about it.
    """

    household: NDArray[np.int32]  # (n,) place id
    room: NDArray[np.int32]  # (n,) place id
    series: NDArray[np.int32]  # (n,) series id, -1: no sensor
    interval_s: NDArray[np.int32]  # (n,) declared reporting interval [s], 0: no sensor
    verified: NDArray[np.bool_]  # (n,) the device's metrological verification is valid
    since_us: NDArray[
        np.int64
    ]  # (n,) the row counts from here [µs]: series, room and household are valid
    until_us: NDArray[np.int64]  # (n,) and before here; int64's largest: no end


def covered_rooms(
    engine: Engine,
    households: NDArray[np.int32] | None = None,
    *,
    span: Span | None = None,
    unmeasured: bool = False,
) -> CoveredRooms:
    """Bedrooms and living rooms (Henan art. 26) with their room-temperature series.

    Parameters
    ----------
    households : (k,) int32, optional
        Only these household place ids.
    span : Span, optional
        Only series and rooms with an instant in it; their own spans are not cut by it.
    unmeasured : bool
        Whether covered rooms without any series are listed too, with series -1.
    """
    rows = _measured(engine, span)
    if unmeasured:
        seen = {row[1] for row in rows}
        rows += [row for row in _all_covered(engine, span) if row[1] not in seen]
    table = _arrays(rows)
    if households is None:
        return table
    keep = np.isin(table.household, households)
    return CoveredRooms(*(getattr(table, name)[keep] for name in table.__dataclass_fields__))


Row = tuple[int, int, int, int, bool, int, int]


def _measured(engine: Engine, span: Span | None) -> list[Row]:
    room, household = aliased(Place), aliased(Place)
    query = (
        select(
            household.id, room.id, Series.id, Series.interval_s, Device.verified,
            Series.since, Series.until, room.since, room.until, household.since, household.until,
        )
        .select_from(Series)
        .join(Device, Device.id == Series.device_id)
        .join(room, room.id == Series.place_id)
        .join(household, household.id == room.parent_id)
        .where(Series.role == Role.ROOM_TEMPERATURE.code, *_covered(room, household))
    )  # fmt: skip
    if span is not None:
        query = query.where(_meets(Series, span), _meets(room, span))
    known = _Microseconds()
    rows = []
    with engine.connect() as connection:
        for home, place, series, interval, verified, *spans in connection.execute(query):
            since = max(known[at] for at in spans[::2])
            until = min(known[at] for at in spans[1::2])
            if since < until:
                rows.append((home, place, series, interval, verified, since, until))
    return rows


class _Microseconds(dict[datetime | None, int]):
    """Many spans share their instants, so each is turned once."""

    def __missing__(self, at: datetime | None) -> int:
        self[at] = us = NO_END_US if at is None else to_us(at)
        return us


def _all_covered(engine: Engine, span: Span | None) -> list[Row]:
    room, household = aliased(Place), aliased(Place)
    query = (
        select(household.id, room.id, room.since, room.until)
        .join(household, household.id == room.parent_id)
        .where(*_covered(room, household))
    )
    if span is not None:
        query = query.where(_meets(room, span))
    with engine.connect() as connection:
        return [
            (home, place, -1, 0, False, to_us(since), NO_END_US if until is None else to_us(until))
            for home, place, since, until in connection.execute(query)
        ]


def _covered(room: type[Place], household: type[Place]) -> tuple[ColumnElement[bool], ...]:
    uses = sorted(use.value for use in COVERED_ROOMS)
    return room.kind == "room", household.kind == "household", room.room_use.in_(uses)


def _meets(table: type[Place] | type[Series], span: Span) -> ColumnElement[bool]:
    """Whether the row's validity has an instant in the span."""
    ends = or_(table.until.is_(None), table.until > span.since)
    return and_(table.since < span.until, ends)


def _arrays(rows: list[Row]) -> CoveredRooms:
    rows.sort(key=lambda row: (row[0], row[1], row[5], row[2]))
    home, room, series, interval, verified, since, until = (
        zip(*rows, strict=True) if rows else ((),) * 7
    )
    return CoveredRooms(
        np.array(home, dtype=np.int32),
        np.array(room, dtype=np.int32),
        np.array(series, dtype=np.int32),
        np.array(interval, dtype=np.int32),
        np.array(verified, dtype=np.bool_),
        np.array(since, dtype=np.int64),
        np.array(until, dtype=np.int64),
    )
