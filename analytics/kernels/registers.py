"""Kernel: what registers counted in each bin, all exact in integers (Wh or L).

A register that is read at two instants counted the difference between them, whatever else it said in between:
rows that are not usable are passed over. A fall counts only where the register rolled over by its known length,
the rise fits and it does not come back. A fall that comes back, and a leap that falls back, are wrong readings (a zero between two alike); any other
fall or leap leaves its time unknown. What was counted over a bin's edge goes to both sides by time; over
longer than a value stands it is marked as shared out. Twin: `tests/naive_registers.py`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Bits of why a bin is not plainly measured; fixed for good, so that a compiled copy can't go stale.
SHARED, FELL, LEAPT, SILENT, ROLLED, WRONG, UNUSABLE, EXCHANGED, NO_METER, SEVERAL, TEMPERATURES = (
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024,
)  # fmt: skip
#: Rows behind a leap in which it may come back. [µs]
_BACK_US = 86_400_000_000
_CHUNK = 17  # bits of a long multiplication: 2^45 µs are a year, and 2^(45 + 17) fits


@njit(cache=True, nogil=True)
def _part(amount: int, passed: int, whole: int) -> int:
    """Amount × passed / whole, rounded down; passed and whole below 2^45 [µs], so that 64 bits suffice."""
    each, rest = amount // whole, amount % whole
    part = 0
    left = 0
    for shift in (2 * _CHUNK, _CHUNK, 0):
        digit = (passed >> shift) & ((1 << _CHUNK) - 1)
        left = (left << _CHUNK) + rest * digit
        part = (part << _CHUNK) + left // whole
        left %= whole
    return each * passed + part


@njit(cache=True, nogil=True)
def _most(begin: int, end: int, rate: int, slack: int) -> int:
    """[µs], [µs], most an hour, how coarse the register may be -> the most it can have counted."""
    return rate * ((end - begin) // 1_000_000) // 3_600 + slack


@njit(cache=True, nogil=True)
def _step(a: int, b: int, most: int, length: int) -> tuple[int, int]:
    """From value a to value b, at most so much; length of the register, 0: not known -> counted, why (0: plainly)."""
    moved = b - a
    if 0 <= moved <= most:
        return moved, 0
    if moved > 0:
        return 0, LEAPT
    if length > a and moved + length <= most:
        return moved + length, ROLLED
    return 0, FELL


@njit(cache=True, nogil=True)
def _back(
    at_us: IntArray,
    value: IntArray,
    usable: BoolArray,
    p: int,
    c: int,
    end: int,
    rate: int,
    slack: int,
) -> tuple[int, bool]:
    """Row p, and c behind it that fell or leapt -> the row that goes on from p, -1: none; whether that is certain."""
    before = c
    falls = value[c] < value[p]
    low = True  # nothing has counted up from c so far
    for j in range(c + 1, end):
        near = at_us[j] - at_us[c] <= _BACK_US
        if not near and not (falls and low):
            break
        if not usable[j]:
            continue
        moved = value[j] - value[p]
        goes_on = 0 <= moved <= _most(at_us[p], at_us[j], rate, slack)
        if goes_on and not falls and value[j] < value[before]:
            return j, True
        if goes_on and falls and 2 * (value[j] - value[before]) >= value[p] - value[c]:
            can_count = value[j] - value[before] <= _most(at_us[before], at_us[j], rate, slack)
            return j, near or not can_count
        low = low and value[j] <= value[c]
        before = j
    return -1, False


@njit(cache=True, nogil=True)
def _unknown(
    begin: int, end: int, why: int, edges_us: IntArray, unknown_us: IntArray, marks: IntArray
) -> None:
    """Adds a stretch [µs] to the bins that it lies in."""
    for k in range(edges_us.size - 1):
        inside = min(end, edges_us[k + 1]) - max(begin, edges_us[k])
        if inside > 0:
            unknown_us[k] += inside
            marks[k] |= why


@njit(cache=True, nogil=True)
def _count(
    begin: int,
    end: int,
    moved: int,
    why: int,
    is_long: bool,
    edges_us: IntArray,
    first: int,
    counted: IntArray,
    shared: IntArray,
    marks: IntArray,
) -> None:
    """Adds what was counted in a stretch [µs] to its bins, which begin at bin `first`, by time."""
    whole = end - begin
    for k in range(first, edges_us.size - 1):
        since, until = max(begin, edges_us[k]), min(end, edges_us[k + 1])
        if edges_us[k] >= end:
            break
        if since >= until:
            continue
        marks[k] |= why & ~UNUSABLE
        part = moved
        if until - since < whole:
            part = _part(moved, until - begin, whole) - _part(moved, since - begin, whole)
        counted[k] += part
        if is_long and moved > 0 and until - since < whole:
            shared[k] += part
            marks[k] |= SHARED | (why & UNUSABLE)


@njit(cache=True, nogil=True)
def _one(
    at_us: IntArray,
    value: IntArray,
    usable: BoolArray,
    first: int,
    end: int,
    since_us: int,
    until_us: int,
    stands_us: int,
    rate: int,
    slack: int,
    length: int,
    edges_us: IntArray,
    counted: IntArray,
    shared: IntArray,
    unknown_us: IntArray,
    marks: IntArray,
) -> None:
    """One register, rows [first, end)."""
    p = first
    while p < end and not usable[p]:
        p += 1
    if p == end:
        _unknown(since_us, until_us, SILENT, edges_us, unknown_us, marks)
        return
    if at_us[p] - since_us >= stands_us:
        _unknown(since_us, at_us[p], SILENT, edges_us, unknown_us, marks)
    k = 0
    c = p + 1
    while c < end:
        if not usable[c]:
            c += 1
            continue
        most = _most(at_us[p], at_us[c], rate, slack)
        moved, why = _step(value[p], value[c], most, length)
        if why != 0:
            j, certain = _back(at_us, value, usable, p, c, end, rate, slack)
            if j >= 0 and (certain or why != ROLLED):
                c = j
                if certain:
                    moved, why = value[c] - value[p], WRONG
        while k < edges_us.size - 2 and edges_us[k + 1] <= at_us[p]:
            k += 1
        if why in (FELL, LEAPT):
            _unknown(at_us[p], at_us[c], why, edges_us, unknown_us, marks)
        else:
            is_long = at_us[c] - at_us[p] > stands_us
            skipped = is_long and c - p > 1
            _count(
                at_us[p], at_us[c], moved, why | (UNUSABLE if skipped else 0), is_long, edges_us, k,
                counted, shared, marks,
            )  # fmt: skip
        p = c
        c += 1
    if until_us - at_us[p] >= stands_us:
        _unknown(at_us[p], until_us, SILENT, edges_us, unknown_us, marks)


@njit(cache=True, nogil=True)
def register_deltas(
    first: int,
    last: int,
    offsets: IntArray,
    at_us: IntArray,
    value: IntArray,
    usable: BoolArray,
    since_us: IntArray,
    until_us: IntArray,
    stands_us: IntArray,
    rate: IntArray,
    slack: IntArray,
    length: IntArray,
    edges_us: IntArray,
    counted: IntArray,
    shared: IntArray,
    unknown_us: IntArray,
    marks: IntArray,
) -> None:
    """Registers [first, last): CSR columns of rows inside [since, until] [µs]; how long a reading stands [µs], most it counts an hour, how coarse it may be and its length (0: not known) each; bin edges (b + 1) [µs] -> into zeros counted (n, b), shared out of it (n, b), unknown time (n, b) [µs], why (n, b) bits."""
    for s in range(first, last):
        _one(
            at_us, value, usable, offsets[s], offsets[s + 1], since_us[s], until_us[s],
            stands_us[s], rate[s], slack[s], length[s], edges_us, counted[s], shared[s],
            unknown_us[s], marks[s],
        )  # fmt: skip
