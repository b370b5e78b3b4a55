"""Kernel: what share of the fee each local day of an episode pays, and what made it.

The band of each day comes from `kernels.settlement_bands` or `settlement_records`; here are the
presumptions, refusals, re-tests and days of the user's fault (regulations.md 7.20). Shares are
indices into the policy's ascending shares, so nothing is rounded. Households are independent.
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
SAMPLES, RECORDS, PRESUMED_ALONE, SILENT = range(4)
CLOCK, END, REQUEST, HOW, FIRST, LAST, KIND = range(7)
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
    RECORD_AFTER,
    PASSED,
    DEEMED,
    BY_CAUSE,
) = range(16)
#: Columns of a day: lower and upper share, what made it, episode + 1.
LO, HI, MADE, EPISODE = range(4)


@njit(cache=True)
def _rank(at: IntArray, first: int, last: int, instant: int) -> int:
    """First of the ascending rows [first, last) that is after the instant."""
    return first + int(np.searchsorted(at[first:last], instant, side="right"))


@njit(cache=True)
def _share(celsius: int, edge: IntArray, edge_in: BoolArray, share: ByteArray) -> int:
    """A temperature [0.001 °C] against ascending band tops -> index of its share; above all: 0."""
    for b in range(edge.size):
        if celsius < edge[b] or (edge_in[b] and celsius == edge[b]):
            return int(share[b])
    return 0


@njit(cache=True)
def _failed(
    first: IntArray,
    last: IntArray,
    at: IntArray,
    value: IntArray,
    since: int,
    to: int,
    standard: int,
    day_start: IntArray,
) -> tuple[int, int]:
    """Records in [since, to) -> the lowest that failed, or NEVER; on how many days, to two."""
    lowest = NEVER
    day = -1
    days = 0
    for r in range(first.size):
        for i in range(first[r], last[r]):
            if at[i] < since or at[i] >= to or value[i] >= standard:
                continue
            lowest = min(lowest, value[i])
            own = _rank(day_start, 0, day_start.size, at[i])
            if day < 0:
                day, days = own, 1
            elif own != day:
                days = 2
    return lowest, days


@njit(cache=True)
def _presumed(
    request: int, last: int, limit: int, came: IntArray, day_start: IntArray
) -> tuple[int, int]:
    """Presumed days start in [from, to): from the one on which the limit ends to the one before the
    supplier came or was refused; NEVER, NEVER where nobody is late."""
    ends = request + limit
    i = _rank(came, 0, came.size, request - 1)
    if limit < 0 or last <= ends or (i < came.size and came[i] <= ends):
        return NEVER, NEVER
    since = day_start[_rank(day_start, 0, day_start.size, ends) - 1]
    if i == came.size:
        return since, NEVER
    return since, day_start[_rank(day_start, 0, day_start.size, came[i]) - 1]


@njit(cache=True)
def _mark_fault(
    episode: IntArray,
    number: int,
    day_start: IntArray,
    fault: BoolArray,
    closed: ByteArray,
    out: NDArray[np.int16],
) -> None:
    """Days of the user's fault in an episode as it would be without it: they pay nothing."""
    d = _rank(day_start, 0, day_start.size, episode[FIRST]) - 1
    while d < fault.size and day_start[d] < episode[LAST]:
        if fault[d] and out[d, EPISODE] == 0 and closed[d] == 0:
            out[d, MADE] = USER_FAULT
            out[d, EPISODE] = number + 1
        d += 1


@njit(cache=True)
def _day(
    kind: int,
    day: int,
    presumed_from: int,
    presumed_to: int,
    own: int,
    made: int,
    lowest: int,
    failed_days: int,
    edge: IntArray,
    edge_in: BoolArray,
    share: ByteArray,
    worst: int,
    band_open: bool,
) -> tuple[int, int, int]:
    """-> lower share, upper share, what made it, of a day that nothing closes."""
    presumed = presumed_from <= day < presumed_to
    if presumed and not band_open:
        return worst, worst, PRESUMED
    if presumed and kind == PRESUMED_ALONE:
        return 0, worst, DEEMED
    if kind == PRESUMED_ALONE:  # all its records pass: decided, but for the days before
        if presumed_from != NEVER and day < presumed_from:
            return 0, worst, UNKNOWN
        return 0, 0, PASSED
    low = max(own, 0)
    high = worst if own < 0 else own
    if failed_days >= 2:
        again = _share(lowest, edge, edge_in, share)
        if again > low or own < 0:
            return again, again, RETEST
        high = low
    if presumed and low < worst:
        return low, worst, DEEMED
    return low, high, made


