"""Columns made ready for kernels: rows whose time is known, and how long each value stands."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.columns import TIMED_MARKS, Columns, IntArray
from domain.validity import validity_us


@dataclass(frozen=True, slots=True)
class Standing:
    """Columns as kernels take them: rows whose time is known, and whether their value is."""

    offsets: IntArray  # (n + 1,)
    at_us: IntArray  # (m,) [µs]
    value: IntArray  # (m,) in steps of the quantity
    usable: NDArray[np.bool_]  # (m,)
    hold_us: IntArray  # (n,) [µs]


def standing(columns: Columns, interval_s: NDArray[np.int64]) -> Standing:
    """Columns made ready: a row with a wrong clock says nothing about any instant and is left out.

    Every other row that is not usable (sentinel, null, conflict) stays: from its instant on
    nothing is known until the next one.
    """
    hold = validity_us(interval_s)
    if hold.shape != columns.series.shape:
        raise ValueError(f"expected {columns.series.size} intervals, got shape {hold.shape}")
    usable, offsets = columns.usable(), columns.offsets
    timed = TIMED_MARKS[columns.mark]
    if timed.all():
        return Standing(offsets, columns.at_us, columns.value, usable, hold)
    before = np.concatenate([[0], np.cumsum(timed)])
    return Standing(
        before[offsets], columns.at_us[timed], columns.value[timed], usable[timed], hold
    )
