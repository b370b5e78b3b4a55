"""Kernel: cold spells, and the episodes in which a request stands, in two bounds.

Bound 0 takes longer unknown stretches as below, bound 1 as compliant (regulations.md 7.20). A
spell runs from the first sample known below to recovery; an episode is what of it a request or
standing consent claims. Households are independent.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]

NEVER = np.iinfo(np.int64).max
#: States as `kernels.settlement_states` writes them; fixed for good.
COMPLIANT, BELOW, SHORT_UNKNOWN, LONG_UNKNOWN, BRIDGED = range(5)
#: How an episode ended; fixed for good.
OPEN, RECOVERED, SUPPOSED, RECORD, FAULT = range(5)
#: What shows an episode below: samples, failing records alone, or nothing (all records pass).
SAMPLES, RECORDS, PRESUMED_ALONE, SILENT = range(4)
#: What starts its clock: the request, the first evidence at or after it, a failing record at or after it.
AT_REQUEST, AT_EVIDENCE, AT_RECORD = range(3)
#: Columns of an episode; fixed for good. FIRST and LAST: as long as it is with days of a fault.
CLOCK, END, REQUEST, HOW, FIRST, LAST, KIND = range(7)
FIELDS = 7


@njit(cache=True)
def _rank(at: IntArray, first: int, last: int, instant: int) -> int:
    """First of the ascending rows [first, last) that is after the instant."""
    return first + int(np.searchsorted(at[first:last], instant, side="right"))


@njit(cache=True)
def _evidence(
    first: IntArray,
    last: IntArray,
    at: IntArray,
    value: IntArray,
    record: BoolArray,
    records_only: bool,
    standard: int,
    since: int,
    until: int,
) -> int:
    """First sample (or record) below in [since, until) of any room, -1 where there is none."""
    found = until
    for r in range(first.size):
        i = _rank(at, first[r], last[r], since - 1)
        while i < last[r] and at[i] < found:
            if value[i] < standard and (record[i] or not records_only):
                found = at[i]
                break
            i += 1
    return found if found < until else -1


@njit(cache=True)
def _first_served(met_at: IntArray, instant: int) -> int:
    """The first visit that serves, at or after an instant; NEVER where there is none."""
    i = _rank(met_at, 0, met_at.size, instant - 1)
    return met_at[i] if i < met_at.size else NEVER


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
    clock_at: int,
    first: IntArray,
    last: IntArray,
    at: IntArray,
    value: IntArray,
    record: BoolArray,
    standard: int,
    out: IntArray,
) -> int:
    """One household in one bound -> episodes written."""
    n = 0
    met = 0
    cold = False
    spell = 0
    q = 0  # next request that may come to stand
    stands = -1  # the request that does
    served = NEVER  # by the visit of this instant
    for i in range(piece_at.size + 1):
        over = i == piece_at.size
        start = end if over else piece_at[i]
        stop = piece_at[i + 1] if i + 1 < piece_at.size else end
        recovery = -1
        how = OPEN
        if over:
            recovery = end
        elif state[i] == BELOW and not cold:
            cold = True
            spell = start
        elif state[i] == COMPLIANT and held[i]:
            recovery = start
            how = RECOVERED
        elif state[i] == LONG_UNKNOWN and bound == 1:  # with the compliance that runs into it
            recovery = piece_at[i - 1] if i > 0 and state[i - 1] == COMPLIANT else start
            how = SUPPOSED
        while not over and met < met_at.size and met_at[met] < stop:
            if recovery < 0 and met_at[met] >= start:
                recovery = met_at[met]
                how = RECORD
            met += 1
        if not cold or recovery < 0:
            continue
        cold = False
        # The request that stands in the spell: served by a visit after it began, or by none.
        while q < request.size and request[q] < recovery and (stands < 0 or served <= spell):
            if stands < 0 or request[q] > served:
                stands = request[q]
                served = _first_served(met_at, stands)
            q += 1
        if stands >= 0 and served <= spell:
            stands = -1
        if consent and (stands < 0 or stands > spell):
            stands = spell
            served = _first_served(met_at, spell)
        if stands < 0:
            continue
        clock = max(spell, stands)
        if clock_at != AT_REQUEST:
            only = clock_at == AT_RECORD
            shown = _evidence(first, last, at, value, record, only, standard, clock, recovery)
            passed = _first_served(met_at, clock) <= recovery
            if shown < 0 and not (only and bound == 0 and not passed):
                continue  # nothing showed it below after the request
            # Nobody has measured it: what a record would have shown is open (bound 0: below).
            clock = clock if shown < 0 else shown
        out[n, CLOCK] = out[n, FIRST] = clock
        out[n, END] = out[n, LAST] = recovery
        out[n, REQUEST] = stands
        out[n, HOW] = how
        out[n, KIND] = SAMPLES
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
    record: BoolArray,
    standard: int,
    end: int,
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
    clock_at: int,
    alone: ByteArray,
    out_start: IntArray,
    out: IntArray,
    count: IntArray,
) -> None:
    """Households [begin, stop): fills `out[bound]` from `out_start[household]` on, and `count`.

    `alone` (households,) bit b: bound b is not this kernel's, but `kernels.settlement_records`'.
    Times [µs], values [0.001 °C].
    """
    for h in range(begin, stop):
        first = start[rooms[h] : rooms[h + 1]].copy()
        last = first + size[rooms[h] : rooms[h + 1]]
        p = piece_start[h]
        m = met_start[h]
        for bound in range(2):
            if alone[h] & (1 << bound):
                continue
            count[h, bound] = _episodes_of(
                bound,
                piece_at[p : p + piece_count[h]],
                piece_state[p : p + piece_count[h]],
                piece_held[p : p + piece_count[h]],
                met_at[m : m + met_count[h]],
                end,
                request_at[request_start[h] : request_start[h + 1]],
                consent[h],
                clock_at,
                first,
                last,
                at,
                value,
                record,
                standard,
                out[bound, out_start[h] : out_start[h + 1]],
            )