@njit(cache=True, nogil=True)
def days(
    begin: int,
    stop: int,
    rooms: IntArray,
    record_start: IntArray,
    record_at: IntArray,
    record_value: IntArray,
    standard: int,
    episode_start: IntArray,
    episode_count: IntArray,
    episode: IntArray,
    day_start: IntArray,
    closed: ByteArray,
    refused: BoolArray,
    fault: BoolArray,
    came_start: IntArray,
    came_at: IntArray,
    entry_start: IntArray,
    entry_day: IntArray,
    entry_share: NDArray[np.int16],
    entry_made: ByteArray,
    entry_value: FloatArray,
    entry_at: IntArray,
    entry_room: NDArray[np.int16],
    edge: IntArray,
    edge_in: BoolArray,
    share: ByteArray,
    worst: int,
    limit: int,
    shown_only: bool,
    band_open: bool,
    retest: bool,
    out: NDArray[np.int16],
    out_value: FloatArray,
    out_at: IntArray,
    out_room: NDArray[np.int16],
) -> None:
    """Households [begin, stop): fills (households, 2 bounds, days, ...) from their episodes' entries.

    Rows of episodes lie bound after bound in `episode` (2 * e, 7); row k has the entries
    [`entry_start[k]`, `entry_start[k + 1]`), none where it missed the gate. `closed` (days,): 0,
    EXCLUDED or EXCUSED; `limit` [µs] for the supplier's record, -1: no presumption; `shown_only`: none
    either where no record shows a household without telemetry below; `band_open`: presumed days are
    below in a band that is open; `came_at`: records and
    refusals of each household. A day that two episodes share pays the higher.
    """
    half = episode.shape[0] // 2
    for h in range(begin, stop):
        first = record_start[rooms[h] : rooms[h + 1]]
        last = record_start[rooms[h] + 1 : rooms[h + 1] + 1]
        came = came_at[came_start[h] : came_start[h + 1]]
        for bound in range(2):
            told = out[h, bound]
            for number in range(episode_count[h, bound]):
                k = bound * half + episode_start[h] + number
                row = episode[k]
                _mark_fault(row, number, day_start, fault[h], closed, told)
                since, to = _presumed(row[REQUEST], row[LAST], limit, came, day_start)
                if shown_only and (row[KIND] == SILENT or row[KIND] == PRESUMED_ALONE):
                    since, to = NEVER, NEVER
                lowest, failed = NEVER, 0
                if retest and entry_start[k] < entry_start[k + 1]:
                    lowest, failed = _failed(
                        first, last, record_at, record_value, row[CLOCK], row[END], standard, day_start
                    )  # fmt: skip
                for e in range(entry_start[k], entry_start[k + 1]):
                    d = entry_day[e]
                    low, high = 0, 0
                    temperature = np.nan
                    if closed[d] > 0:
                        made = int(closed[d])
                    elif refused[h, d]:
                        made = REFUSED
                    else:
                        own = int(entry_share[e])
                        low, high, made = _day(
                            row[KIND], day_start[d], since, to, own, int(entry_made[e]), lowest,
                            failed, edge, edge_in, share, worst, band_open,
                        )  # fmt: skip
                        if made == RETEST:
                            temperature = float(lowest)
                        elif made != PRESUMED:
                            temperature = entry_value[e]
                    old = told[d, LO]
                    most = max(told[d, HI], high)
                    if told[d, EPISODE] == 0 or low > old or (low == old and high > told[d, HI]):
                        told[d, LO] = low
                        told[d, MADE] = made
                        told[d, EPISODE] = number + 1
                        out_value[h, bound, d] = temperature
                        out_at[h, bound, d] = entry_at[e]
                        out_room[h, bound, d] = entry_room[e]
                    told[d, HI] = most
