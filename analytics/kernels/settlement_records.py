"""Kernels: households that measurement records alone say something of, as they have no telemetry.

A failing record makes its room below until the room's next record; an episode runs from the request
to the first visit after which no room's last record fails (regulations.md 7.20, "a household
without telemetry"). Households are independent, and so are days of episodes.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]
FloatArray = NDArray[np.float64]

NEVER = np.iinfo(np.int64).max
#: As `kernels.settlement_episodes` has them.
OPEN, RECOVERED, SUPPOSED, RECORD, FAULT = range(5)
SAMPLES, RECORDS, PRESUMED_ALONE, SILENT = range(4)
CLOCK, END, REQUEST, HOW, FIRST, LAST, KIND = range(7)
#: As `kernels.settlement_days` has them.
RECORD_OF_DAY, RECORD_BEFORE, UNKNOWN, RECORD_AFTER = 3, 4, 11, 12


@njit(cache=True)
def _rank(at: IntArray, first: int, last: int, instant: int) -> int:
    """First of the ascending rows [first, last) that is after the instant."""
    return first + int(np.searchsorted(at[first:last], instant, side="right"))


@njit(cache=True)
def _fails(
    first: IntArray, last: IntArray, at: IntArray, value: IntArray, standard: int, instant: int
) -> bool:
    """Whether some room's last record up to an instant fails."""
    for r in range(first.size):
        i = _rank(at, first[r], last[r], instant)
        if i > first[r] and value[i - 1] < standard:
            return True
    return False


@njit(cache=True)
def _next(
    first: IntArray, last: IntArray, at: IntArray, value: IntArray, below: int, since: int
) -> int:
    """Instant of the first record at or after `since` with a value under `below`; NEVER: none."""
    found = NEVER
    for r in range(first.size):
        i = _rank(at, first[r], last[r], since - 1)
        while i < last[r] and at[i] < found:
            if value[i] < below:
                found = at[i]
            i += 1
    return found


@njit(cache=True)
def _episodes_of(
    bound: int,
    first: IntArray,
    last: IntArray,
    at: IntArray,
    value: IntArray,
    standard: int,
    since: int,
    end: int,
    as_of: int,
    visit: IntArray,
    request: IntArray,
    consent: bool,
    unknown: bool,
    measured: bool,
    out: IntArray,
) -> int:
    """One household in one bound -> episodes written.

    `unknown`: time without a record is a longer unknown, so it is all below in this bound (Henan);
    `measured`: the clock starts at a failing record, at the request only where none was made since.
    """
    n = 0
    q = 0
    free = since  # from here on no request stands
    while True:
        while q < request.size and request[q] < free:
            q += 1
        asked = request[q] if q < request.size else NEVER
        if consent:
            asked = min(asked, _next(first, last, at, value, standard, free))
        if asked >= end:
            return n
        v = _rank(visit, 0, visit.size, asked - 1)
        while v < visit.size and not unknown and _fails(first, last, at, value, standard, visit[v]):
            v += 1
        served = visit[v] if v < visit.size else NEVER
        free = served + 1 if served < end else end
        if served == asked:
            continue
        shown = _next(first, last, at, value, standard, asked)
        if measured and unknown and shown >= served < end:
            continue  # measured, and nothing failed
        clock = asked
        silent = _next(first, last, at, value, NEVER, asked) == NEVER
        if measured and shown < min(served, end):
            clock = shown
        out[n, CLOCK] = out[n, FIRST] = clock
        out[n, END] = min(served, end)
        out[n, REQUEST] = asked
        out[n, HOW] = RECORD if served < end else OPEN
        if served >= end > as_of and bound == 1:
            out[n, END] = max(clock, as_of)
            out[n, HOW] = SUPPOSED
        out[n, LAST] = out[n, END]
        below = shown < min(served, end)
        below = below or (not measured and _fails(first, last, at, value, standard, asked))
        out[n, KIND] = RECORDS if below else SILENT if silent else PRESUMED_ALONE
        if unknown:
            out[n, KIND] = SAMPLES
        n += 1


