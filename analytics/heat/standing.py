"""How long a sample stands, and columns made ready for kernels (regulations.md 7.20, row 1)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.columns import TIMED_MARKS, Columns, IntArray
from domain.time import HOUR_US, MINUTE_US, SECOND_US

LEAST_HOLD_US = 30 * MINUTE_US  # a sample may always stand this long, 7.20 row 1 [µs]
MOST_HOLD_US = 3 * HOUR_US  # and never longer than this [µs]


def hold_us(interval_s: NDArray[np.int64]) -> IntArray:
    """How long a sample may stand: 2 × the declared interval, within 30 min and 3 h.

    Parameters
    ----------
    interval_s : (n,) int64
        Declared reporting interval of each series, positive. [s]

    Returns
    -------
    (n,) int64 [µs]

    Examples
    --------
    >>> (hold_us(np.array([60, 900, 3600, 7200])) // 60_000_000).tolist()
    [30, 30, 120, 180]
    """
    interval = np.asarray(interval_s, dtype=np.int64)
    if interval.size and int(interval.min()) <= 0:
        raise ValueError(f"a declared interval must be positive, got {int(interval.min())} s")
    return np.clip(2 * SECOND_US * interval, LEAST_HOLD_US, MOST_HOLD_US)


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
    hold = hold_us(interval_s)
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
