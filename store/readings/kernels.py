"""Compiled loops of reading the lake: arrays in, arrays out."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
MarkArray = NDArray[np.uint8]


@njit(cache=True, nogil=True)
def place(
    at: IntArray,
    value: IntArray,
    start: IntArray,
    end: IntArray,
    to: IntArray,
    out_at: IntArray,
    out_value: IntArray,
    repeats: NDArray[np.bool_],
) -> None:
    """Copies (n,) slices `[start, end)` to `out[to:]`; marks those whose times do not increase."""
    for i in range(start.size):
        shift = to[i] - start[i]
        before = at[start[i]] - 1
        for k in range(start[i], end[i]):
            out_at[k + shift] = at[k]
            out_value[k + shift] = value[k]
            if at[k] <= before:
                repeats[i] = True
            before = at[k]


@njit(cache=True)
def _limit(value: int, rule: IntArray) -> int:
    """How long this value may stand, by the sensor's resolution or, undeclared, by its own. [µs]"""
    step = rule[11]
    limit: int = rule[8]
    if step >= rule[7] or (step == 0 and value % rule[7] == 0):
        limit = rule[10]
    elif step >= rule[6] or (step == 0 and value % rule[6] == 0):
        limit = rule[9]
    return limit


@njit(cache=True)
def _possible(j: int, value: IntArray, mark: MarkArray, usable: BoolArray, rule: IntArray) -> bool:
    """Whether a row has a value within the limits."""
    return bool(usable[mark[j]]) and bool(rule[0] <= value[j] <= rule[1])


@njit(cache=True)
def _mark_rows(
    first: int, last: int, marks: MarkArray, usable: BoolArray, judged: MarkArray, as_mark: int
) -> None:
    """Rows [first, last] whose value could be used so far."""
    for k in range(first, last + 1):
        if usable[marks[k]] and usable[judged[k]]:
            judged[k] = as_mark


@njit(cache=True)
def _values(
    first: int, end: int, at: IntArray, value: IntArray, mark: MarkArray, usable: BoolArray,
    rule: IntArray, as_marks: MarkArray, judged: MarkArray,
) -> int:  # fmt: skip
    """One series: limits and runs of one value; -> how often it jumped."""
    least, most, jump, within = rule[0], rule[1], rule[2], rule[3]
    gap, still = rule[5], rule[8] > 0
    before = -1
    start = -1
    jumps = 0
    for j in range(first, end):
        if not usable[mark[j]]:
            continue
        if value[j] < least or value[j] > most:
            judged[j] = as_marks[0]
            continue
        if before >= 0:
            same = value[j] == value[before]
            if not same or at[j] - at[before] > gap:
                if still and at[before] - at[start] > _limit(value[start], rule):
                    _mark_rows(start, before, mark, usable, judged, as_marks[1])
                start = j
            if not same and jump > 0 and abs(value[j] - value[before]) > jump:
                jumps += at[j] - at[before] <= within
        else:
            start = j
        before = j
    if still and start >= 0 and at[before] - at[start] > _limit(value[start], rule):
        _mark_rows(start, before, mark, usable, judged, as_marks[1])
    return jumps


@njit(cache=True)
def _jumps(
    first: int, end: int, jumps: int, at: IntArray, value: IntArray, mark: MarkArray, usable: BoolArray,
    rule: IntArray, as_marks: MarkArray, judged: MarkArray,
) -> None:  # fmt: skip
    """One series with jumps: of levels between two that go opposite ways, those that last shorter.

    They are taken out and what is left is looked at again, as long as there is some: the levels beside one
    are one level without it.
    """
    jump, within, lasts = rule[2], rule[3], rule[4]
    begin = np.empty(jumps + 1, np.int64)  # first and last row of each level
    close = np.empty(jumps + 1, np.int64)
    up = np.empty(jumps, np.bool_)
    out = np.zeros(end - first, np.bool_)
    found = True
    while found:
        found = False
        before = -1
        n = 0
        for j in range(first, end):
            if out[j - first] or not _possible(j, value, mark, usable, rule):
                continue
            if before < 0:
                begin[0] = j
            elif abs(value[j] - value[before]) > jump and at[j] - at[before] <= within:
                close[n] = before
                up[n] = value[j] > value[before]
                n += 1
                begin[n] = j
            before = j
        close[n] = before
        for b in range(1, n):
            long = at[close[b]] - at[begin[b]]
            outer = b > 1 and at[close[b - 1]] - at[begin[b - 1]] < long
            outer = outer or (b < n - 1 and at[close[b + 1]] - at[begin[b + 1]] < long)
            if up[b - 1] != up[b] and long <= lasts and not outer:
                _mark_rows(begin[b], close[b], mark, usable, judged, as_marks[2])
                out[begin[b] - first : close[b] - first + 1] = True
                found = True