@njit(cache=True, nogil=True)
def record_episodes(
    begin: int,
    stop: int,
    rooms: IntArray,
    start: IntArray,
    at: IntArray,
    value: IntArray,
    standard: int,
    since: int,
    end: int,
    as_of: int,
    visit_start: IntArray,
    visit_at: IntArray,
    met_count: IntArray,
    met_at: IntArray,
    request_start: IntArray,
    request_at: IntArray,
    consent: BoolArray,
    unknown: bool,
    measured: bool,
    alone: ByteArray,
    out_start: IntArray,
    out: IntArray,
    count: IntArray,
) -> None:
    """Households [begin, stop): fills `out[bound]` where `alone` has the bound's bit, and `count`.

    Records of room r lie in [`start[r]`, `start[r + 1]`) of `at` and `value`; a visit of `visit_at`
    is one whose last record of each room passed, of `met_at` one at which nothing is known below.
    Nothing is known from `as_of` to the season's `end`. Times [µs], values [0.001 °C].
    """
    for h in range(begin, stop):
        first = start[rooms[h] : rooms[h + 1]]
        last = start[rooms[h] + 1 : rooms[h + 1] + 1]
        v = visit_start[h]
        visit = met_at[v : v + met_count[h]] if unknown else visit_at[v : visit_start[h + 1]]
        for bound in range(2):
            if not alone[h] & (1 << bound):
                continue
            count[h, bound] = _episodes_of(
                bound,
                first,
                last,
                at,
                value,
                standard,
                since,
                end,
                as_of,
                visit,
                request_at[request_start[h] : request_start[h + 1]],
                consent[h],
                unknown,
                measured,
                out[bound, out_start[h] : out_start[h + 1]],
            )


@njit(cache=True)
def _share(celsius: int, edge: IntArray, edge_in: BoolArray, share: ByteArray) -> int:
    """A temperature [0.001 °C] against ascending band tops -> index of its share; above all: 0."""
    for b in range(edge.size):
        if celsius < edge[b] or (edge_in[b] and celsius == edge[b]):
            return int(share[b])
    return 0


@njit(cache=True)
def _day_of(day_start: IntArray, instant: int) -> int:
    return _rank(day_start, 0, day_start.size, instant) - 1


@njit(cache=True)
def _first_failing_day(
    first: IntArray,
    last: IntArray,
    at: IntArray,
    value: IntArray,
    standard: int,
    since: int,
    to: int,
    day_start: IntArray,
) -> int:
    """Local day of the first failing visit in [since, to); behind all days where none failed."""
    found = _next(first, last, at, value, standard, since)
    return _day_of(day_start, found) if found < to else day_start.size


@njit(cache=True, nogil=True)
def governing(
    begin: int,
    stop: int,
    entry_home: IntArray,
    entry_day: IntArray,
    entry_row: IntArray,
    rooms: IntArray,
    start: IntArray,
    at: IntArray,
    value: IntArray,
    standard: int,
    episode: IntArray,
    day_start: IntArray,
    edge: IntArray,
    edge_in: BoolArray,
    share: ByteArray,
    out_share: NDArray[np.int16],
    out_made: ByteArray,
    out_value: FloatArray,
    out_at: IntArray,
    out_room: NDArray[np.int16],
) -> None:
    """Days [begin, stop) of episodes of the kind RECORDS: the lowest record that governs each.

    A room's record governs from its local day to that of the room's next record, those of the
    first failing visit also the days before; what passes sets no band. `episode` (2 * e, 7).
    """
    for i in range(begin, stop):
        row = episode[entry_row[i]]
        if row[KIND] != RECORDS:
            continue
        h = entry_home[i]
        d = entry_day[i]
        first = start[rooms[h] : rooms[h + 1]]
        last = start[rooms[h] + 1 : rooms[h + 1] + 1]
        early = _first_failing_day(
            first, last, at, value, standard, row[FIRST], row[LAST], day_start
        )
        lowest = NEVER
        for r in range(first.size):
            j = _rank(at, first[r], last[r], row[FIRST] - 1)
            while j < last[r] and at[j] < row[LAST]:
                own = _day_of(day_start, at[j])
                after = _rank(at, first[r], last[r], at[j])
                until = _day_of(day_start, at[after]) if after < last[r] else day_start.size
                governs = own <= d <= until or (d < early and own == early)
                if value[j] < standard and governs and value[j] < lowest:
                    lowest = value[j]
                    out_share[i] = _share(lowest, edge, edge_in, share)
                    out_made[i] = RECORD_OF_DAY
                    if own < d:
                        out_made[i] = RECORD_BEFORE
                    elif own > d:
                        out_made[i] = RECORD_AFTER
                    out_value[i] = float(value[j])
                    out_at[i] = at[j]
                    out_room[i] = r
                j += 1
