# mypy: disable-error-code="assignment"
# In numba int() of an unsigned byte stays unsigned and mixes to a float: hence np.int64 throughout.
"""Numbers and times in bytes: exact, without an object per value.

Whatever these loops do not recognise they leave to the codec, which is the specification.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

#: Answers of `read_numbers` and `read_times` per cell.
EMPTY, READ, OTHER = 0, 1, 2
#: Kinds of a time: with offset (UTC), without (local).
AWARE, LOCAL = 1, 2


@njit(cache=True)
def begins(data: Bytes, at: int, end: int, word: Bytes) -> bool:
    """Whether `data[at:end]` begins with `word`."""
    if at + word.size > end:
        return False
    for i in range(word.size):  # noqa: SIM110 - any() would make a generator
        if data[at + i] != word[i]:
            return False
    return True


@njit(cache=True)
def number_at(data: Bytes, at: int, end: int) -> tuple[int, int, int]:
    """JSON number without exponent -> (mantissa, decimals, next byte), next -1 where it is none."""
    negative = at < end and data[at] == 45
    if negative:
        at += 1
    first = at
    mantissa = 0
    digits = 0
    decimals = 0
    point = -1
    while at < end:
        byte = data[at]
        if 48 <= byte <= 57:
            if digits == 18 or decimals == 30:
                return 0, 0, -1
            mantissa = mantissa * 10 + (np.int64(byte) - 48)
            if mantissa:
                digits += 1
            if point >= 0:
                decimals += 1
        elif byte == 46 and point < 0 and at > first:
            point = at
        else:
            break
        at += 1
    if at == first or point == at - 1:
        return 0, 0, -1
    whole = (at if point < 0 else point) - first
    if whole > 1 and data[first] == 48:
        return 0, 0, -1
    if at < end and (data[at] == 101 or data[at] == 69 or data[at] == 46):
        return 0, 0, -1
    return (-mantissa if negative else mantissa), decimals, at


@njit(cache=True)
def digits_at(data: Bytes, at: int, end: int, count: int) -> int:
    """`count` digits as a number, -1 where they are not."""
    if at + count > end:
        return -1
    number = 0
    for i in range(at, at + count):
        if data[i] < 48 or data[i] > 57:
            return -1
        number = number * 10 + (np.int64(data[i]) - 48)
    return number


@njit(cache=True)
def days_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a valid Gregorian date, else a number below -10**6."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = 31
    if month in {4, 6, 9, 11}:
        length = 30
    elif month == 2:
        length = 29 if leap else 28
    if year < 1 or month < 1 or month > 12 or day < 1 or day > length:
        return -(10**7)
    y = year - (1 if month <= 2 else 0)
    era = y // 400
    of_era = y - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


@njit(cache=True)
def iso_at(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """ISO 8601 in exactly `data[at:end]` -> (µs, AWARE or LOCAL), kind 0 where it is none."""
    if end - at < 16 or data[at + 4] != 45 or data[at + 7] != 45 or data[at + 13] != 58:
        return 0, 0
    if data[at + 10] != 84 and data[at + 10] != 32:
        return 0, 0
    year = digits_at(data, at, end, 4)
    month = digits_at(data, at + 5, end, 2)
    day = digits_at(data, at + 8, end, 2)
    hour = digits_at(data, at + 11, end, 2)
    minute = digits_at(data, at + 14, end, 2)
    days = days_of(year, month, day)
    if days < -(10**6) or hour < 0 or hour > 23 or minute < 0 or minute > 59:
        return 0, 0
    at += 16
    micros = 0
    second = 0
    if at < end and data[at] == 58:
        second = digits_at(data, at + 1, end, 2)
        if second < 0 or second > 59:
            return 0, 0
        at += 3
        if at < end and data[at] == 46:
            at += 1
            unit = 100_000
            start = at
            while at < end and 48 <= data[at] <= 57:
                micros += (np.int64(data[at]) - 48) * unit
                unit //= 10
                at += 1
            if at == start or at - start > 6:
                return 0, 0
    local = (days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000 + micros
    if at == end:
        return local, 2
    if at + 1 == end and data[at] == 90:
        return local, 1
    if at + 6 != end or data[at + 3] != 58 or (data[at] != 43 and data[at] != 45):
        return 0, 0
    hours = digits_at(data, at + 1, end, 2)
    minutes = digits_at(data, at + 4, end, 2)
    if hours < 0 or hours > 23 or minutes < 0 or minutes > 59:
        return 0, 0
    offset = (hours * 3_600 + minutes * 60) * 1_000_000
    return (local - offset if data[at] == 43 else local + offset), 1


@njit(cache=True)
def read_numbers(data: Bytes, offsets: Ints, mantissa: Ints, decimals: Ints, state: Bytes) -> None:
    """Cells `data[offsets[i]:offsets[i + 1]]` = mantissa * 10**-decimals, state (n,).

    EMPTY where a cell has nothing, OTHER where it is not a plain decimal number.
    """
    for i in range(mantissa.size):
        at = offsets[i]
        end = offsets[i + 1]
        mantissa[i] = decimals[i] = 0
        state[i] = 0
        if at < end:
            mantissa[i], decimals[i], after = number_at(data, at, end)
            state[i] = 1 if after == end else 2


@njit(cache=True)
def read_times(data: Bytes, offsets: Ints, at_us: Ints, kind: Bytes) -> None:
    """Cells as ISO 8601 -> µs (n,) and kind (n,): AWARE, LOCAL, or 0 where it is neither."""
    for i in range(at_us.size):
        at_us[i], kind[i] = iso_at(data, offsets[i], offsets[i + 1])


@njit(cache=True)
def skip_blanks(data: Bytes, at: int, end: int) -> int:
    """First byte from `at` that is no JSON white space."""
    while at < end and (data[at] == 32 or data[at] == 10 or data[at] == 13 or data[at] == 9):
        at += 1
    return at


@njit(cache=True)
def plain_end(data: Bytes, at: int, end: int) -> int:
    """After the opening quote: position of the closing one of a plain ASCII text, else -1."""
    while at < end:
        byte = data[at]
        if byte == 34:
            return at
        if byte < 32 or byte > 126 or byte == 92:
            return -1
        at += 1
    return -1