_NOTHING, _RUNS, _ALL = range(3)


@njit(cache=True)
def _doubt(first: int, end: int, value: IntArray, mark: MarkArray, rule: IntArray) -> int:
    """What of a series can be impossible at all, seen without times and almost without branches."""
    if first == end:
        return _NOTHING
    least = most = value[first]
    worst = mark[first]
    for j in range(first, end):
        least = min(least, value[j])
        most = max(most, value[j])
        worst = max(worst, mark[j])
    if worst != 0 or least < rule[0] or most > rule[1]:
        return _ALL
    if rule[2] > 0 and most - least > rule[2]:
        return _ALL
    return _RUNS if rule[8] > 0 else _NOTHING


@njit(cache=True)
def _still(
    first: int,
    end: int,
    at: IntArray,
    value: IntArray,
    rule: IntArray,
    as_mark: int,
    judged: MarkArray,
) -> None:
    """One series whose values are all possible and do not jump: runs of one value."""
    start = first
    for j in range(first + 1, end + 1):
        if j < end and value[j] == value[start]:
            continue
        if at[j - 1] - at[start] > rule[8]:
            begin = start  # of the part without a long silence
            for k in range(start + 1, j + 1):
                if k == j or at[k] - at[k - 1] > rule[5]:
                    if at[k - 1] - at[begin] > _limit(value[start], rule):
                        judged[begin:k] = as_mark
                    begin = k
        start = j


@njit(cache=True, nogil=True)
def judge(
    begin: int,
    stop: int,
    offsets: IntArray,
    at: IntArray,
    value: IntArray,
    mark: MarkArray,
    usable: BoolArray,
    which: IntArray,
    rules: IntArray,
    as_marks: MarkArray,
    judged: MarkArray,
) -> None:
    """Series [begin, stop): writes the marks of `domain.plausible` into `judged`, a copy of `mark`.

    `which` (n,) row of `rules` (k, FIELDS of `domain.plausible`); `as_marks` (3,): out of range,
    unchanged, jumped.
    """
    for i in range(begin, stop):
        rule = rules[which[i]]
        first, end = offsets[i], offsets[i + 1]
        doubt = _doubt(first, end, value, mark, rule)
        if doubt == _RUNS:
            _still(first, end, at, value, rule, as_marks[1], judged)
        if doubt != _ALL:
            continue
        jumps = _values(first, end, at, value, mark, usable, rule, as_marks, judged)
        if jumps > 1:
            _jumps(first, end, jumps, at, value, mark, usable, rule, as_marks, judged)


@njit(cache=True)
def _alike(
    first: int,
    end: int,
    value: IntArray,
    mark: MarkArray,
    usable: BoolArray,
    rule: IntArray,
    known: int,
) -> bool:
    """Whether there are possible values in rows [first, end), all of them the known one."""
    found = False
    for j in range(first, end):
        if _possible(j, value, mark, usable, rule):
            if value[j] != known:
                return False
            found = True
    return found


