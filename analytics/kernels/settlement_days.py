"""Kernel: what share of the fee each local day of an episode pays, and from which temperature.

The day's band is that of the record of its day (the lowest) for the record's room and of the lowest
one-hour mean for the others, the worst room decides (regulations.md 7.6, 7.20). Shares are
indices into the policy's ascending shares, so nothing is rounded here. Households are independent.
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

#: Columns of an episode as `kernels.settlement_episodes` writes them.
CLOCK, END, REQUEST, HOW, SPELL = range(5)
OPEN = 0
#: What made a day's share; fixed for good.
(
    NOTHING,
    HOUR_MEAN,
    PART_MEAN,
    RECORD_OF_DAY,
    RECORD_BEFORE,
    RETEST,
    PRESUMED,
    REFUSED,
    EXCLUDED,
    EXCUSED,
    USER_FAULT,
    UNKNOWN,
) = range(12)
#: Columns of a day: lower and upper share, what made it, episode + 1.
LO, HI, MADE, EPISODE = range(4)


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
def _share(total: int, over: int, edge: IntArray, edge_in: BoolArray, share: ByteArray) -> int:
    """The mean total / over against ascending band tops -> index of its share; above all: 0."""
    for b in range(edge.size):
        if total < edge[b] * over or (edge_in[b] and total == edge[b] * over):
            return int(share[b])
    return 0


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

    The lowest hour; where none is known well enough the mean of all that is known; where
    nothing is, share -1.
    """
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
    if worst >= 0:
        return worst, worst_value, worst_at, HOUR_MEAN, telemetry
    if known > 0:
        return (
            _share(whole, known, edge, edge_in, share),
            whole / known,
            since,
            PART_MEAN,
            telemetry,
        )
    return -1, np.nan, since, UNKNOWN, telemetry


