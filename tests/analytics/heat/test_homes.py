"""A household counts by its worst room."""

import random
from fractions import Fraction

import numpy as np
import pytest

from analytics.heat.homes import RoomComfort, by_room, room_intervals, worst_rooms
from domain.columns import Columns
from store.registry.rooms import CoveredRooms


def room(home: int, number: int, degree_hours: int, below: int, missing: int = 0) -> RoomComfort:
    known = Fraction(24 - missing)
    return RoomComfort(
        home, number, known, Fraction(missing), Fraction(below), Fraction(degree_hours)
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_most_degree_hours_then_most_time_below_then_least_known_is_the_worst(seed: int) -> None:
    rooms = [
        room(2, 20, 3, 1), room(2, 21, 2, 9),
        room(1, 10, 3, 1), room(1, 11, 3, 2),
        room(3, 30, 0, 0, missing=5), room(3, 31, 0, 0),
    ]  # fmt: skip
    random.Random(seed).shuffle(rooms)
    assert [(each.household, each.room) for each in worst_rooms(rooms)] == [
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
    assert worst_rooms([room(1, 10, 1, 1), room(1, 11, 1, 1)])[0].room == 10


def test_the_known_share_leaves_out_what_is_missing() -> None:
    assert room(1, 10, 0, 0, missing=6).coverage == Fraction(3, 4)
