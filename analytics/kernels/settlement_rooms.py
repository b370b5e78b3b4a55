"""Kernels: the samples of each covered room in one sequence, each with how long it stands.

Telemetry of all series of a room and its signed records are merged by time; of two at one
instant the record counts, else the lower value. A sample stands until the room's next one,
at most `hold` (regulations.md 7.20 "how long a sample stands"). Rooms are independent, so a range of them is a thread's work.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
MarkArray = NDArray[np.uint8]

NEVER = np.iinfo(np.int64).max


@njit(cache=True, nogil=True)
def any_below(
    begin: int,
    stop: int,
    offsets: IntArray,
    at: IntArray,
    value: IntArray,
    mark: MarkArray,
    usable: BoolArray,
    standard: int,
    since: int,
    until: int,
    found: BoolArray,
) -> None:
    """Series [begin, stop): sets `found` where a usable value [0.001 °C] of [since, until) is below."""
    for i in range(begin, stop):
        for j in range(offsets[i], offsets[i + 1]):
            if value[j] < standard and usable[mark[j]] and since <= at[j] < until:
                found[i] = True
                break


@njit(cache=True, nogil=True)
def any_known(
    begin: int,
    stop: int,
    offsets: IntArray,
    at: IntArray,
    mark: MarkArray,
    usable: BoolArray,
    since: int,
    until: int,
    found: BoolArray,
) -> None:
    """Series [begin, stop): sets `found` where a usable value lies in [since, until). [µs]"""
    for i in range(begin, stop):
        for j in range(offsets[i], offsets[i + 1]):
            if usable[mark[j]] and since <= at[j] < until:
                found[i] = True
                break


@njit(cache=True)
def _merge_one(
    rows: IntArray,
    holds: IntArray,
    offsets: IntArray,
    at: IntArray,
    value: IntArray,
    mark: MarkArray,
    usable: BoolArray,
    timed: BoolArray,
    record_at: IntArray,
    record_value: IntArray,
    record_hold: int,
    since: int,
    until: int,
    out_at: IntArray,
    out_until: IntArray,
    out_value: IntArray,
    out_record: BoolArray,
) -> int:
    """One room -> how many samples were written; `until` of each is cut by the next."""
    next_row = np.empty(rows.size, np.int64)
    owner = np.zeros(rows.size, np.bool_)  # series whose reading the last sample is
    for k in range(rows.size):
        next_row[k] = offsets[rows[k]] if rows[k] >= 0 else 0
    record = 0
    n = 0
    while True:
        best = NEVER
        for k in range(rows.size):
            if rows[k] < 0:
                continue
            j = next_row[k]
            while j < offsets[rows[k] + 1] and not timed[mark[j]]:
                j += 1
            next_row[k] = j
            if j < offsets[rows[k] + 1] and at[j] < best:
                best = at[j]
        if record < record_at.size and record_at[record] < best:
            best = record_at[record]
        if best >= until:
            return n
        stands = 0
        lowest = NEVER
        for k in range(rows.size):
            if rows[k] < 0:
                continue
            j = next_row[k]
            if j < offsets[rows[k] + 1] and at[j] == best:
                next_row[k] = j + 1
                if not usable[mark[j]]:
                    owner[k] = False
                    continue
                if lowest == NEVER:
                    owner[:] = False
                owner[k] = True
                lowest = min(lowest, value[j])
                stands = max(stands, holds[k])
        signed = record < record_at.size and record_at[record] == best
        if signed:
            lowest = record_value[record]
            stands = max(stands, record_hold)
            record += 1
        if lowest == NEVER:  # nothing usable: what its series said last stands no longer
            if n > 0 and not out_record[n - 1] and not owner.any():
                out_until[n - 1] = min(out_until[n - 1], best)
                if out_until[n - 1] <= since:
                    n -= 1
            continue
        if n > 0 and out_until[n - 1] > best:
            out_until[n - 1] = best
        if n > 0 and out_until[n - 1] <= since:
            n -= 1  # it stood before the season only
        out_at[n] = best
        out_until[n] = min(best + stands, until)
        out_value[n] = lowest
        out_record[n] = signed
        if out_until[n] > since or best >= since:
            n += 1


@njit(cache=True, nogil=True)
def merge(
    begin: int,
    stop: int,
    room_series: IntArray,
    series_row: IntArray,
    series_hold: IntArray,
    offsets: IntArray,
    at: IntArray,
    value: IntArray,
    mark: MarkArray,
    usable: BoolArray,
    timed: BoolArray,
    room_records: IntArray,
    record_at: IntArray,
    record_value: IntArray,
    record_hold: IntArray,
    since: int,
    until: int,
    out_start: IntArray,
    out_at: IntArray,
    out_until: IntArray,
    out_value: IntArray,
    out_record: BoolArray,
    count: IntArray,
) -> None:
    """Rooms [begin, stop): fills their samples from `out_start[room]` on, `count` says how many.

    `series_row` is the series' row in the columns, -1 where it has none; times [µs],
    values [0.001 °C], holds [µs]. A reading that is not `usable` ends what its series said
    before; one that is not `timed` says nothing about any instant.
    """
    for room in range(begin, stop):
        first, last = room_series[room], room_series[room + 1]
        first_record, last_record = room_records[room], room_records[room + 1]
        start, end = out_start[room], out_start[room + 1]
        count[room] = _merge_one(
            series_row[first:last],
            series_hold[first:last],
            offsets,
            at,
            value,
            mark,
            usable,
            timed,
            record_at[first_record:last_record],
            record_value[first_record:last_record],
            record_hold[room],
            since,
            until,
            out_at[start:end],
            out_until[start:end],
            out_value[start:end],
            out_record[start:end],
        )
