"""Kernels: time below a base, degree-hours, weighted sums and gaps, all exact in integers.

Each works on the series [first, last) and writes their rows only, so that several threads can
share the work; a series is summed by one thread in order of time, the same to the bit always. A sample stands until the series' next row, at most
`hold_us` (regulations.md 7.20, row 1); a row that is not usable ends the standing of the
one before and stands for nothing itself. Twins: `tests/naive.py`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@njit(cache=True)
def _stands_until(at_us: IntArray, i: int, end: int, hold_us: int) -> int:
    """Row i of a series that ends before row `end` -> first instant it no longer stands. [µs]"""
    stop: int = at_us[i] + hold_us
    if i + 1 < end and at_us[i + 1] < stop:
        stop = at_us[i + 1]
    return stop


@njit(cache=True, nogil=True)
def degree_hours(
    first: int,
    last: int,
    offsets: IntArray,
    at_us: IntArray,
    value: IntArray,
    usable: BoolArray,
    hold_us: IntArray,
    base: int,
    edges_us: IntArray,
    known: IntArray,
    below: IntArray,
    deficit: IntArray,
) -> None:
    """CSR columns, hold per series [µs], base [mK], bin edges (b + 1) [µs] -> into zeros known (n, b) [µs], below (n, b) [µs], deficit (n, b) [mK·µs]."""
    bins = edges_us.size - 1
    for s in range(first, last):
        k = 0
        for i in range(offsets[s], offsets[s + 1]):
            if not usable[i]:
                continue
            start = at_us[i]
            stop = _stands_until(at_us, i, offsets[s + 1], hold_us[s])
            while k < bins and edges_us[k + 1] <= start:
                k += 1
            j = k
            while j < bins and edges_us[j] < stop:
                held = min(stop, edges_us[j + 1]) - max(start, edges_us[j])
                known[s, j] += held
                if value[i] < base:
                    below[s, j] += held
                    deficit[s, j] += (base - value[i]) * held
                j += 1


@njit(cache=True, nogil=True)
def weighted(
    first: int,
    last: int,
    offsets: IntArray,
    at_us: IntArray,
    value: IntArray,
    usable: BoolArray,
    hold_us: IntArray,
    edges_us: IntArray,
    known: IntArray,
    total: IntArray,
) -> None:
    """CSR columns, hold per series [µs], bin edges (b + 1) [µs] -> into zeros known (n, b) [µs], value times time (n, b) [ticks·µs]."""
    bins = edges_us.size - 1
    for s in range(first, last):
        k = 0
        for i in range(offsets[s], offsets[s + 1]):
            if not usable[i]:
                continue
            start = at_us[i]
            stop = _stands_until(at_us, i, offsets[s + 1], hold_us[s])
            while k < bins and edges_us[k + 1] <= start:
                k += 1
            j = k
            while j < bins and edges_us[j] < stop:
                held = min(stop, edges_us[j + 1]) - max(start, edges_us[j])
                known[s, j] += held
                total[s, j] += value[i] * held
                j += 1


@njit(cache=True, nogil=True)
def gaps(
    first: int,
    last: int,
    offsets: IntArray,
    at_us: IntArray,
    usable: BoolArray,
    hold_us: IntArray,
    since_us: int,
    until_us: int,
    into: IntArray,
    counts: IntArray,
    begins: IntArray,
    ends: IntArray,
) -> None:
    """CSR columns, span [µs] -> (n,) unknown stretches of each series in `counts`; their since and until [µs] from `into[s]` on, where there is room for any."""
    fill = begins.size > 0
    for s in range(first, last):
        reached = since_us
        count = 0
        for i in range(offsets[s], offsets[s + 1]):
            if not usable[i] or at_us[i] >= until_us:
                continue
            stop = _stands_until(at_us, i, offsets[s + 1], hold_us[s])
            if stop <= since_us:
                continue
            if at_us[i] > reached:
                if fill:
                    begins[into[s] + count] = reached
                    ends[into[s] + count] = at_us[i]
                count += 1
            reached = stop
        if reached < until_us:
            if fill:
                begins[into[s] + count] = reached
                ends[into[s] + count] = until_us
            count += 1
        counts[s] = count
