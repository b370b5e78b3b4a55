# mypy: disable-error-code="assignment"
# In numba int() of an unsigned byte stays unsigned and mixes to a float: hence np.int64 throughout.
"""Numbers, times and native JSON in bytes: exact, without an object per reading.

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

_CHANNEL = np.frombuffer(b"channel", dtype=np.uint8)
_VALUE = np.frombuffer(b"value", dtype=np.uint8)
_TIME = np.frombuffer(b"time", dtype=np.uint8)
_REVISION = np.frombuffer(b"revision", dtype=np.uint8)
_READINGS = np.frombuffer(b"readings", dtype=np.uint8)
_NULL = np.frombuffer(b"null", dtype=np.uint8)


@njit(cache=True)
def _is(data: Bytes, at: int, end: int, word: Bytes) -> bool:
    """Whether `data[at:end]` begins with `word`."""
    if at + word.size > end:
        return False
    for i in range(word.size):  # noqa: SIM110 - any() would make a generator
        if data[at + i] != word[i]:
            return False
    return True


@njit(cache=True)
def _number(data: Bytes, at: int, end: int) -> tuple[int, int, int]:
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
def _digits(data: Bytes, at: int, end: int, count: int) -> int:
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
def _days(year: int, month: int, day: int) -> int:
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
def _iso(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """ISO 8601 in exactly `data[at:end]` -> (µs, AWARE or LOCAL), kind 0 where it is none."""
    if end - at < 16 or data[at + 4] != 45 or data[at + 7] != 45 or data[at + 13] != 58:
        return 0, 0
    if data[at + 10] != 84 and data[at + 10] != 32:
        return 0, 0
    year = _digits(data, at, end, 4)
    month = _digits(data, at + 5, end, 2)
    day = _digits(data, at + 8, end, 2)
    hour = _digits(data, at + 11, end, 2)
    minute = _digits(data, at + 14, end, 2)
    days = _days(year, month, day)
    if days < -(10**6) or hour < 0 or hour > 23 or minute < 0 or minute > 59:
        return 0, 0
    at += 16
    micros = 0
    second = 0
    if at < end and data[at] == 58:
        second = _digits(data, at + 1, end, 2)
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
    hours = _digits(data, at + 1, end, 2)
    minutes = _digits(data, at + 4, end, 2)
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
            mantissa[i], decimals[i], after = _number(data, at, end)
            state[i] = 1 if after == end else 2


@njit(cache=True)
def read_times(data: Bytes, offsets: Ints, at_us: Ints, kind: Bytes) -> None:
    """Cells as ISO 8601 -> µs (n,) and kind (n,): AWARE, LOCAL, or 0 where it is neither."""
    for i in range(at_us.size):
        at_us[i], kind[i] = _iso(data, offsets[i], offsets[i + 1])


@njit(cache=True)
def _blank(data: Bytes, at: int, end: int) -> int:
    """First byte from `at` that is no JSON white space."""
    while at < end and (data[at] == 32 or data[at] == 10 or data[at] == 13 or data[at] == 9):
        at += 1
    return at


@njit(cache=True)
def _string(data: Bytes, at: int, end: int) -> int:
    """After the opening quote: position of the closing one of a plain ASCII text, else -1."""
    while at < end:
        byte = data[at]
        if byte == 34:
            return at
        if byte < 32 or byte > 126 or byte == 92:
            return -1
        at += 1
    return -1


@njit(cache=True)
def _time(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """A native time, text with offset or whole seconds or milliseconds -> (µs, next byte or -1)."""
    if data[at] == 34:
        close = _string(data, at + 1, end)
        if close < 0:
            return 0, -1
        us, kind = _iso(data, at + 1, close)
        return us, (close + 1 if kind == 1 else -1)
    number, decimals, after = _number(data, at, end)
    if after < 0 or decimals or number < 0 or number >= 10**14:
        return 0, -1
    return number * (1_000_000 if number < 10**11 else 1_000), after


@njit(cache=True)
def _value(data: Bytes, at: int, end: int) -> tuple[int, int, int]:
    """A number, a decimal text or null -> (mantissa, decimals or -1 for null, next byte or -1)."""
    if _is(data, at, end, _NULL):
        return 0, -1, at + 4
    if data[at] != 34:
        return _number(data, at, end)
    mantissa, decimals, after = _number(data, at + 1, end)
    if after < 0 or after >= end or data[after] != 34:
        return 0, 0, -1
    return mantissa, decimals, after + 1


@njit(cache=True)
def _member(data: Bytes, key: int, key_end: int, at: int, end: int, row: Ints) -> int:
    """One member's value into the row -> byte after it, -1 where it is unknown or a repeat."""
    size = key_end - key
    if size == 7 and row[2] < 0 and _is(data, key, key_end, _CHANNEL):
        if data[at] != 34:
            return -1
        close = _string(data, at + 1, end)
        row[2] = at + 1
        row[3] = close - at - 1
        return close + 1 if close >= 0 else -1
    if size == 4 and row[1] < 0 and _is(data, key, key_end, _TIME):
        us, after = _time(data, at, end)
        row[1] = us
        return after if us >= 0 else -1
    if size == 5 and row[5] < -1 and _is(data, key, key_end, _VALUE):
        row[4], row[5], after = _value(data, at, end)
        return after
    if size == 8 and row[6] < 0 and _is(data, key, key_end, _REVISION):
        number, decimals, after = _number(data, at, end)
        row[6] = number
        plain = decimals == 0 and 0 <= number <= 32_767 and data[at] != 45
        return after if plain else -1
    return -1


