"""Kernel: runs below a standard that only held compliance ends. Exact.

Each call works on the series [first, last), so that threads can share them.

A sample stands as in `kernels.sums`. A run begins at the first sample below; it ends at the
first sample of a stretch that is compliant for `recovery_us` without an unknown instant and
with at least two samples (regulations.md 7.4.2, 7.20 "held compliance", "recovery").
Twin: `tests/naive.py`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Columns of an answer's row; fixed for good, so that a compiled copy can't go stale.
START, END, BELOW, UNKNOWN, LONGEST, DEFICIT, LOWEST, RECOVERED = range(8)
FIELDS = 8


@njit(cache=True, nogil=True)
def _one(
    at_us: IntArray,
    value: IntArray,
    usable: BoolArray,
    first: int,
    end: int,
    hold_us: int,
    standard: int,
    recovery_us: int,
    since_us: int,
    until_us: int,
    out: IntArray,
    row: int,
    fill: bool,
) -> int:
    """Rows [first, end) of one series -> how many runs; written into `out` from `row` where `fill`."""
    count = 0
    is_open = False
    now = np.zeros(FIELDS, np.int64)  # the run being built
    compliant_since = -1  # first instant of a compliant stretch not yet held
    samples = 0
    reached = since_us
    for i in range(first, end):
        if not usable[i]:
            continue
        start = max(at_us[i], since_us)
        stop = at_us[i] + hold_us
        if i + 1 < end and at_us[i + 1] < stop:
            stop = at_us[i + 1]
        stop = min(stop, until_us)
        if stop <= start:
            continue
        if start > reached:
            now[UNKNOWN] += start - reached
            now[LONGEST] = max(now[LONGEST], start - reached)
            compliant_since = -1
        reached = stop
        if value[i] < standard:
            if not is_open:
                is_open = True
                now[:] = 0
                now[START] = start
                now[LOWEST] = value[i]
            compliant_since = -1
            now[BELOW] += stop - start
            now[DEFICIT] += (standard - value[i]) * (stop - start)
            now[LOWEST] = min(now[LOWEST], value[i])
        elif is_open:
            if compliant_since < 0:
                compliant_since = start
                samples = 0
            samples += 1
            if stop - compliant_since >= recovery_us and samples >= 2:
                now[END] = compliant_since
                now[RECOVERED] = 1
                if fill:
                    out[row + count] = now
                count += 1
                is_open = False
                compliant_since = -1
    if is_open:
        now[END] = until_us
        now[UNKNOWN] += until_us - reached
        now[LONGEST] = max(now[LONGEST], until_us - reached)
        if fill:
            out[row + count] = now
        count += 1
    return count


@njit(cache=True, nogil=True)
def cold_episodes(
    first: int,
    last: int,
    offsets: IntArray,
    at_us: IntArray,
    value: IntArray,
    usable: BoolArray,
    hold_us: IntArray,
    standard: int,
    recovery_us: int,
    since_us: int,
    until_us: int,
    into: IntArray,
    counts: IntArray,
    out: IntArray,
) -> None:
    """Series [first, last) of CSR columns, standard [mK], recovery [µs], span [µs] -> (n,) how many runs in `counts`; rows START .. RECOVERED in `out` (e, 8) from `into[s]` on, where it has room for any."""
    fill = out.shape[0] > 0
    for s in range(first, last):
        counts[s] = _one(
            at_us, value, usable, offsets[s], offsets[s + 1], hold_us[s],
            standard, recovery_us, since_us, until_us, out, into[s], fill,
        )  # fmt: skip
