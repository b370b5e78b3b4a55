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
        shift = to[i] - start[i]
        before = at[start[i]] - 1
        for k in range(start[i], end[i]):
            out_at[k + shift] = at[k]
            out_value[k + shift] = value[k]
            if at[k] <= before:
                repeats[i] = True
            before = at[k]