@njit(cache=True)
def _band_of_day(
    first: IntArray,
    last: IntArray,
    at: IntArray,
    until: IntArray,
    value: IntArray,
    rec: BoolArray,
    clock: int,
    end: int,
    day_start: IntArray,
    d: int,
    edge: IntArray,
    edge_in: BoolArray,
    share: ByteArray,
) -> tuple[int, int, float, int, int]:
    """-> (share or -1, what made it, its temperature [0.001 °C], its instant, its room)."""
    day, next_day = day_start[d], day_start[d + 1]
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
        for i in range(first[r], last[r]):
            if not rec[i] or at[i] < clock or at[i] >= end or at[i] >= next_day:
                continue
            if at[i] >= day:
                if value[i] < lowest:
                    lowest = value[i]
                    lowest_at = at[i]
            else:
                before = max(before, at[i])
        own, own_value, own_at, kind, known = _telemetry_of(
            first[r], last[r], at, until, value, rec, since, to, day, edge, edge_in, share
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
            for i in range(first[r], last[r]):
                if rec[i] and since <= at[i] <= before and value[i] < lowest:
                    lowest = value[i]
                    best_at = at[i]
                    best_room = r
        best = _share(lowest, 1, edge, edge_in, share)
        return best, RECORD_BEFORE, float(lowest), best_at, best_room
    return best, made, best_value, best_at, best_room


@njit(cache=True)
def _overlaps(since: int, to: int, span_since: IntArray, span_until: IntArray) -> bool:
    for i in range(span_since.size):  # noqa: SIM110 (numba compiles no generator)
        if span_since[i] < to and span_until[i] > since:
            return True
    return False


@njit(cache=True)
def _longest_run(clock: int, end: int, fault_since: IntArray, fault_until: IntArray) -> int:
    """Longest part of [clock, end) outside the user's faults, which are sorted [µs]."""
    longest = 0
    free = clock
    for i in range(fault_since.size):
        if fault_until[i] <= free or fault_since[i] >= end:
            continue
        longest = max(longest, fault_since[i] - free)
        free = max(free, fault_until[i])
    return max(longest, end - free)


@njit(cache=True)
def _measured(
    first: IntArray,
    last: IntArray,
    at: IntArray,
    value: IntArray,
    rec: BoolArray,
    since: int,
    to: int,
    standard: int,
) -> tuple[int, int, int]:
    """Records in [since, to) -> (how many failed, the lowest of them, instant of the first record)."""
    failed = 0
    lowest = NEVER
    earliest = NEVER
    for r in range(first.size):
        for i in range(first[r], last[r]):
            if not rec[i] or at[i] < since or at[i] >= to:
                continue
            earliest = min(earliest, at[i])
            if value[i] < standard:
                failed += 1
                lowest = min(lowest, value[i])
    return failed, lowest, earliest


@njit(cache=True)
def _days_of(
    episode: IntArray,
    number: int,
    first: IntArray,
    last: IntArray,
    at: IntArray,
    until: IntArray,
    value: IntArray,
    rec: BoolArray,
    standard: int,
    day_start: IntArray,
    closed: ByteArray,
    refused: BoolArray,
    fault_since: IntArray,
    fault_until: IntArray,
    edge: IntArray,
    edge_in: BoolArray,
    share: ByteArray,
    worst: int,
    include_recovery: bool,
    limit: int,
    retest: bool,
    out: NDArray[np.int16],
    out_value: FloatArray,
    out_at: IntArray,
    out_room: NDArray[np.int16],
) -> None:
    """Writes the days of one episode that has passed the gate; a shared day keeps the higher."""
    clock, end = episode[CLOCK], episode[END]
    failed, lowest, _ = _measured(first, last, at, value, rec, clock, end, standard)
    late_from, late_to = NEVER, NEVER  # presumed days start in [late_from, late_to)
    if limit >= 0:
        ends = episode[REQUEST] + limit
        _, _, early = _measured(first, last, at, value, rec, episode[REQUEST], ends + 1, standard)
        if early == NEVER and end > ends:
            _, _, late_at = _measured(first, last, at, value, rec, ends + 1, NEVER, standard)
            late_from = day_start[_rank(day_start, 0, day_start.size, ends) - 1]
            d = _rank(day_start, 0, day_start.size, late_at) - 1
            late_to = NEVER if late_at == NEVER else day_start[d]
    d = _rank(day_start, 0, day_start.size, clock) - 1
    while d < day_start.size - 1 and day_start[d] < end:
        day, next_day = day_start[d], day_start[d + 1]
        if episode[HOW] != OPEN and end < next_day and not include_recovery:
            break
        made = NOTHING
        low = high = 0
        temperature = np.nan
        instant = 0
        room = 0
        if closed[d] > 0:
            made = closed[d]
        elif refused[d]:
            made = REFUSED
        elif _overlaps(max(clock, day), min(end, next_day), fault_since, fault_until):
            made = USER_FAULT
        elif late_from <= day < late_to:
            made = PRESUMED
            low = high = worst
        else:
            own, made, temperature, instant, room = _band_of_day(
                first, last, at, until, value, rec, clock, end, day_start, d, edge, edge_in, share
            )
            low = max(own, 0)
            high = worst if own < 0 else own
            if retest and failed >= 2:
                again = _share(lowest, 1, edge, edge_in, share)
                if again > low or own < 0:
                    made = RETEST
                    temperature = float(lowest)
                low = max(low, again)
                high = low
        old = out[d]
        if old[EPISODE] == 0 or low > old[LO] or (low == old[LO] and high > old[HI]):
            out[d, LO] = low
            out[d, HI] = high
            out[d, MADE] = made
            out[d, EPISODE] = number + 1
            out_value[d] = temperature
            out_at[d] = instant
            out_room[d] = room
        d += 1


@njit(cache=True, nogil=True)
def days(
    begin: int,
    stop: int,
    rooms: IntArray,
    start: IntArray,
    size: IntArray,
    at: IntArray,
    until: IntArray,
    value: IntArray,
    rec: BoolArray,
    standard: int,
    episode_start: IntArray,
    episode_count: IntArray,
    episode: IntArray,
    day_start: IntArray,
    closed: ByteArray,
    refused: BoolArray,
    fault_start: IntArray,
    fault_since: IntArray,
    fault_until: IntArray,
    edge: IntArray,
    edge_in: BoolArray,
    share: ByteArray,
    worst: int,
    gate: int,
    gate_open: bool,
    include_recovery: bool,
    limit: int,
    retest: bool,
    out_run: IntArray,
    out: NDArray[np.int16],
    out_value: FloatArray,
    out_at: IntArray,
    out_room: NDArray[np.int16],
) -> None:
    """Households [begin, stop): fills (households, 2 bounds, days, ...) where the gate is passed.

    `gate` [µs], -1: none; `gate_open`: the run must be longer than it, not just as long.
    `closed` (days,): 0, EXCLUDED or EXCUSED; `limit` [µs] for the supplier's record, -1: no
    presumption; `out_run` (2, episodes): the run the gate was held against [µs].
    """
    for h in range(begin, stop):
        first = start[rooms[h] : rooms[h + 1]].copy()
        last = first + size[rooms[h] : rooms[h + 1]]
        faults = slice(fault_start[h], fault_start[h + 1])
        for bound in range(2):
            for k in range(episode_count[h, bound]):
                row = episode[bound, episode_start[h] + k]
                run = _longest_run(row[CLOCK], row[END], fault_since[faults], fault_until[faults])
                out_run[bound, episode_start[h] + k] = run
                if run < gate or (gate_open and run == gate):
                    continue
                _days_of(
                    row, k, first, last, at, until, value, rec, standard, day_start, closed,
                    refused[h], fault_since[faults], fault_until[faults], edge, edge_in, share,
                    worst, include_recovery, limit, retest, out[h, bound], out_value[h, bound],
                    out_at[h, bound], out_room[h, bound],
                )  # fmt: skip
