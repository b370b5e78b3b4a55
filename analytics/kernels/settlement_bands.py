"""Kernel: the temperature and the band of each local day of an episode that samples show below.

A day's band is that of the record of its day (the lowest) for the record's room and of the lowest
one-hour mean for the others, the worst room decides (regulations.md 7.6, 7.20). Shares are
indices into the policy's ascending shares, so nothing is rounded here. Days are independent.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]
FloatArray = NDArray[np.float64]

HOUR = 3_600_000_000  # [µs]; fixed for good
LEAST_KNOWN = 2_700_000_000  # 45 min of an hour [µs], 7.20
NEVER = np.iinfo(np.int64).max
#: As `kernels.settlement_episodes` has them.
SAMPLES = 0
CLOCK, END, REQUEST, HOW, FIRST, LAST, KIND = range(7)
#: As `kernels.settlement_days` has them.
HOUR_MEAN, PART_MEAN, RECORD_OF_DAY, RECORD_BEFORE, UNKNOWN = 1, 2, 3, 4, 11


@njit(cache=True)
def _rank(at: IntArray, first: int, last: int, instant: int) -> int:
    """First of the ascending rows [first, last) that is after the instant."""
    return first + int(np.searchsorted(at[first:last], instant, side="right"))


@njit(cache=True)
def _share(total: int, over: int, edge: IntArray, edge_in: BoolArray, share: ByteArray) -> int:
    """The mean total / over against ascending band tops -> index of its share; above all: 0."""
    for b in range(edge.size):
        if total < edge[b] * over or (edge_in[b] and total == edge[b] * over):
            return int(share[b])
    return 0


@njit(cache=True)
def _lowest_hour(
    first: int,
    last: int,
    at: IntArray,
    until: IntArray,
    value: IntArray,
    rec: BoolArray,
    since: int,
    to: int,
    day: int,
    edge: IntArray,
    edge_in: BoolArray,
    share: ByteArray,
) -> tuple[int, float, int, int, int, int]:
    """One room over [since, to) -> share of its lowest clock hour (-1: none is known well enough),
    the hour's mean and begin, the integral over all that is known, how long, of it telemetry [µs]."""
    worst = -1
    worst_value = np.nan
    worst_at = 0
    whole = 0
    known = 0
    telemetry = 0
    hour = -1
    hour_sum = 0
    hour_known = 0
    i = max(_rank(at, first, last, since) - 1, first)
    while True:
        over = i >= last or at[i] >= to
        a = to if over else max(at[i], since)
        b = to if over else min(until[i], to)
        while True:
            k = NEVER if over else (a - day) // HOUR
            if k != hour:
                if hour_known >= LEAST_KNOWN:
                    here = _share(hour_sum, hour_known, edge, edge_in, share)
                    mean = hour_sum / hour_known
                    if here > worst or (here == worst and mean < worst_value):
                        worst = here
                        worst_value = mean
                        worst_at = day + hour * HOUR
                hour = k
                hour_sum = 0
                hour_known = 0
            if over or a >= b:
                break
            stop = min(b, day + (k + 1) * HOUR)
            hour_sum += value[i] * (stop - a)
            hour_known += stop - a
            whole += value[i] * (stop - a)
            known += stop - a
            if not rec[i]:
                telemetry += stop - a
            a = stop
        if over:
            break
        i += 1
    return worst, worst_value, worst_at, whole, known, telemetry


