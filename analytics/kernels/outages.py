"""Kernel: outages of stations, from their flow and supply temperature.

Loss is verified where a known flow is under its floor or a known supply temperature is
under its floor; supply is there where every series the station has is known and not under
its floor; else nothing is known. An outage begins at the first instant of loss and ends at the
first instant of supply *held* for `held_us`; shorter returns chain (regulations.md 7.9).
Inside a window in which heat is off by schedule, missing heat is no loss. Twin: `tests/naive.py`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Columns of an answer's row; fixed for good, so that a compiled copy can't go stale.
START, END, LOST, UNKNOWN, SCHEDULED, LONGEST, ENDED = range(7)
FIELDS = 7
_RUNNING, _LOST, _UNKNOWN, _SCHEDULED = range(4)


@njit(cache=True, nogil=True)
def _look(
    at_us: IntArray,
    value: IntArray,
    usable: BoolArray,
    i: int,
    first: int,
    end: int,
    hold_us: int,
    floor: int,
    t: int,
    until_us: int,
) -> tuple[int, int]:
    """Row i: the last at or before t, `first - 1` where there is none -> state at t, until when. [µs]"""
    change = at_us[i + 1] if i + 1 < end else until_us
    if i < first or not usable[i] or t >= at_us[i] + hold_us:
        return _UNKNOWN, change
    state = _LOST if value[i] < floor else _RUNNING
    return state, min(change, at_us[i] + hold_us)


@njit(cache=True, nogil=True)
def _both(flow: int, supply: int, has_flow: bool, has_supply: bool) -> int:
    """Each series' state -> the station's."""
    if (has_flow and flow == _LOST) or (has_supply and supply == _LOST):
        return _LOST
    if (has_flow and flow == _UNKNOWN) or (has_supply and supply == _UNKNOWN):
        return _UNKNOWN
    return _RUNNING if has_flow or has_supply else _UNKNOWN


@njit(cache=True, nogil=True)
def _one(
    s: int,
    f_offsets: IntArray,
    f_at: IntArray,
    f_value: IntArray,
    f_usable: BoolArray,
    f_floor: int,
    t_offsets: IntArray,
    t_at: IntArray,
    t_value: IntArray,
    t_usable: BoolArray,
    t_floor: int,
    hold_us: int,
    off_since: IntArray,
    off_until: IntArray,
    off_first: int,
    off_end: int,
    held_us: int,
    least_us: int,
    since_us: int,
    until_us: int,
    out: IntArray,
    row: int,
    fill: bool,
) -> int:
    """Station s -> how many outages; written into `out` from `row` where `fill`."""
    has_flow = f_offsets[s + 1] > f_offsets[s]
    has_supply = t_offsets[s + 1] > t_offsets[s]
    i, j, w = f_offsets[s] - 1, t_offsets[s] - 1, off_first
    count = 0
    is_open = False
    now = np.zeros(FIELDS, np.int64)
    running_since = -1
    dark = 0  # length of the unknown stretch now running
    t = since_us
    while t < until_us:
        while i + 1 < f_offsets[s + 1] and f_at[i + 1] <= t:
            i += 1
        while j + 1 < t_offsets[s + 1] and t_at[j + 1] <= t:
            j += 1
        while w < off_end and off_until[w] <= t:
            w += 1
        flow, f_change = _look(
            f_at,
            f_value,
            f_usable,
            i,
            f_offsets[s],
            f_offsets[s + 1],
            hold_us,
            f_floor,
            t,
            until_us,
        )
        supply, t_change = _look(
            t_at,
            t_value,
            t_usable,
            j,
            t_offsets[s],
            t_offsets[s + 1],
            hold_us,
            t_floor,
            t,
            until_us,
        )
        here = min(f_change, t_change, until_us)
        state = _both(flow, supply, has_flow, has_supply)
        if w < off_end:
            inside = off_since[w] <= t
            here = min(here, off_until[w] if inside else off_since[w])
            if inside and state != _RUNNING:
                state = _SCHEDULED
        length = here - t
        dark = dark + length if state == _UNKNOWN else 0
        if state == _LOST and not is_open:
            is_open = True
            now[:] = 0
            now[START] = t
        if state != _RUNNING:
            running_since = -1
        if is_open:
            if state == _RUNNING:
                if running_since < 0:
                    running_since = t
                if here - running_since >= held_us:
                    now[END] = running_since
                    now[ENDED] = 1
                    if now[LOST] >= least_us:
                        if fill:
                            out[row + count] = now
                        count += 1
                    is_open = False
            elif state == _LOST:
                now[LOST] += length
            elif state == _SCHEDULED:
                now[SCHEDULED] += length
            else:
                now[UNKNOWN] += length
                now[LONGEST] = max(now[LONGEST], dark)
        t = here
    if is_open and now[LOST] >= least_us:
        now[END] = until_us
        if fill:
            out[row + count] = now
        count += 1
    return count


@njit(cache=True, nogil=True)
def outages(
    first: int,
    last: int,
    f_offsets: IntArray,
    f_at: IntArray,
    f_value: IntArray,
    f_usable: BoolArray,
    f_floor: IntArray,
    t_offsets: IntArray,
    t_at: IntArray,
    t_value: IntArray,
    t_usable: BoolArray,
    t_floor: IntArray,
    hold_us: IntArray,
    off_offsets: IntArray,
    off_since: IntArray,
    off_until: IntArray,
    held_us: int,
    least_us: int,
    since_us: int,
    until_us: int,
    into: IntArray,
    counts: IntArray,
    out: IntArray,
) -> None:
    """Stations [first, last): CSR columns of flow [L/h] and supply temperature [mK] with a floor a station, hold a station [µs], windows off by schedule (CSR, apart, increasing) [µs], held and least loss [µs], span [µs] -> (n,) how many outages in `counts`; rows START .. ENDED in `out` (e, 7) from `into[s]` on, where it has room for any."""
    fill = out.shape[0] > 0
    for s in range(first, last):
        counts[s] = _one(
            s, f_offsets, f_at, f_value, f_usable, f_floor[s], t_offsets, t_at, t_value, t_usable,
            t_floor[s], hold_us[s], off_since, off_until, off_offsets[s], off_offsets[s + 1],
            held_us, least_us, since_us, until_us, out, into[s], fill,
        )  # fmt: skip
