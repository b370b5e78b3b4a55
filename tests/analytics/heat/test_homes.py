"""A household counts by its worst room."""

import random
from fractions import Fraction

import numpy as np
import pytest

from analytics.heat.homes import RoomsComfort, by_room, room_intervals
from domain.columns import Columns
from domain.time import HOUR_US
from store.registry.rooms import CoveredRooms

Row = tuple[int, int, int, int, int]


def room(home: int, number: int, degree_hours: int, below: int, missing: int = 0) -> Row:
    return home, number, degree_hours, below, missing


def table(rooms: list[Row]) -> RoomsComfort:
    """Of a day. [h]"""
    home, number, degree_hours, below, missing = np.array(rooms, dtype=np.int64).T
    return RoomsComfort(
        home.astype(np.int32), number.astype(np.int32), (24 - missing) * HOUR_US,
        missing * HOUR_US, below * HOUR_US, degree_hours * 1000 * HOUR_US,
    )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_most_degree_hours_then_most_time_below_then_least_known_is_the_worst(seed: int) -> None:
    rooms = [
        room(2, 20, 3, 1), room(2, 21, 2, 9),
        room(1, 10, 3, 1), room(1, 11, 3, 2),
        room(3, 30, 0, 0, missing=5), room(3, 31, 0, 0),
    ]  # fmt: skip
    random.Random(seed).shuffle(rooms)
    assert [(each.household, each.room) for each in table(rooms).worst()] == [
        (1, 11),
        (2, 20),
        (3, 30),
    ]


def test_each_joined_row_has_the_interval_of_the_slowest_series_of_its_room() -> None:
    room_ids = np.array([31, 20, 20, 45], dtype=np.int32)
    zeros = np.zeros(4, dtype=np.int64)
    rooms = CoveredRooms(
        household=np.array([1, 2, 2, 3], dtype=np.int32),
        room=room_ids,
        series=np.array([7, 8, 9, 10], dtype=np.int32),
        interval_s=np.array([900, 300, 3600, 60], dtype=np.int32),
        verified=np.ones(4, dtype=np.bool_),
        since_us=zeros,
        until_us=zeros + 10**15,
    )
    empty = np.zeros(0, dtype=np.int64)
    joined = by_room(
        Columns(rooms.series, np.zeros(5, dtype=np.int64), empty, empty, empty.astype(np.uint8)),
        rooms,
    )
    assert joined.series.tolist() == [20, 31, 45]
    assert room_intervals(rooms).tolist() == [3600, 900, 60]


def test_of_two_alike_the_first_is_taken() -> None:
    assert table([room(1, 10, 1, 1), room(1, 11, 1, 1)]).worst().room.tolist() == [10]


def test_the_known_share_leaves_out_what_is_missing() -> None:
    (only,) = table([room(1, 10, 2, 1, missing=6)])
    assert only.coverage == Fraction(3, 4)
    assert (only.below, only.degree_hours) == (Fraction(1), Fraction(2))