@njit(cache=True)
def _telemetry_of(
    first: int,
    last: int,
    at: IntArray,
    until: IntArray,
    value: IntArray,
    rec: BoolArray,
    since: int,
    to: int,
    day: int,
    edge: IntArray,
    edge_in: BoolArray,
    share: ByteArray,
) -> tuple[int, float, int, int, int]:
    """One room over [since, to) of one day -> its share, value, instant, kind; telemetry [µs].

    The lowest hour inside; where none is known well enough, the lowest of those that touch the part,
    each taken whole; else the mean of all that is known; where nothing is, share -1.
    """
    worst, mean, worst_at, whole, known, telemetry = _lowest_hour(
        first, last, at, until, value, rec, since, to, day, edge, edge_in, share
    )
    if worst >= 0:
        return worst, mean, worst_at, HOUR_MEAN, telemetry
    since_hour = day + (since - day) // HOUR * HOUR
    to_hour = day + -((day - to) // HOUR) * HOUR
    worst, mean, worst_at, _, _, _ = _lowest_hour(
        first, last, at, until, value, rec, since_hour, to_hour, day, edge, edge_in, share
    )
    if worst >= 0:
        return worst, mean, worst_at, HOUR_MEAN, telemetry
    if known > 0:
        own = _share(whole, known, edge, edge_in, share)
        return own, whole / known, since, PART_MEAN, telemetry
    return -1, np.nan, since, UNKNOWN, telemetry


@njit(cache=True)
def _band_of_day(
    first: IntArray,
    last: IntArray,
    at: IntArray,
    until: IntArray,
    value: IntArray,
    rec: BoolArray,
    record_first: IntArray,
    record_last: IntArray,
    record_at: IntArray,
    record_value: IntArray,
    clock: int,
    end: int,
    day_start: IntArray,
    day: int,
    next_day: int,
    midnight: int,
    edge: IntArray,
    edge_in: BoolArray,
    share: ByteArray,
) -> tuple[int, int, float, int, int]:
    """-> (share or -1, what made it, its temperature [0.001 °C], its instant, its room)."""
    since = max(clock, day)
    to = min(end, next_day)
    best = -1
    made = UNKNOWN
    best_value = np.nan
    best_at = 0
    best_room = 0
    measured = False
    telemetry = 0
    before = -1  # the last record of an earlier day
    for r in range(first.size):
        lowest = NEVER
        lowest_at = 0
        for i in range(record_first[r], record_last[r]):
            if record_at[i] < clock or record_at[i] >= end or record_at[i] >= next_day:
                continue
            if record_at[i] < day:
                before = max(before, record_at[i])
            elif record_value[i] < lowest:
                lowest = record_value[i]
                lowest_at = record_at[i]
        own, own_value, own_at, kind, known = _telemetry_of(
            first[r], last[r], at, until, value, rec, since, to, midnight, edge, edge_in, share
        )
        telemetry += known
        if lowest != NEVER:
            own = _share(lowest, 1, edge, edge_in, share)
            own_value = float(lowest)
            own_at = lowest_at
            kind = RECORD_OF_DAY
        measured = measured or kind == RECORD_OF_DAY
        if own >= 0 and (own > best or (own == best and own_value < best_value)):
            best = own
            best_value = own_value
            best_at = own_at
            best_room = r
            made = kind
    if telemetry == 0 and not measured and before >= 0:  # the lowest of that record's day governs
        since = max(clock, day_start[_rank(day_start, 0, day_start.size, before) - 1])
        lowest = NEVER
        for r in range(first.size):
            for i in range(record_first[r], record_last[r]):
                if since <= record_at[i] <= before and record_value[i] < lowest:
                    lowest = record_value[i]
                    best_at = record_at[i]
                    best_room = r
        best = _share(lowest, 1, edge, edge_in, share)
        return best, RECORD_BEFORE, float(lowest), best_at, best_room
    return best, made, best_value, best_at, best_room


@njit(cache=True, nogil=True)
def bands(
    begin: int,
    stop: int,
    entry_home: IntArray,
    entry_begin: IntArray,
    entry_stop: IntArray,
    entry_midnight: IntArray,
    entry_row: IntArray,
    rooms: IntArray,
    start: IntArray,
    size: IntArray,
    at: IntArray,
    until: IntArray,
    value: IntArray,
    rec: BoolArray,
    record_start: IntArray,
    record_at: IntArray,
    record_value: IntArray,
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
    """Days [begin, stop) of episodes of the kind SAMPLES: share (-1: nothing is known), what made it.

    `episode` (2 * e, 7) as `kernels.settlement_episodes` has them; records of room r lie in
    [`record_start[r]`, `record_start[r + 1]`). An entry is what of its episode lies between its begin
    and stop, a local day or a block of 24 h; its clock hours are counted from a midnight. Times [µs],
    values [0.001 °C].
    """
    for i in range(begin, stop):
        row = episode[entry_row[i]]
        if row[KIND] != SAMPLES:
            continue
        h = entry_home[i]
        first = start[rooms[h] : rooms[h + 1]].copy()
        last = first + size[rooms[h] : rooms[h + 1]]
        out_share[i], out_made[i], out_value[i], out_at[i], out_room[i] = _band_of_day(
            first, last, at, until, value, rec, record_start[rooms[h] : rooms[h + 1]],
            record_start[rooms[h] + 1 : rooms[h + 1] + 1], record_at, record_value, row[CLOCK],
            row[END], day_start, entry_begin[i], entry_stop[i], entry_midnight[i], edge, edge_in, share,
        )  # fmt: skip
