# mypy: disable-error-code="assignment, no-any-return"
# In numba int() of an unsigned byte stays unsigned and mixes to a float: hence np.int64 throughout.
"""Values of MessagePack as rows of `ingest.kernels.tape`.

What is not plain has no row: bytes, control characters, numbers of more than 18 digits, extensions other
than a timestamp of 32 or 64 bits.
"""

import numpy as np
from numba import njit

from ingest.kernels import tape as t
from ingest.kernels.floats import decimal_of
from ingest.kernels.tape import character_end
from ingest.kernels.text import Bytes, Ints

_LIMIT = 10**18
_LATEST_S = 9_000_000_000  # so that nanoseconds fit 63 bits


@njit(cache=True)
def big_endian(data: Bytes, at: int, size: int) -> int:
    """`size` bytes as a number; eight of them may come out negative."""
    number: int = np.int64(0)
    for i in range(at, at + size):
        number = (number << 8) | np.int64(data[i])
    return number


@njit(cache=True)
def plain_text(data: Bytes, at: int, end: int) -> bool:
    """Whether `data[at:end]` is UTF-8 without control characters."""
    while at < end:
        byte = data[at]
        if byte < 32:
            return False
        if byte < 128:
            at += 1
        else:
            at = character_end(data, at, end)
            if at < 0:
                return False
    return True


@njit(cache=True)
def text_at(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """A text from its head -> (first byte, size), size -1 where it is none or not plain."""
    head: int = np.int64(data[at])
    size = head & 31
    at += 1
    if head < 0xA0 or head > 0xBF:
        if head < 0xD9 or head > 0xDB:
            return at, -1
        more = 1 << (head - 0xD9)
        if at + more > end:
            return at, -1
        size = big_endian(data, at, more)
        at += more
    if at + size > end or not plain_text(data, at, at + size):
        return at, -1
    return at, size


@njit(cache=True)
def _number(data: Bytes, at: int, end: int, node: Ints) -> int:
    """A number behind its head into its row -> byte after it, -1 where it is none or not plain."""
    head: int = np.int64(data[at - 1])
    floating = head < 0xCC
    size = 4 << (head - 0xCA) if floating else 1 << ((head - 0xCC) & 3)
    if at + size > end:
        return -1
    bits = big_endian(data, at, size)
    node[t.KIND] = t.NUMBER
    if floating:
        node[t.MANTISSA], node[t.DECIMALS] = decimal_of(bits, size)
        return at + size if node[t.DECIMALS] >= 0 else -1
    if head < 0xD0 and bits < 0:
        return -1
    if head >= 0xD0 and size < 8 and bits >> (8 * size - 1):
        bits -= np.int64(1) << (8 * size)
    node[t.MANTISSA] = bits
    node[t.DECIMALS] = 0
    return at + size if -_LIMIT < bits < _LIMIT else -1


@njit(cache=True)
def _timestamp(data: Bytes, at: int, end: int, node: Ints) -> int:
    """A timestamp behind its head as a number of seconds -> byte after it, -1 where it is none."""
    size = 4 if data[at - 1] == 0xD6 else 8
    if at + 1 + size > end or data[at] != 0xFF:
        return -1
    bits = big_endian(data, at + 1, size)
    node[t.KIND] = t.NUMBER
    if size == 4:
        node[t.MANTISSA] = bits * 10  # a decimal: it is no count of anything
        node[t.DECIMALS] = 1
        return at + 5
    seconds = bits & ((1 << 34) - 1)
    if seconds > _LATEST_S:
        return -1
    node[t.MANTISSA] = seconds * 1_000_000_000 + ((bits >> 34) & ((1 << 30) - 1))
    node[t.DECIMALS] = 9
    return at + 1 + size


@njit(cache=True)
def item(data: Bytes, at: int, end: int, node: Ints) -> int:
    """A value into its row -> byte after it or after its head, -1 where it is not plain.

    Of objects and lists the count of what is in them stands in place of a mantissa.
    """
    head: int = np.int64(data[at])
    node[t.AT] = at
    node[t.SIZE] = 1
    at += 1
    if head < 0x80 or head >= 0xE0:
        node[t.KIND] = t.NUMBER
        node[t.MANTISSA] = head if head < 0x80 else head - 256
        node[t.DECIMALS] = 0
        return at
    if head < 0xA0:
        node[t.KIND] = t.OBJECT if head < 0x90 else t.LIST
        node[t.MANTISSA] = head & 15
        return at
    if head < 0xC0 or 0xD9 <= head <= 0xDB:
        node[t.KIND] = t.TEXT
        node[t.AT], node[t.SIZE] = text_at(data, at - 1, end)
        return node[t.AT] + node[t.SIZE] if node[t.SIZE] >= 0 else -1
    if head >= 0xDC:
        more = 2 << ((head - 0xDC) & 1)
        if at + more > end:
            return -1
        node[t.KIND] = t.LIST if head < 0xDE else t.OBJECT
        node[t.MANTISSA] = big_endian(data, at, more)
        return at + more
    if 0xCA <= head <= 0xD3:
        return _number(data, at, end, node)
    if head == 0xD6 or head == 0xD7:  # noqa: PLR1714 - numba: a set per byte
        return _timestamp(data, at, end, node)
    node[t.KIND] = t.NULL if head == 0xC0 else (t.FALSE if head == 0xC2 else t.TRUE)
    return at if head == 0xC0 or 0xC2 <= head <= 0xC3 else -1
