"""Kernel: episodes without the days of a user's fault (regulations.md 7.20, "a user's fault").

The part before ends at 0:00 of their first day, the part after begins at 0:00 of the day after their
last; each has a gate of its own. Households are independent.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: As `kernels.settlement_episodes` has them.
FAULT = 4
CLOCK, END, REQUEST, HOW, FIRST, LAST, KIND = range(7)


@njit(cache=True)
def _write(out: IntArray, n: int, clock: int, end: int, how: int, whole: IntArray) -> int:
    """A row from `whole`, the episode with the days of a fault -> rows written."""
    out[n] = whole
    out[n, CLOCK] = clock
    out[n, END] = end
    out[n, HOW] = how
    return n + 1


@njit(cache=True)
def _cut(whole: IntArray, day_start: IntArray, fault: BoolArray, out: IntArray, n: int) -> int:
    """One episode -> rows written; one that lies on days of a fault alone is a row without length."""
    before = n
    begin = -1
    for d in range(fault.size):
        if day_start[d + 1] <= whole[CLOCK] or day_start[d] >= whole[END]:
            continue
        if not fault[d]:
            if begin < 0:
                begin = max(day_start[d], whole[CLOCK])
        elif begin >= 0:
            n = _write(out, n, begin, day_start[d], FAULT, whole)
            begin = -1
    if begin >= 0:
        return _write(out, n, begin, whole[END], whole[HOW], whole)
    if n == before:
        return _write(out, n, whole[CLOCK], whole[CLOCK], FAULT, whole)
    return n


@njit(cache=True, nogil=True)
def cut_by_faults(
    begin: int,
    stop: int,
    day_start: IntArray,
    fault: BoolArray,
    start: IntArray,
    episode: IntArray,
    count: IntArray,
) -> None:
    """Households [begin, stop): cuts their rows of `episode` (2, e, 7) in place; `count` says how many.

    `fault` (households, days); household h has room from `start[h]` on. Times [µs].
    """
    for h in range(begin, stop):
        if not fault[h].any():
            continue
        for bound in range(2):
            own = episode[bound, start[h] : start[h + 1]]
            whole = own[: count[h, bound]].copy()
            n = 0
            for k in range(whole.shape[0]):
                n = _cut(whole[k], day_start, fault[h], own, n)
            count[h, bound] = n
