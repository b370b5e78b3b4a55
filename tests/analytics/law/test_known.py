"""What stands of a temperature at an instant."""

import numpy as np

from tests.analytics.law.test_room_times import room


def test_a_reading_stands_to_its_end_and_then_nothing_is_known() -> None:
    own = room((0, 10, 17_000), (10, 15, 18_000), (30, 40, 16_000))
    value, known = own.during(np.array([-1, 0, 9, 10, 15, 30, 40]))
    assert known.tolist() == [False, True, True, True, False, True, False]
    assert value[known].tolist() == [17_000, 17_000, 18_000, 16_000]
