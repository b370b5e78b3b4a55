"""Columns made ready for kernels: what is timed, what is usable, how long it stands."""

import numpy as np
import pytest

from analytics.heat.standing import standing
from domain.columns import Columns
from domain.quality import Quality

GOOD, WRONG, ERROR = (
    int(each) for each in (Quality.GOOD, Quality.CLOCK_WRONG, Quality.DEVICE_ERROR)
)


def columns(mark: list[int]) -> Columns:
    """Two series of two readings each."""
    return Columns(
        np.array([1, 2], dtype=np.int32),
        np.array([0, 2, 4]),
        np.array([10, 20, 30, 40]),
        np.array([1, 2, 3, 4]),
        np.array(mark, dtype=np.uint8),
    )


def test_a_reading_of_a_wrong_clock_is_left_out_and_an_unusable_one_stays() -> None:
    found = standing(columns([GOOD, WRONG, ERROR, GOOD]), np.array([900, 3600]))
    assert found.offsets.tolist() == [0, 1, 3]
    assert found.at_us.tolist() == [10, 30, 40]
    assert found.value.tolist() == [1, 3, 4]
    assert found.usable.tolist() == [True, False, True]


def test_where_every_time_is_known_every_row_stays() -> None:
    found = standing(columns([GOOD] * 4), np.array([900, 3600]))
    assert found.offsets.tolist() == [0, 2, 4]
    assert found.hold_us.tolist() == [2 * 900 * 1_000_000, 2 * 3600 * 1_000_000]


def test_an_interval_is_needed_for_each_series() -> None:
    with pytest.raises(ValueError, match="expected 2 intervals"):
        standing(columns([GOOD] * 4), np.array([900]))
