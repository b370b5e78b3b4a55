"""Kernels: time below a base, degree-hours, weighted sums and gaps, all exact in integers.

Each series is worked out by one thread, in order of time, so the sums are the same to the
bit whatever the number of threads. A sample stands until the series' next row, at most
`hold_us` (regulations.md 7.20, row 1); a row that is not usable ends the standing of the
one before and stands for nothing itself. Twins: `tests/naive.py`.
"""

import numpy as np
from numba import njit, prange
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


@njit(cache=True, parallel=True)
def degree_hours(
    offsets: IntArray,
    at_us: IntArray,
    value: IntArray,
    usable: BoolArray,
    hold_us: IntArray,
    base: int,
    edges_us: IntArray,
) -> tuple[IntArray, IntArray, IntArray]:
    """CSR columns, hold per series [µs], base [mK], bin edges (b + 1) [µs] -> known (n, b) [µs], below (n, b) [µs], deficit (n, b) [mK·µs]."""
    n = offsets.size - 1
    bins = edges_us.size - 1
    known = np.zeros((n, bins), np.int64)
    below = np.zeros((n, bins), np.int64)
    deficit = np.zeros((n, bins), np.int64)
    for s in prange(n):
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
    return known, below, deficit


@njit(cache=True, parallel=True)
def weighted(
    offsets: IntArray,
    at_us: IntArray,
    value: IntArray,
    usable: BoolArray,
    hold_us: IntArray,
    edges_us: IntArray,
) -> tuple[IntArray, IntArray]:
    """CSR columns, hold per series [µs], bin edges (b + 1) [µs] -> known (n, b) [µs], value times time (n, b) [steps·µs]."""
    n = offsets.size - 1
    bins = edges_us.size - 1
    known = np.zeros((n, bins), np.int64)
    total = np.zeros((n, bins), np.int64)
    for s in prange(n):
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
    return known, total


@njit(cache=True, parallel=True)
def gap_counts(
    offsets: IntArray,
    at_us: IntArray,
    usable: BoolArray,
    hold_us: IntArray,
    since_us: int,
    until_us: int,
) -> IntArray:
    """CSR columns, span [µs] -> (n,) unknown stretches of each series inside the span."""
    n = offsets.size - 1
    counts = np.zeros(n, np.int64)
    for s in prange(n):
        reached = since_us
        count = 0
        for i in range(offsets[s], offsets[s + 1]):
            if not usable[i] or at_us[i] >= until_us:
                continue
            stop = _stands_until(at_us, i, offsets[s + 1], hold_us[s])
            if stop <= since_us:
                continue
            if at_us[i] > reached:
                count += 1
            reached = stop
        if reached < until_us:
            count += 1
        counts[s] = count
    return counts


@njit(cache=True, parallel=True)
def gap_spans(
    offsets: IntArray,
    at_us: IntArray,
    usable: BoolArray,
    hold_us: IntArray,
    since_us: int,
    until_us: int,
    into: IntArray,
) -> tuple[IntArray, IntArray]:
    """As `gap_counts`, and where each series' gaps go (n + 1,) -> since [µs], until [µs] of every gap."""
    n = offsets.size - 1
    begins = np.zeros(into[-1], np.int64)
    ends = np.zeros(into[-1], np.int64)
    for s in prange(n):
        reached = since_us
        g = into[s]
        for i in range(offsets[s], offsets[s + 1]):
            if not usable[i] or at_us[i] >= until_us:
                continue
            stop = _stands_until(at_us, i, offsets[s + 1], hold_us[s])
            if stop <= since_us:
                continue
            if at_us[i] > reached:
                begins[g] = reached
                ends[g] = at_us[i]
                g += 1
            reached = stop
        if reached < until_us:
            begins[g] = reached
            ends[g] = until_us
    return begins, ends
