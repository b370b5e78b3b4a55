"""Kernel: how long each room was below the limit of each period in which one applies.

A watched span is a stretch of time with one limit; it belongs to a period (a day or a night), and is
sure where all but the room's temperature that the limit depends on is known. Rooms are independent,
so a range of them is a thread's work.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Columns of what is found of a room in a period. [µs, but the lowest: 0.001 °C]
BELOW, SINCE, UNTIL, LOWEST, OPEN = range(5)
NEVER = np.iinfo(np.int64).max


@njit(cache=True, nogil=True)
def below_limits(
    begin: int,
    stop: int,
    start: IntArray,
    size: IntArray,
    at: IntArray,
    until: IntArray,
    value: IntArray,
    first: IntArray,
    last: IntArray,
    watch_since: IntArray,
    watch_until: IntArray,
    limit: IntArray,
    sure: BoolArray,
    period: IntArray,
    found: IntArray,
) -> None:
    """Rooms [begin, stop) -> `found` (r, p, 5): time below, its first and last instant, the lowest
    value, and the first instant at which it is not known whether the room was below.

    Room r has the samples from `start[r]` on, and the watched spans [first[r], last[r]), both by time.
    `found` comes with 0, NEVER, 0, NEVER, NEVER in its columns.
    """
    for room in range(begin, stop):
        row, behind = start[room], start[room] + size[room]
        for w in range(first[room], last[room]):
            own, now = found[room, period[w]], watch_since[w]
            while now < watch_until[w]:
                while row < behind and until[row] <= now:
                    row += 1
                if row == behind or at[row] > now:
                    own[OPEN] = min(own[OPEN], now)
                    now = watch_until[w] if row == behind else min(at[row], watch_until[w])
                    continue
                end = min(until[row], watch_until[w])
                if value[row] < limit[w]:
                    if sure[w]:
                        own[BELOW] += end - now
                        own[SINCE] = min(own[SINCE], now)
                        own[UNTIL] = max(own[UNTIL], end)
                        own[LOWEST] = min(own[LOWEST], value[row])
                    else:
                        own[OPEN] = min(own[OPEN], now)
                now = end
