"""Kernel: cold spells, and which of them a request serves, in two bounds.

Bound 0 takes longer unknown stretches as below, bound 1 as compliant (regulations.md 7.20).
A spell runs from the first sample known below to recovery; an episode is what of it a
request or standing consent claims. Households are independent.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]

#: States as `kernels.settlement_states` writes them; fixed for good.
COMPLIANT, BELOW, SHORT_UNKNOWN, LONG_UNKNOWN, BRIDGED = range(5)
#: How an episode ended; fixed for good.
OPEN, RECOVERED, SUPPOSED, RECORD = range(4)
#: Columns of an episode; fixed for good.
CLOCK, END, REQUEST, HOW, SPELL = range(5)
FIELDS = 5


@njit(cache=True)
def _rank(at: IntArray, first: int, last: int, instant: int) -> int:
    """First of the ascending rows [first, last) that is after the instant."""
    while first < last:
        middle = (first + last) // 2
        if at[middle] <= instant:
            first = middle + 1
        else:
            last = middle
    return first


@njit(cache=True)
def _evidence(
    first: IntArray,
    last: IntArray,
    at: IntArray,
    value: IntArray,
    standard: int,
    since: int,
    until: int,
) -> int:
    """First sample below in [since, until) of any room, -1 where there is none."""
    found = until
    for r in range(first.size):
        i = _rank(at, first[r], last[r], since - 1)
        while i < last[r] and at[i] < found:
            if value[i] < standard:
                found = at[i]
                break
            i += 1
    return found if found < until else -1


@njit(cache=True)
def _serve(
    spell: int,
    end: int,
    how: int,
    request: IntArray,
    next_request: int,
    consent: bool,
    by_evidence: bool,
    first: IntArray,
    last: IntArray,
    at: IntArray,
    value: IntArray,
    standard: int,
    out: IntArray,
    n: int,
) -> tuple[int, int]:
    """One spell [spell, end) -> (episodes written, next request that still waits)."""
    q = next_request
    asked = -1
    clock = -1
    if q < request.size and request[q] <= spell:
        asked = request[q]
        clock = spell
    elif consent:
        asked = spell
        clock = spell
    elif q < request.size and request[q] < end:
        asked = request[q]
        clock = asked
        if by_evidence:
            clock = _evidence(first, last, at, value, standard, asked, end)
            if clock < 0:  # nothing showed it below after the request: it waits for what will
                return n, q
    while q < request.size and request[q] < end:
        q += 1
    if asked < 0:
        return n, q
    out[n, CLOCK] = clock
    out[n, END] = end
    out[n, REQUEST] = asked
    out[n, HOW] = how
    out[n, SPELL] = spell
    return n + 1, q


@njit(cache=True)
def _episodes_of(
    bound: int,
    piece_at: IntArray,
    state: ByteArray,
    held: BoolArray,
    met_at: IntArray,
    end: int,
    request: IntArray,
    consent: bool,
    by_evidence: bool,
    first: IntArray,
    last: IntArray,
    at: IntArray,
    value: IntArray,
    standard: int,
    out: IntArray,
) -> int:
    """One household in one bound -> episodes written."""
    n = 0
    q = 0
    met = 0
    cold = False
    spell = 0
    for i in range(piece_at.size):
        start = piece_at[i]
        stop = piece_at[i + 1] if i + 1 < piece_at.size else end
        recovery = -1
        how = OPEN
        if state[i] == BELOW and not cold:
            cold = True
            spell = start
        if cold and state[i] == COMPLIANT and held[i]:
            recovery = start
            how = RECOVERED
        if cold and state[i] == LONG_UNKNOWN and bound == 1:
            recovery = start
            how = SUPPOSED
        while met < met_at.size and met_at[met] < stop:
            if cold and recovery < 0 and met_at[met] >= start:
                recovery = met_at[met]
                how = RECORD
            met += 1
        if recovery >= 0:
            n, q = _serve(
                spell,
                recovery,
                how,
                request,
                q,
                consent,
                by_evidence,
                first,
                last,
                at,
                value,
                standard,
                out,
                n,
            )
            cold = False
    if cold:
        n, q = _serve(
            spell,
            end,
            OPEN,
            request,
            q,
            consent,
            by_evidence,
            first,
            last,
            at,
            value,
            standard,
            out,
            n,
        )
    return n


@njit(cache=True)
def _without_telemetry(
    request: IntArray,
    met_at: IntArray,
    end: int,
    stopped: int,
    out: IntArray,
) -> int:
    """A household known by records alone: from a request to the next compliant record (7.20).

    Where none is made by `end` recovery is supposed at `stopped`, if that is earlier.
    """
    n = 0
    q = 0
    while q < request.size:
        asked = request[q]
        if asked >= end:
            break
        recovery = end
        how = OPEN
        met = _rank(met_at, 0, met_at.size, asked - 1)
        if met < met_at.size and met_at[met] < end:
            recovery = met_at[met]
            how = RECORD
        if how == OPEN and stopped < end:
            recovery = max(asked, stopped)
            how = SUPPOSED
        while q < request.size and request[q] < recovery:
            q += 1
        if recovery == asked:
            q += 1
            continue
        out[n, CLOCK] = asked
        out[n, END] = recovery
        out[n, REQUEST] = asked
        out[n, HOW] = how
        out[n, SPELL] = asked
        n += 1
    return n


@njit(cache=True, nogil=True)
def episodes(
    begin: int,
    stop: int,
    rooms: IntArray,
    start: IntArray,
    size: IntArray,
    at: IntArray,
    value: IntArray,
    standard: int,
    end: int,
    as_of: int,
    piece_start: IntArray,
    piece_count: IntArray,
    piece_at: IntArray,
    piece_state: ByteArray,
    piece_held: BoolArray,
    met_start: IntArray,
    met_count: IntArray,
    met_at: IntArray,
    request_start: IntArray,
    request_at: IntArray,
    consent: BoolArray,
    by_evidence: bool,
    records_alone: BoolArray,
    out_start: IntArray,
    out: IntArray,
    count: IntArray,
) -> None:
    """Households [begin, stop): fills `out[bound]` from `out_start[household]` on, and `count`.

    `records_alone`: households whose episodes run from the request because no telemetry exists
    (only under policies that start the clock at evidence). Nothing is known from `as_of` to
    the season's `end`. Times [µs], values [0.001 °C].
    """
    for h in range(begin, stop):
        first = start[rooms[h] : rooms[h + 1]].copy()
        last = first + size[rooms[h] : rooms[h + 1]]
        request = request_at[request_start[h] : request_start[h + 1]]
        p = piece_start[h]
        m = met_start[h]
        for bound in range(2):
            slot = out[bound, out_start[h] : out_start[h + 1]]
            if records_alone[h]:
                stopped = end if bound == 0 else as_of
                met = met_at[m : m + met_count[h]]
                count[h, bound] = _without_telemetry(request, met, end, stopped, slot)
                continue
            count[h, bound] = _episodes_of(
                bound,
                piece_at[p : p + piece_count[h]],
                piece_state[p : p + piece_count[h]],
                piece_held[p : p + piece_count[h]],
                met_at[m : m + met_count[h]],
                end,
                request,
                consent[h],
                by_evidence,
                first,
                last,
                at,
                value,
                standard,
                slot,
            )
