# mypy: disable-error-code="assignment, no-any-return"
# In numba int() of an unsigned byte stays unsigned and mixes to a float: hence np.int64 throughout.
"""Dates and times of any written form, by the steps of `ingest.mapping.time_format`.

A step is (what comes, argument): a literal byte and the byte; a number and its least digits.
"""

import numpy as np
from numba import njit

from ingest.kernels.text import AWARE, LOCAL, Bytes, Ints, days_of

#: What a step reads.
LITERAL, BLANK, YEAR, YEAR_OF_CENTURY, MONTH, DAY, HOUR, HOUR_OF_TWELVE = range(8)
MINUTE, SECOND, FRACTION, HALF, OFFSET, MONTH_NAME, WORD = range(8, 15)

_MONTH_NAMES = np.frombuffer(b"janfebmaraprmayjunjulaugsepoctnovdec", dtype=np.uint8)
_MORNING = np.frombuffer("上午".encode(), dtype=np.uint8)
_AFTERNOON = np.frombuffer("下午".encode(), dtype=np.uint8)


@njit(cache=True)
def _begins(data: Bytes, at: int, end: int, word: Bytes) -> bool:
    """Whether `data[at:end]` begins with `word`."""
    if at + word.size > end:
        return False
    same = True
    for i in range(word.size):
        same &= data[at + i] == word[i]
    return same


@njit(cache=True)
def _small(data: Bytes, at: int, end: int, least: int, most: int) -> tuple[int, int]:
    """`least` to `most` digits -> (number, byte after them), -1 where there are fewer."""
    number = 0
    start = at
    while at < end and at - start < most and 48 <= data[at] <= 57:
        number = number * 10 + (np.int64(data[at]) - 48)
        at += 1
    return number, (at if at - start >= least else -1)


@njit(cache=True)
def _blanks(data: Bytes, at: int, end: int) -> int:
    """First byte from `at` that is no space, tab, no-break space or wide Chinese space."""
    while at < end:
        if data[at] == 32 or data[at] == 9:
            at += 1
        elif at + 1 < end and data[at] == 0xC2 and data[at + 1] == 0xA0:
            at += 2
        elif at + 2 < end and data[at] == 0xE3 and data[at + 1] == 0x80 and data[at + 2] == 0x80:
            at += 3
        else:
            break
    return at


