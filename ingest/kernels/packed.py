# mypy: disable-error-code="assignment, no-any-return"
"""MessagePack and CBOR as the table of values that `ingest.kernels.tape` makes of JSON.

What is not plain is no table. Keys are texts in MessagePack and integers in CBOR, where labels of SenML are
(`ingest.kernels.cbor.INTEGER`), and stand once.
"""

from numba import njit

from ingest.kernels import cbor, msgpack
from ingest.kernels import plan as p
from ingest.kernels import tape as t
from ingest.kernels.text import Bytes, Ints

#: As the codecs bound them. In CBOR a decimal fraction is two deeper.
MOST_DEPTH, MOST_DEPTH_CBOR = 8, 6


@njit(cache=True)
def _key(data: Bytes, at: int, end: int, encoding: int, tape: Ints, top: int, node: int) -> int:
    """A key into the row `node` -> byte after it, -1 where it is not plain or stands twice."""
    if encoding != p.MSGPACK:
        return cbor.key_of(data, at, end, tape, top, tape[node])
    key, size = msgpack.text_at(data, at, end)
    if size < 0 or t.repeats(data, tape, top, node, key, size):
        return -1
    tape[node, t.KEY_AT] = key
    tape[node, t.KEY_SIZE] = size
    return key + size


@njit(cache=True)
def read_packed(data: Bytes, at: int, end: int, encoding: int, tape: Ints, stack: Ints) -> int:
    """The value `data[at:end]` -> rows of `tape` (n, 8) that it takes, -1 where it is not plain.

    `encoding` is MSGPACK, or CBOR; `stack` (DEPTH,) is room. Nothing may follow the value.
    """
    count = depth = 0
    top = -1  # the object or list that is open
    most = MOST_DEPTH if encoding == p.MSGPACK else MOST_DEPTH_CBOR
    while at < end and count < tape.shape[0] and depth <= most:
        node = count
        tape[node, t.KEY_AT] = tape[node, t.KEY_SIZE] = tape[node, t.AFTER] = -1
        if node == 0:
            tape[0, t.LEFT] = t.SEARCH * (end - at)
        if top >= 0 and tape[top, t.KIND] == t.OBJECT:
            at = _key(data, at, end, encoding, tape, top, node)
            if at < 0 or at >= end:
                return -1
        if encoding == p.MSGPACK:
            at = msgpack.item(data, at, end, tape[node])
        else:
            at = cbor.item(data, at, end, tape[node])
        if at < 0:
            return -1
        count += 1
        tape[node, t.AFTER] = count
        if tape[node, t.KIND] <= t.LIST and tape[node, t.MANTISSA] > 0:
            stack[depth] = top = node
            depth += 1
            continue
        while top >= 0:  # the value may be the last one of what it stands in
            tape[top, t.MANTISSA] -= 1
            if tape[top, t.MANTISSA] > 0:
                break
            tape[top, t.SIZE] = at - tape[top, t.AT]
            tape[top, t.AFTER] = count
            depth -= 1
            top = stack[depth - 1] if depth else -1
        if top < 0:
            return count if at == end else -1
    return -1
