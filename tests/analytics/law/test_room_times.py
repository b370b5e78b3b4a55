"""What stands of a room at an instant."""

import numpy as np

from analytics.law.known import Known
from analytics.law.room_times import edges

NONE = np.array([], dtype=np.int64)


def room(*rows: tuple[int, int, int]) -> Known:
    return Known(*(np.array(each, dtype=np.int64) for each in zip(*rows, strict=True)))


def test_of_a_room_without_readings_nothing_is_known() -> None:
    assert not Known(NONE, NONE, NONE).during(np.array([1, 2]))[1].any()


def test_edges_are_where_something_changes_inside_the_span() -> None:
    assert edges([room((0, 10, 1), (20, 50, 2))], 5, 30, 25, 99).tolist() == [5, 10, 20, 25, 30]