@njit(cache=True)
def _half(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """AM, PM, 上午 or 下午 -> (0 or 1, byte after it), -1 where it is none."""
    if _begins(data, at, end, _MORNING):
        return 0, at + 6
    if _begins(data, at, end, _AFTERNOON):
        return 1, at + 6
    if at + 2 > end or data[at + 1] | 32 != 109:
        return 0, -1
    letter = data[at] | 32
    return (1 if letter == 112 else 0), (at + 2 if letter == 97 or letter == 112 else -1)  # noqa: PLR1714


@njit(cache=True)
def _month_name(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """An English month, short or whole -> (1 to 12, byte after its letters), -1 where it is none."""
    if at + 3 > end:
        return 0, -1
    for month in range(12):
        same = True
        for i in range(3):
            same &= data[at + i] | 32 == _MONTH_NAMES[3 * month + i]
        if same:
            at += 3
            while at < end and 97 <= (data[at] | 32) <= 122:
                at += 1
            return month + 1, at
    return 0, -1


@njit(cache=True)
def _offset(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Z, +08, +0800 or +08:00 -> (minutes, byte after it), -1 where it is none."""
    if at < end and data[at] | 32 == 122:
        return 0, at + 1
    if at >= end or (data[at] != 43 and data[at] != 45):
        return 0, -1
    hours, after = _small(data, at + 1, end, 2, 2)
    if after < 0 or hours > 23:
        return 0, -1
    minutes = 0
    colon = 1 if after < end and data[after] == 58 else 0
    if after + colon < end and 48 <= data[after + colon] <= 57:
        minutes, after = _small(data, after + colon, end, 2, 2)
    if after < 0 or minutes > 59:
        return 0, -1
    total = hours * 60 + minutes
    return (total if data[at] == 43 else -total), after


@njit(cache=True)
def _micros(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Up to nine decimals of a second -> ([µs], cut; byte after them), -1 where there is none."""
    start = at
    unit = 100_000
    found = 0
    while at < end and at - start < 9 and 48 <= data[at] <= 57:
        found += (np.int64(data[at]) - 48) * unit
        unit //= 10
        at += 1
    return found, (at if at > start else -1)


@njit(cache=True)
def _word(data: Bytes, at: int, end: int) -> int:
    """Byte after a run without blanks, digits and ASCII punctuation, -1 where there is none."""
    start = at
    while at < end and (data[at] > 127 or 97 <= (data[at] | 32) <= 122):
        if _blanks(data, at, end) > at:
            break
        at += 1
    return at if at > start else -1


@njit(cache=True)
def _step(data: Bytes, at: int, end: int, code: int, argument: int) -> tuple[int, int]:
    """One step at `at` -> (what it reads, byte after it), -1 where it does not fit."""
    if code == LITERAL:
        return 0, (at + 1 if at < end and data[at] == argument else -1)
    if code == BLANK:
        after = _blanks(data, at, end)
        return 0, (after if after > at else -1)
    if code == YEAR:
        return _small(data, at, end, 4, 4)
    if code == FRACTION:
        return _micros(data, at, end)
    if code == HALF:
        return _half(data, at, end)
    if code == OFFSET:
        return _offset(data, at, end)
    if code == MONTH_NAME:
        return _month_name(data, at, end)
    if code == WORD:
        return 0, _word(data, at, end)
    return _small(data, at, end, argument, 2)


@njit(cache=True)
def _read(data: Bytes, at: int, end: int, steps: Ints, found: Ints) -> bool:
    """Whether `data[at:end]` is what the steps say; what they read goes to `found` by its code."""
    for k in range(steps.shape[0]):
        code = steps[k, 0]
        value, at = _step(data, at, end, code, steps[k, 1])
        if at < 0:
            return False
        found[code] = value
    return _blanks(data, at, end) == end


@njit(cache=True)
def _hour(found: Ints, twelve: bool) -> int:
    """The hour from 0 to 23, 24 where it is the day's very end, -1 where it is none."""
    hour = found[HOUR]
    if twelve:
        hour = found[HOUR_OF_TWELVE]
        if hour < 1 or hour > 12:
            return -1
        return hour % 12 + 12 * found[HALF]
    if hour == 24 and found[MINUTE] == 0 and found[SECOND] == 0 and found[FRACTION] == 0:
        return 24
    return hour if hour < 24 else -1


@njit(cache=True)
def _local_days(found: Ints) -> int:
    """Days since 1970-01-01 of the date that was read, below -10**6 where the calendar has none."""
    short = found[YEAR_OF_CENTURY]
    year = found[YEAR]
    if short >= 0:
        year = short + (1900 if short > 68 else 2000)
    return days_of(year, found[MONTH] + found[MONTH_NAME], found[DAY])


@njit(cache=True)
def date_at(data: Bytes, at: int, end: int, steps: Ints, found: Ints) -> tuple[int, int]:
    """`data[at:end]` by the steps -> (µs, AWARE or LOCAL), kind 0 where it does not fit.

    24:00 is the next day's midnight. `found` (15,) is room for what the steps read.
    """
    found[:] = 0
    found[YEAR_OF_CENTURY] = -1
    if not _read(data, _blanks(data, at, end), end, steps, found):
        return 0, 0
    aware = twelve = False
    for k in range(steps.shape[0]):
        aware |= steps[k, 0] == OFFSET
        twelve |= steps[k, 0] == HOUR_OF_TWELVE
    hour = _hour(found, twelve)
    days = _local_days(found)
    if hour < 0 or found[MINUTE] > 59 or found[SECOND] > 59 or days < -(10**6):
        return 0, 0
    seconds = hour * 3_600 + (found[MINUTE] - found[OFFSET]) * 60 + found[SECOND]
    us = (days * 86_400 + seconds) * 1_000_000 + found[FRACTION]
    return us, (AWARE if aware else LOCAL)


@njit(cache=True)
def read_dates(data: Bytes, offsets: Ints, steps: Ints, at_us: Ints, kind: Bytes) -> None:
    """Cells `data[offsets[i]:offsets[i + 1]]` -> µs (n,) and kind (n,): AWARE, LOCAL, or 0 where
    a cell does not fit."""
    found = np.zeros(15, dtype=np.int64)
    for i in range(kind.size):
        at_us[i], kind[i] = date_at(data, offsets[i], offsets[i + 1], steps, found)
