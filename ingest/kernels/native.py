# mypy: disable-error-code="assignment"
"""The plainest native JSON in one pass: channel, value, time and revision, nothing else.

Whatever these loops do not recognise they leave to `ingest.kernels.messages`, and that to the codec.
"""

import numpy as np
from numba import njit

from ingest.kernels import plan as p
from ingest.kernels.places import copied
from ingest.kernels.text import Bytes, Ints, begins, iso_at, number_at, plain_end, skip_blanks
from ingest.kernels.written import YEAR_2200_US

_CHANNEL = np.frombuffer(b"channel", dtype=np.uint8)
_VALUE = np.frombuffer(b"value", dtype=np.uint8)
_TIME = np.frombuffer(b"time", dtype=np.uint8)
_REVISION = np.frombuffer(b"revision", dtype=np.uint8)
_READINGS = np.frombuffer(b"readings", dtype=np.uint8)
_NULL = np.frombuffer(b"null", dtype=np.uint8)


@njit(cache=True)
def _time(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """A native time, text with offset or whole seconds or milliseconds -> (µs, next byte or -1)."""
    if data[at] == 34:
        close = plain_end(data, at + 1, end)
        if close < 0:
            return 0, -1
        us, kind = iso_at(data, at + 1, close)
        return us, (close + 1 if kind == 1 else -1)
    number, decimals, after = number_at(data, at, end)
    if after < 0 or decimals or number < 0 or number >= 10**14:
        return 0, -1
    return number * (1_000_000 if number < 10**11 else 1_000), after


@njit(cache=True)
def _value(data: Bytes, at: int, end: int) -> tuple[int, int, int]:
    """A number, a decimal text or null -> (mantissa, decimals or -1 for null, next byte or -1)."""
    if begins(data, at, end, _NULL):
        return 0, -1, at + 4
    if data[at] != 34:
        return number_at(data, at, end)
    mantissa, decimals, after = number_at(data, at + 1, end)
    if after < 0 or after >= end or data[after] != 34:
        return 0, 0, -1
    return mantissa, decimals, after + 1


@njit(cache=True)
def _member(data: Bytes, key: int, key_end: int, at: int, end: int, row: Ints) -> int:
    """One member's value into the row -> byte after it, -1 where it is unknown or a repeat."""
    size = key_end - key
    if size == 7 and row[2] < 0 and begins(data, key, key_end, _CHANNEL):
        if data[at] != 34:
            return -1
        close = plain_end(data, at + 1, end)
        row[2] = at + 1
        row[3] = close - at - 1
        return close + 1 if close >= 0 else -1
    if size == 4 and row[1] < 0 and begins(data, key, key_end, _TIME):
        us, after = _time(data, at, end)
        row[1] = us
        return after if us >= 0 else -1
    if size == 5 and row[5] < -1 and begins(data, key, key_end, _VALUE):
        row[4], row[5], after = _value(data, at, end)
        return after
    if size == 8 and row[6] < 0 and begins(data, key, key_end, _REVISION):
        number, decimals, after = number_at(data, at, end)
        row[6] = number
        plain = decimals == 0 and 0 <= number <= 32_767 and data[at] != 45
        return after if plain else -1
    return -1


@njit(cache=True)
def _record(data: Bytes, at: int, end: int, row: Ints) -> int:
    """One reading's object from its opening brace -> byte after it, -1 where it is not plain."""
    row[1] = row[2] = row[6] = -1
    row[5] = -2
    at = skip_blanks(data, at + 1, end)
    while at < end:
        if data[at] != 34:
            return -1
        key = at + 1
        key_end = plain_end(data, key, end)
        if key_end < 0:
            return -1
        at = skip_blanks(data, key_end + 1, end)
        if at >= end or data[at] != 58:
            return -1
        at = skip_blanks(data, at + 1, end)
        if at >= end:
            return -1
        at = _member(data, key, key_end, at, end, row)
        if at < 0:
            return -1
        at = skip_blanks(data, at, end)
        if at >= end:
            return -1
        if data[at] == 125:
            return at + 1 if row[2] >= 0 and row[5] >= -1 else -1
        if data[at] != 44:
            return -1
        at = skip_blanks(data, at + 1, end)
    return -1


@njit(cache=True)
def _opening(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Start of a payload -> (byte of the first record's brace, closings that must follow).

    Closings: 0 a single reading, 1 a list, 2 `{"readings": [...]}`; the byte is -1 where it is
    none of these.
    """
    at = skip_blanks(data, at, end)
    if at >= end:
        return -1, 0
    if data[at] == 91:
        return skip_blanks(data, at + 1, end), 1
    if data[at] != 123:
        return -1, 0
    key = skip_blanks(data, at + 1, end)
    if key >= end or data[key] != 34 or not begins(data, key + 1, end, _READINGS):
        return at, 0
    colon = skip_blanks(data, key + 10, end)
    if colon >= end or data[key + 9] != 34 or data[colon] != 58:
        return -1, 0
    bracket = skip_blanks(data, colon + 1, end)
    if bracket >= end or data[bracket] != 91:
        return -1, 0
    return skip_blanks(data, bracket + 1, end), 2


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
        at = skip_blanks(data, at, end)
        if closings == 0:
            return count if at == end else -1
        if at < end and data[at] == 44:
            at = skip_blanks(data, at + 1, end)
            continue
        if at >= end or data[at] != 93:
            return -1
        at = skip_blanks(data, at + 1, end)
        if closings == 2:
            if at >= end or data[at] != 125:
                return -1
            at = skip_blanks(data, at + 1, end)
        return count if at == end else -1
    return -1


@njit(cache=True)
def _finished(data: Bytes, row: Ints, device: int, size: int, keys: Bytes, to: int) -> int:
    """A row as `ingest.kernels.plan` has it, its key in `keys` -> the byte after that, -1: not plain."""
    if row[p.TIME_US] >= YEAR_2200_US:
        return -1
    end = copied(data, device, size, keys, to)
    if end < 0 or end == keys.size:
        return -1
    keys[end] = 0
    end = copied(data, row[2], row[3], keys, end + 1)
    row[p.KEY_AT] = to
    row[p.KEY_SIZE] = end - to
    row[p.STATE] = 0
    if row[p.DECIMALS] < 0:
        row[p.STATE] = p.NULL
        row[p.DECIMALS] = 0
    row[p.REVISED] = max(row[p.REVISED], 0)
    row[p.UNIT_ID] = -1
    return end


@njit(cache=True)
def read_native(
    data: Bytes, frames: Ints, prefix: Bytes, suffix: Bytes, keys: Bytes, rows: Ints, taken: Bytes
) -> tuple[int, int]:
    """Native messages on topic `prefix` + device + `suffix` -> (rows (m, 9), bytes of keys) filled.

    Columns of a row are those of `ingest.kernels.plan`. Messages with `taken` (n,) set, and all that is
    not plain, are left out; it is set of those that are read. `rows` must hold a row per 24 bytes of
    payload and one more.
    """
    count = 0
    key_end = 0
    for i in range(frames.shape[0]):
        topic = frames[i, 2]
        device = topic + prefix.size
        after = topic + frames[i, 3] - suffix.size
        if taken[i] or device >= after or not begins(data, topic, after, prefix):
            continue
        if not begins(data, after, after + suffix.size, suffix):
            continue
        single_level = True
        for j in range(device, after):
            single_level &= data[j] != 47
        end = frames[i, 4] + frames[i, 5]
        at, closings = _opening(data, frames[i, 4], end)
        if not single_level or at < 0:
            continue
        got = _message(data, at, end, closings, i, rows, count)
        filled = key_end
        for k in range(count, got):
            if filled >= 0:
                filled = _finished(data, rows[k], device, after - device, keys, filled)
        if got > count and filled >= 0:
            count = got
            key_end = filled
            taken[i] = 1
    return count, key_end
