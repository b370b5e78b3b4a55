# mypy: disable-error-code="assignment, no-any-return"
"""JSON as a table of its values, in the order in which they are written (RFC 8259).

What is not plain is no table: escapes, exponents, keys that stand twice, numbers of more than 18 digits,
objects of so many keys that looking for one among them takes long.
"""

import numpy as np
from numba import njit

from ingest.kernels.text import Bytes, Ints, begins, number_at, skip_blanks

#: Kinds of values.
OBJECT, LIST, TEXT, NUMBER, TRUE, FALSE, NULL = range(7)
#: Columns: kind; where its bytes are (of a text without the quotes); the row behind all that is in
#: it; the key under which it stands (-1: none); of a number mantissa and decimals.
KIND, AT, SIZE, AFTER, KEY_AT, KEY_SIZE, MANTISSA, DECIMALS = range(8)
COLUMNS = 8
#: Objects and lists in each other; deeper ones are left to the codec.
DEPTH = 32
#: Column of the first row, which stands under no key: steps that looking for keys has left.
LEFT = KEY_AT
#: So many per byte of the message: beyond them the codec, which hashes its keys, is faster, and the
#: time stays in proportion to the bytes.
SEARCH = 128

_NULL = np.frombuffer(b"null", dtype=np.uint8)
_TRUE = np.frombuffer(b"true", dtype=np.uint8)
_FALSE = np.frombuffer(b"false", dtype=np.uint8)


@njit(cache=True)
def character_end(data: Bytes, at: int, end: int) -> int:
    """Byte after a character of more than one byte (UTF-8, RFC 3629), -1 where it is none."""
    first = data[at]
    more = 1 if first < 0xE0 else (2 if first < 0xF0 else 3)
    if first < 0xC2 or first > 0xF4 or at + more >= end:
        return -1
    least = 0xA0 if first == 0xE0 else (0x90 if first == 0xF0 else 0x80)
    most = 0x9F if first == 0xED else (0x8F if first == 0xF4 else 0xBF)
    if data[at + 1] < least or data[at + 1] > most:
        return -1
    for i in range(at + 2, at + more + 1):
        if data[i] & 0xC0 != 0x80:
            return -1
    return at + more + 1


@njit(cache=True)
def text_end(data: Bytes, at: int, end: int) -> int:
    """After the opening quote: position of the closing one, -1 where the text has escapes or is none."""
    while at < end:
        byte = data[at]
        if byte == 34:
            return at
        if byte < 32 or byte == 92:
            return -1
        if byte < 128:
            at += 1
        else:
            at = character_end(data, at, end)
            if at < 0:
                return -1
    return -1


@njit(cache=True)
def _scalar(data: Bytes, at: int, end: int, node: Ints) -> int:
    """A text, number, true, false or null into its row -> byte after it, -1 where it is not plain."""
    byte = data[at]
    if byte == 34:
        close = text_end(data, at + 1, end)
        node[KIND] = TEXT
        node[AT] = at + 1
        node[SIZE] = close - at - 1
        return close + 1 if close >= 0 else -1
    if byte == 110 and begins(data, at, end, _NULL):
        node[KIND] = NULL
        node[SIZE] = 4
        return at + 4
    if byte == 116 and begins(data, at, end, _TRUE):
        node[KIND] = TRUE
        node[SIZE] = 4
        return at + 4
    if byte == 102 and begins(data, at, end, _FALSE):
        node[KIND] = FALSE
        node[SIZE] = 5
        return at + 5
    node[KIND] = NUMBER
    node[MANTISSA], node[DECIMALS], after = number_at(data, at, end)
    node[SIZE] = after - at
    return after


@njit(cache=True)
def repeats(data: Bytes, tape: Ints, top: int, node: int, key: int, size: int) -> bool:
    """Whether a key of the object `top` before `node` is this one, or nobody knows in the steps left."""
    child = top + 1
    left = tape[0, LEFT]
    i = size
    while child < node and left >= 0 and i > -1:
        left -= 1
        if tape[child, KEY_SIZE] == size:
            at = tape[child, KEY_AT]
            i = size - 1  # from the end: keys that are numbered begin alike
            while i >= 0 and data[at + i] == data[key + i]:
                i -= 1
            left -= size - i - 1
        child = tape[child, AFTER]
    tape[0, LEFT] = left
    return left < 0 or i < 0


@njit(cache=True)
def read_tape(data: Bytes, at: int, end: int, tape: Ints, stack: Ints) -> int:
    """The JSON text `data[at:end]` -> rows of `tape` (n, 8) that it takes, -1 where it is not plain.

    `stack` (DEPTH,) is room. Nothing may follow the value but white space.
    """
    count = depth = 0
    at = skip_blanks(data, at, end)
    top = -1  # the object or list that is open
    while at < end:
        if count == tape.shape[0]:
            return -1
        node = count
        tape[node, KEY_AT] = tape[node, KEY_SIZE] = -1
        if node == 0:
            tape[0, LEFT] = SEARCH * (end - at)
        if top >= 0 and tape[top, KIND] == OBJECT and data[at] != 125:
            close = text_end(data, at + 1, end) if data[at] == 34 else -1
            if close < 0 or repeats(data, tape, top, node, at + 1, close - at - 1):
                return -1
            tape[node, KEY_AT] = at + 1
            tape[node, KEY_SIZE] = close - at - 1
            at = skip_blanks(data, close + 1, end)
            if at >= end or data[at] != 58:
                return -1
            at = skip_blanks(data, at + 1, end)
            if at >= end:
                return -1
        byte = data[at]
        tape[node, AT] = at
        if byte == 123 or byte == 91:  # noqa: PLR1714 - numba: a set per byte
            if depth == DEPTH:
                return -1
            tape[node, KIND] = OBJECT if byte == 123 else LIST
            stack[depth] = top = node
            depth += 1
            count += 1
            at = skip_blanks(data, at + 1, end)
            if at >= end:
                return -1
            if data[at] != byte + 2:  # its closing has the code two above
                continue
        else:
            at = _scalar(data, at, end, tape[node])
            if at < 0:
                return -1
            count += 1
            tape[node, AFTER] = count
        while True:  # what follows a value: the next one, or the end of what it stands in
            at = skip_blanks(data, at, end)
            if depth == 0:
                return count if at == end else -1
            if at >= end:
                return -1
            if data[at] == 44 and count > top + 1:
                at = skip_blanks(data, at + 1, end)
                if at < end and data[at] == 125:
                    return -1
                break
            if data[at] != (125 if tape[top, KIND] == OBJECT else 93):
                return -1
            at += 1
            tape[top, SIZE] = at - tape[top, AT]
            tape[top, AFTER] = count
            depth -= 1
            top = stack[depth - 1] if depth else -1
    return -1
