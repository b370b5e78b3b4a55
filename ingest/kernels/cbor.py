# mypy: disable-error-code="assignment, no-any-return"
# In numba int() of an unsigned byte stays unsigned and mixes to a float: hence np.int64 throughout.
"""Values of CBOR (RFC 8949) as rows of `ingest.kernels.tape`.

What is not plain has no row: bytes, control characters, lengths that are left open, numbers of more than 18
digits, tags other than that of a decimal fraction.
"""

import numpy as np
from numba import njit

from ingest.kernels import tape as t
from ingest.kernels.floats import decimal_of
from ingest.kernels.msgpack import big_endian, plain_text
from ingest.kernels.resolve import ticks_of
from ingest.kernels.text import Bytes, Ints

#: In place of the size of a key that is an integer, which stands in place of its first byte.
INTEGER = -2
_LIMIT = 10**18
_MOST_EXPONENT = 30
_FALSE, _TRUE, _NULL, _UNDEFINED, _HALF, _DOUBLE = 20, 21, 22, 23, 25, 27
_FRACTION = 0xC4
_PAIR = 0x82


@njit(cache=True)
def _head(data: Bytes, at: int, end: int) -> tuple[int, int, int]:
    """A head -> (major type, the number behind it, byte after), -1 for the byte where it is not plain."""
    first: int = np.int64(data[at])
    number = first & 31
    at += 1
    if number >= 24:
        size = 1 << (number & 3)
        if number > 27 or at + size > end:
            return 0, 0, -1
        number = big_endian(data, at, size)
        at += size
    return first >> 5, number, (at if number >= 0 else -1)


@njit(cache=True)
def _integer(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """An integer -> (it, byte after), -1 for the byte where it is none or not plain."""
    if at >= end:
        return 0, -1
    major, number, at = _head(data, at, end)
    if at < 0 or major > 1 or number >= _LIMIT - 1:
        return 0, -1
    return (number if major == 0 else -1 - number), at


@njit(cache=True)
def _fraction(data: Bytes, at: int, end: int, node: Ints) -> int:
    """A decimal fraction behind its tag -> byte after it, -1 where it is none or not plain."""
    if at >= end or data[at] != _PAIR:
        return -1
    exponent, at = _integer(data, at + 1, end)
    if at < 0 or abs(exponent) > _MOST_EXPONENT:
        return -1
    mantissa, at = _integer(data, at, end)
    if at < 0:
        return -1
    node[t.KIND] = t.NUMBER
    node[t.MANTISSA], held = ticks_of(mantissa, max(exponent, 0))
    node[t.DECIMALS] = max(-exponent, 0)
    return at if held and -_LIMIT < node[t.MANTISSA] < _LIMIT else -1


@njit(cache=True)
def _simple(data: Bytes, at: int, end: int, node: Ints) -> int:
    """A float, true, false or null from its head -> byte after it, -1 where it is none or not plain."""
    info: int = np.int64(data[at]) & 31
    at += 1
    if _HALF <= info <= _DOUBLE:
        size = 1 << (info - 24)
        if at + size > end:
            return -1
        node[t.KIND] = t.NUMBER
        node[t.MANTISSA], node[t.DECIMALS] = decimal_of(big_endian(data, at, size), size)
        return at + size if node[t.DECIMALS] >= 0 else -1
    node[t.KIND] = t.TRUE if info == _TRUE else (t.FALSE if info == _FALSE else t.NULL)
    return at if _FALSE <= info <= _UNDEFINED else -1


@njit(cache=True)
def item(data: Bytes, at: int, end: int, node: Ints) -> int:
    """A value into its row -> byte after it or after its head, -1 where it is not plain.

    Of objects and lists the count of what is in them stands in place of a mantissa.
    """
    node[t.AT] = at
    node[t.SIZE] = 1
    if data[at] == _FRACTION:
        return _fraction(data, at + 1, end, node)
    if data[at] >> 5 == 7:
        return _simple(data, at, end, node)
    major, number, after = _head(data, at, end)
    if after < 0 or number >= _LIMIT - 1:
        return -1
    if major <= 1:
        node[t.KIND] = t.NUMBER
        node[t.MANTISSA] = number if major == 0 else -1 - number
        node[t.DECIMALS] = 0
        return after
    if major == 3:
        node[t.KIND] = t.TEXT
        node[t.AT] = after
        node[t.SIZE] = number
        plain = after + number <= end and plain_text(data, after, after + number)
        return after + number if plain else -1
    node[t.KIND] = t.LIST if major == 4 else t.OBJECT
    node[t.MANTISSA] = number
    return after if major == 4 or major == 5 else -1  # noqa: PLR1714 - numba: a set per byte


@njit(cache=True)
def key_of(data: Bytes, at: int, end: int, tape: Ints, top: int, node: Ints) -> int:
    """An integer as the key of a row of the object `top` -> byte after it, -1 where it is none or stands twice."""
    node[t.KEY_AT], at = _integer(data, at, end)
    node[t.KEY_SIZE] = INTEGER
    if at < 0:
        return -1
    child = top + 1
    left = tape[0, t.LEFT]
    while tape[child, t.KEY_AT] != node[t.KEY_AT] and left >= 0:
        left -= 1
        child = tape[child, t.AFTER]
    tape[0, t.LEFT] = left
    return at if tape[child, t.AFTER] < 0 and left >= 0 else -1
