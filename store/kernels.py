"""Compiled loops of reading the lake: arrays in, arrays out."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


@njit(cache=True, nogil=True)
def place(
    at: IntArray,
    value: IntArray,
    start: IntArray,
    end: IntArray,
    to: IntArray,
    out_at: IntArray,
    out_value: IntArray,
    repeats: NDArray[np.bool_],
) -> None:
    """Copies (n,) slices `[start, end)` to `out[to:]`; marks those whose times do not increase."""
    for i in range(start.size):
        first, count, target = start[i], end[i] - start[i], to[i]
        out_at[target : target + count] = at[first : first + count]
        out_value[target : target + count] = value[first : first + count]
        for k in range(first + 1, first + count):
            if at[k] <= at[k - 1]:
                repeats[i] = True
                break
