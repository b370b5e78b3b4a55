"""Kernel: what is known about a dwelling, piece by piece, from the samples of its covered rooms.

Below while any covered room is known below, compliant while all are known and none is
below, else unknown (regulations.md 7.20 "a dwelling with several rooms"). Households are independent.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]

NEVER = np.iinfo(np.int64).max
#: States of a piece; fixed for good.
COMPLIANT, BELOW, SHORT_UNKNOWN, LONG_UNKNOWN, BRIDGED = range(5)


@njit(cache=True)
def _state(known: IntArray) -> int:
    """(rooms,) -1 unknown, 0 not below, 1 below -> state of the dwelling."""
    unknown = False
    for r in range(known.size):
        if known[r] == 1:
            return BELOW
        unknown = unknown or known[r] == -1
    return SHORT_UNKNOWN if unknown else COMPLIANT


@njit(cache=True)
def _held(state: int, count: IntArray, lasted: int, hold: int) -> bool:
    """Whether a piece of compliance was held: long enough, two samples of each room."""
    if state != COMPLIANT or lasted < hold:
        return False
    for r in range(count.size):  # noqa: SIM110 (numba compiles no generator)
        if count[r] < 2:
            return False
    return True


@njit(cache=True)
def _pieces_of(
    first: IntArray,
    last: IntArray,
    at: IntArray,
    until: IntArray,
    value: IntArray,
    record: BoolArray,
    standard: int,
    since: int,
    end: int,
    hold: int,
    piece_at: IntArray,
    piece_state: ByteArray,
    piece_held: BoolArray,
    piece_record: ByteArray,
    visit: IntArray,
    met_at: IntArray,
) -> tuple[int, int]:
    """One household -> (pieces, visits that serve a request and end an episode).

    Of the `visit`s whose last record of each room passed those count at which no room is known below.

    `piece_record`: bit 0 begun by failing records alone, bit 1 below by nothing but records throughout;
    telemetry of rooms that are not below says nothing about it.
    """
    rooms = first.size
    known = np.full(rooms, -1, np.int64)
    by_record = np.zeros(rooms, np.bool_)  # what is known of the room comes from a record
    expires = np.full(rooms, NEVER, np.int64)
    count, sampled = np.zeros(rooms, np.int64), np.zeros(rooms, np.int64)
    row = first.copy()
    state = SHORT_UNKNOWN
    started = since
    begun_by_record = False
    by_records_alone = False
    n = 0
    met = 0
    v = 0
    while True:
        now = NEVER
        for r in range(rooms):
            now = min(now, expires[r])
            if row[r] < last[r]:
                now = min(now, max(at[row[r]], since))
        if now >= end:
            break
        for r in range(rooms):
            sampled[r] = 0
            if expires[r] == now:
                known[r] = -1
                expires[r] = NEVER
            while row[r] < last[r] and max(at[row[r]], since) == now:
                i = row[r]
                row[r] += 1
                if until[i] <= now:
                    continue
                known[r] = 1 if value[i] < standard else 0
                expires[r] = until[i]
                sampled[r] += 1
                by_record[r] = record[i]
        fresh = _state(known)
        if fresh != state:
            if now > started:
                piece_at[n] = started
                piece_state[n] = state
                piece_held[n] = _held(state, count, now - started, hold)
                piece_record[n] = (1 if begun_by_record else 0) | (2 if by_records_alone else 0)
                n += 1
            state = fresh
            started = now
            for r in range(rooms):
                count[r] = 0
            begun_by_record = by_records_alone = fresh == BELOW
        for r in range(rooms):
            count[r] += sampled[r]
            if known[r] == 1 and not by_record[r]:
                by_records_alone = False
                begun_by_record = begun_by_record and now > started
        while v < visit.size and visit[v] <= now:
            if visit[v] == now and fresh != BELOW:
                met_at[met] = now
                met += 1
            v += 1
    if end > started:
        piece_at[n] = started
        piece_state[n] = state
        piece_held[n] = _held(state, count, end - started, hold)
        piece_record[n] = (1 if begun_by_record else 0) | (2 if by_records_alone else 0)
        n += 1
    return n, met


@njit(cache=True)
def _settle_gaps(
    n: int, end: int, bridge: int, at: IntArray, state: ByteArray, by_record: ByteArray
) -> None:
    """Tells bridged, short and long unknown apart; a failing record inside settles a long one."""
    for i in range(n):
        if state[i] != SHORT_UNKNOWN:
            continue
        stop = at[i + 1] if i + 1 < n else end
        between = 0 < i < n - 1 and state[i - 1] == BELOW and state[i + 1] == BELOW
        if stop - at[i] > bridge:
            state[i] = LONG_UNKNOWN
        elif between:
            state[i] = BRIDGED
    i = 0
    while i < n:  # a gap of telemetry: unknown pieces and failing records in turn
        if state[i] == BELOW or state[i] == COMPLIANT:
            i += 1
            continue
        j = i
        settled = False
        while True:
            island = j + 2 < n and state[j + 1] == BELOW and (by_record[j + 1] & 2) != 0
            if not island or state[j + 2] == COMPLIANT or state[j + 2] == BELOW:
                break
            settled = True
            j += 2
        if i > 0 and j + 1 < n and state[i - 1] == BELOW and state[j + 1] == BELOW:
            settled = settled or (by_record[j + 1] & 1) != 0
            if settled and (by_record[j + 1] & 2) == 0:
                for k in range(i, j + 1):
                    if state[k] == LONG_UNKNOWN:
                        state[k] = BRIDGED
        i = j + 1


@njit(cache=True, nogil=True)
def pieces(
    begin: int,
    stop: int,
    rooms: IntArray,
    start: IntArray,
    size: IntArray,
    at: IntArray,
    until: IntArray,
    value: IntArray,
    record: BoolArray,
    standard: int,
    since: int,
    end: int,
    hold: int,
    bridge: IntArray,
    piece_start: IntArray,
    piece_at: IntArray,
    piece_state: ByteArray,
    piece_held: BoolArray,
    piece_record: ByteArray,
    visit_start: IntArray,
    visit_at: IntArray,
    met_at: IntArray,
    count: IntArray,
    met: IntArray,
) -> None:
    """Households [begin, stop): fills their pieces over [since, end); `count` and `met` say how many.

    `rooms` (households + 1,) into `start` and `size`, which give each room's samples; a piece
    lasts to the next one's `piece_at`; `visit_at`: visits whose rooms all passed, by their last
    record; `met_at`: those of them, from `visit_start[household]` on, at which no room is below.
    """
    for h in range(begin, stop):
        first = start[rooms[h] : rooms[h + 1]].copy()
        last = first + size[rooms[h] : rooms[h + 1]]
        p, q = piece_start[h], piece_start[h + 1]
        m, k = visit_start[h], visit_start[h + 1]
        n, records = _pieces_of(
            first,
            last,
            at,
            until,
            value,
            record,
            standard,
            since,
            end,
            hold,
            piece_at[p:q],
            piece_state[p:q],
            piece_held[p:q],
            piece_record[p:q],
            visit_at[m:k],
            met_at[m:k],
        )
        _settle_gaps(n, end, bridge[h], piece_at[p:q], piece_state[p:q], piece_record[p:q])
        count[h] = n
        met[h] = records