@njit(cache=True)
def _record(data: Bytes, at: int, end: int, row: Ints) -> int:
    """One reading's object from its opening brace -> byte after it, -1 where it is not plain."""
    row[1] = row[2] = row[6] = -1
    row[5] = -2
    at = _blank(data, at + 1, end)
    while at < end:
        if data[at] != 34:
            return -1
        key = at + 1
        key_end = _string(data, key, end)
        if key_end < 0:
            return -1
        at = _blank(data, key_end + 1, end)
        if at >= end or data[at] != 58:
            return -1
        at = _blank(data, at + 1, end)
        if at >= end:
            return -1
        at = _member(data, key, key_end, at, end, row)
        if at < 0:
            return -1
        at = _blank(data, at, end)
        if at >= end:
            return -1
        if data[at] == 125:
            return at + 1 if row[2] >= 0 and row[5] >= -1 else -1
        if data[at] != 44:
            return -1
        at = _blank(data, at + 1, end)
    return -1


@njit(cache=True)
def _opening(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Start of a payload -> (byte of the first record's brace, closings that must follow).

    Closings: 0 a single reading, 1 a list, 2 `{"readings": [...]}`; the byte is -1 where it is
    none of these.
    """
    at = _blank(data, at, end)
    if at >= end:
        return -1, 0
    if data[at] == 91:
        return _blank(data, at + 1, end), 1
    if data[at] != 123:
        return -1, 0
    key = _blank(data, at + 1, end)
    if key >= end or data[key] != 34 or not _is(data, key + 1, end, _READINGS):
        return at, 0
    colon = _blank(data, key + 10, end)
    if colon >= end or data[key + 9] != 34 or data[colon] != 58:
        return -1, 0
    bracket = _blank(data, colon + 1, end)
    if bracket >= end or data[bracket] != 91:
        return -1, 0
    return _blank(data, bracket + 1, end), 2


@njit(cache=True)
def _message(
    data: Bytes, at: int, end: int, closings: int, frame: int, rows: Ints, count: int
) -> int:
    """All records of one message into rows from `count` on -> new count, -1 where not plain."""
    while at < end and data[at] == 123:
        at = _record(data, at, end, rows[count])
        if at < 0:
            return -1
        rows[count, 0] = frame
        count += 1
        at = _blank(data, at, end)
        if closings == 0:
            return count if at == end else -1
        if at < end and data[at] == 44:
            at = _blank(data, at + 1, end)
            continue
        if at >= end or data[at] != 93:
            return -1
        at = _blank(data, at + 1, end)
        if closings == 2:
            if at >= end or data[at] != 125:
                return -1
            at = _blank(data, at + 1, end)
        return count if at == end else -1
    return -1


@njit(cache=True)
def read_native(
    data: Bytes, frames: Ints, prefix: Bytes, suffix: Bytes, rows: Ints, skip: Bytes
) -> int:
    """Native messages on topic `prefix` + device + `suffix` -> rows (m, 7), their count.

    Columns of a row: frame, time [µs] (-1: none), channel at, its size, mantissa, decimals
    (-1: null), revision (-1: none). Messages with `skip` set, and all that is not plain, are
    left out. `rows` must hold a row per 24 bytes of payload and one more.
    """
    count = 0
    for i in range(frames.shape[0]):
        topic = frames[i, 2]
        device = topic + prefix.size
        after = topic + frames[i, 3] - suffix.size
        if skip[i] or device >= after or not _is(data, topic, after, prefix):
            continue
        if not _is(data, after, after + suffix.size, suffix):
            continue
        single_level = True
        for j in range(device, after):
            single_level &= data[j] != 47
        end = frames[i, 4] + frames[i, 5]
        at, closings = _opening(data, frames[i, 4], end)
        if single_level and at >= 0:
            got = _message(data, at, end, closings, i, rows, count)
            count = max(count, got)
    return count
