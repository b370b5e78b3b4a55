"""What is usual: a long outage does not lower it, and the memory is in time, not in samples."""

import math

import numpy as np
import pytest

from analytics.heat.usual import usual_after, usual_flow
from domain.columns import Columns
from domain.quality import Quality


def of(values: list[int], marks: list[int]) -> Columns:
    n = len(values)
    return Columns(
        np.array([1], dtype=np.int32), np.array([0, n], dtype=np.int64),
        np.arange(n, dtype=np.int64), np.array(values, dtype=np.int64),
        np.array(marks, dtype=np.uint8),
    )  # fmt: skip


def test_an_outage_of_most_of_the_span_does_not_lower_the_usual_flow() -> None:
    assert usual_flow(of([12_000] * 15 + [0] * 85, [0] * 100)).tolist() == [12_000]


def test_unusable_values_are_no_flow_and_no_value_is_none() -> None:
    assert usual_flow(of([500, 99_999], [0, Quality.OUT_OF_RANGE])).tolist() == [500]
    assert usual_flow(of([], [])).tolist() == [0]


@pytest.mark.parametrize("pieces", [1, 2, 60])
def test_the_mean_after_an_hour_does_not_depend_on_the_number_of_samples(pieces: int) -> None:
    usual = np.array([10.0])
    for _ in range(pieces):
        usual = usual_after(usual, np.array([20.0]), np.array([3_600_000_000 // pieces]), 3.6e9)
    assert usual[0] == pytest.approx(20.0 - 10.0 * math.exp(-1.0))
    assert usual_after(np.array([np.nan]), np.array([7.0]), np.array([0]), 3.6e9)[0] == 7.0