@njit(cache=True, nogil=True)
def may_go_on(
    begin: int,
    stop: int,
    offsets: IntArray,
    at: IntArray,
    value: IntArray,
    mark: MarkArray,
    usable: BoolArray,
    which: IntArray,
    rules: IntArray,
    since: int,
    until: int,
    found: BoolArray,
) -> None:
    """Series [begin, stop) whose judgement in [since, until) may depend on rows that are not here.

    A run of one value that goes through all that is here before or behind the span, and any jump.
    """
    for i in range(begin, stop):
        rule = rules[which[i]]
        start, end = offsets[i], offsets[i + 1]
        first = end  # usable rows of the span
        last = start - 1
        before = -1
        for j in range(start, end):
            if not _possible(j, value, mark, usable, rule):
                continue
            if since <= at[j] < until:
                first = min(first, j)
                last = j
            if rule[2] > 0 and before >= 0 and abs(value[j] - value[before]) > rule[2]:
                found[i] = True
                break
            before = j
        if rule[8] == 0 or found[i] or last < first:
            continue
        found[i] = _alike(start, first, value, mark, usable, rule, value[first]) or _alike(
            last + 1, end, value, mark, usable, rule, value[last]
        )


@njit(cache=True, nogil=True)
def sift(
    value: IntArray,
    mark: MarkArray,
    usable: BoolArray,
    at: IntArray,
    start: IntArray,
    end: IntArray,
    first: IntArray,
    step: IntArray,
    since: int,
    until: int,
    still: int,
    low: IntArray,
    high: IntArray,
    known: IntArray,
    repeats: BoolArray,
) -> None:
    """(n,) slices `[start, end)`: least and greatest usable value, and a row in [since, until) whose
    value came and went within `still`, -1 where there is none. [µs]

    Times are `at` of each row, or where that is empty `first` and each `step` more; `mark` may be
    empty where all are usable. `low` comes as the greatest number, `high` as the least. `repeats`:
    whose times do not increase.
    """
    timed = at.size > 0
    marked = mark.size > 0
    for i in range(start.size):
        a, b = start[i], end[i]
        least, most = low[i], high[i]
        own = value[a:b]  # an index into a slice can't be negative: loops are four times as fast
        if marked:
            own_mark = mark[a:b]
            for k in range(own.size):
                if usable[own_mark[k]]:
                    least = min(least, own[k])
                    most = max(most, own[k])
        else:
            for k in range(own.size):
                least = min(least, own[k])
                most = max(most, own[k])
        low[i] = least
        high[i] = most
        known[i] = -1
        run = -1  # first row of the run of one value, whose begin was seen
        before = -1
        for k in range(a, b):
            if marked and not usable[mark[k]]:
                continue
            if before >= 0 and value[k] != value[before]:
                if run >= 0:
                    came = at[run] if timed else first[i] + (run - a) * step[i]
                    went = at[before] if timed else first[i] + (before - a) * step[i]
                    if since <= came < until and went - came <= still:
                        known[i] = run
                        break
                run = k
            before = k
        if timed and b > a:
            here, next_ = at[a : b - 1], at[a + 1 : b]
            again = False
            for k in range(here.size):
                again |= next_[k] <= here[k]
            repeats[i] = again


@njit(cache=True, nogil=True)
def spread(
    value: IntArray,
    mark: MarkArray,
    start: IntArray,
    end: IntArray,
    first: IntArray,
    step: IntArray,
    out_at: IntArray,
    out_value: IntArray,
    out_mark: MarkArray,
) -> None:
    """(n,) slices of regular times one after the other, each `step` from its `first` on. [µs]"""
    n = 0
    for i in range(start.size):
        t = first[i]
        for k in range(start[i], end[i]):
            out_at[n] = t
            out_value[n] = value[k]
            if mark.size > 0:
                out_mark[n] = mark[k]
            t += step[i]
            n += 1


@njit(cache=True, nogil=True)
def copied(
    value: IntArray,
    mark: MarkArray,
    at: IntArray,
    start: IntArray,
    end: IntArray,
    first: IntArray,
    step: IntArray,
    to: IntArray,
    out_at: IntArray,
    out_value: IntArray,
    out_mark: MarkArray,
) -> None:
    """(n,) slices `[start, end)` to `out[to:]`, their times as `sift` has them. [µs]"""
    for i in range(start.size):
        a, n = start[i], end[i] - start[i]
        out_value[to[i] : to[i] + n] = value[a : a + n]
        if mark.size > 0:
            out_mark[to[i] : to[i] + n] = mark[a : a + n]
        if at.size > 0:
            out_at[to[i] : to[i] + n] = at[a : a + n]
        else:
            own = out_at[to[i] : to[i] + n]
            for k in range(n):
                own[k] = first[i] + step[i] * k
