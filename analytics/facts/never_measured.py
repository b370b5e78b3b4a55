"""Homes of which covered rooms had neither a sensor nor a measurement record in a season."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, Engine, select

from domain.time import Span
from domain.tree import COVERED_ROOMS, RoomUse, Tree
from store.books.current import Contract, MeasurementRecord
from store.books.registry import Season
from store.registry.rooms import CoveredRooms, covered_rooms


class NeverMeasured(NamedTuple):
    """What of a home nobody and nothing has measured."""

    home: int  # place id
    rooms: tuple[int, ...]  # place ids; (): the registry has no covered room of it


def never_measured(
    link: Connection, rooms: CoveredRooms, homes: Collection[int], span: Span
) -> Iterator[NeverMeasured]:
    """Of these homes, by place id.

    `rooms`: all covered rooms of the span, with series -1 where no sensor was ever in one.
    """
    at = MeasurementRecord.at
    query = select(MeasurementRecord.room_id).where(at >= span.since, at < span.until)
    recorded = np.array([*link.scalars(query.distinct())], dtype=np.int32)
    silent = rooms.where((rooms.series < 0) & ~np.isin(rooms.room, recorded))
    own: dict[int, list[int]] = {home: [] for home in {*homes} - {*rooms.household.tolist()}}
    for home, room in zip(silent.household.tolist(), silent.room.tolist(), strict=True):
        if home in homes:
            own.setdefault(home, []).append(room)
    yield from (NeverMeasured(home, tuple(own[home])) for home in sorted(own))


def rooms_never_measured(
    engine: Engine, season: Season, network: Tree, span: Span,
    uses: Collection[RoomUse] = COVERED_ROOMS,
) -> dict[str, list[str]]:  # fmt: skip
    """Home -> its rooms, by code, of homes of a network with a contract of the season that has the span."""
    rooms = covered_rooms(engine, span=span, unmeasured=True, uses=uses)
    having = select(Contract.household_id).where(Contract.season_id == season.id)
    with engine.connect() as link:
        homes = {*link.scalars(having)} & {*network.ids.tolist()}
        return {
            network.code(each.home): [*map(network.code, each.rooms)]
            for each in never_measured(link, rooms, homes, span)
        }
