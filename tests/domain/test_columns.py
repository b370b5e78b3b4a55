"""Columns: what fits together, what may be used, and one series out of many."""

import numpy as np
import pytest

from domain.columns import TIMED_MARKS, USABLE_MARKS, Columns
from domain.quality import Quality


def of(marks: list[Quality]) -> Columns:
    """Series 3 with one row and series 7 with the others."""
    n = len(marks)
    return Columns(
        np.array([3, 7], dtype=np.int32),
        np.array([0, 1, n], dtype=np.int64),
        np.arange(n, dtype=np.int64),
        np.arange(n, dtype=np.int64) * 10,
        np.array([int(mark) for mark in marks], dtype=np.uint8),
    )


def test_usable_is_what_the_marks_say() -> None:
    columns = of(list(Quality))
    usable = dict(zip(Quality, columns.usable().tolist(), strict=True))
    assert [mark.name for mark, may in usable.items() if may] == [
        "GOOD", "CLOCK_CORRECTED", "RETAINED", "TIME_OF_RECEIPT",
    ]  # fmt: skip
    assert USABLE_MARKS.size == TIMED_MARKS.size == len(Quality)
    assert not TIMED_MARKS[Quality.CLOCK_WRONG]


def test_one_series_is_taken_out_and_an_absent_one_is_empty() -> None:
    columns = of([Quality.GOOD] * 4)
    at_us, value, _ = columns.of(7)
    assert (at_us.tolist(), value.tolist()) == ([1, 2, 3], [10, 20, 30])
    for absent in (1, 5, 9):
        assert [part.size for part in columns.of(absent)] == [0, 0, 0]


def test_what_does_not_fit_together_is_refused() -> None:
    good = of([Quality.GOOD] * 3)
    with pytest.raises(ValueError, match="expected 3 offsets"):
        Columns(good.series, good.offsets[:2], good.at_us, good.value, good.mark)
    with pytest.raises(ValueError, match="differ in length"):
        Columns(good.series, good.offsets, good.at_us[:2], good.value, good.mark)
