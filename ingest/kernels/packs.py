# mypy: disable-error-code="assignment, no-any-return"
"""Packs of SenML (RFC 8428) to readings, over the tape that `ingest.kernels.messages` makes of them.

What is not a plain record (a sum, a field that must be understood, a time far off) leaves the whole pack to
its codec. A value that is no number, or has no unit that is known, is marked: its channel may not be wanted.
"""

import numpy as np
from numba import njit

from ingest.kernels import plan as p
from ingest.kernels import tape as t
from ingest.kernels.cbor import INTEGER
from ingest.kernels.names import is_name, parts_of, urn_end
from ingest.kernels.places import copied, same
from ingest.kernels.resolve import ticks_of
from ingest.kernels.text import Bytes, Ints
from ingest.kernels.written import YEAR_2200_US, from_number, unit_of

#: What is kept of a pack, behind `plan.FIELDS`: base fields, then those of a record; texts as (at,
#: size), numbers as (mantissa, decimals); how many values it has, whether one is a number, whether it
#: has a base field or any other label that begins with b, whether its value is a flag.
_BASE_NAME, _BASE_UNIT, _BASE_TIME, _BASE_VALUE, _NAME, _UNIT, _TIME, _VALUE = range(0, 16, 2)
_VALUES, _NUMBERS, _BASED, _FLAGS, _VERSION = range(16, 21)
#: What a label may hold.
_TEXT, _NUMBER, _ANY, _OTHER_VALUE, _NEVER = range(5)
#: Label as a number of its bytes, where it goes, what it holds.
_LABELS = np.array(
    [
        (int.from_bytes(name.encode(), "big"), field, what)
        for name, field, what in (
            ("n", _NAME, _TEXT), ("v", _VALUE, _NUMBER), ("u", _UNIT, _TEXT), ("t", _TIME, _NUMBER),
            ("bn", _BASE_NAME, _TEXT), ("bt", _BASE_TIME, _NUMBER), ("bu", _BASE_UNIT, _TEXT),
            ("bv", _BASE_VALUE, _NUMBER), ("bver", _VERSION, _NUMBER), ("ut", _VERSION, _ANY),
            ("vb", _FLAGS, _OTHER_VALUE), ("vs", _VALUES, _OTHER_VALUE),
            ("vd", _VALUES, _OTHER_VALUE), ("bs", _VERSION, _NEVER), ("s", _VERSION, _NEVER),
        )
    ],
    dtype=np.int64,
)  # fmt: skip
#: RFC 8428, table 4: rows of the labels from -6 to 8, as CBOR writes them.
_FIRST_NUMBER = -6
_BY_NUMBER = np.array([13, 7, 6, 5, 4, 8, 0, 2, 1, 11, 10, 14, 3, 9, 12], dtype=np.int64)
_MOST_VERSION = 10
#: RFC 8428, 4.5.3: a smaller time is relative to now. [s]
_RELATIVE_BELOW = 1 << 28
#: Parts of the table of a pack: the level of the topic that is the device (-1: none), the bits of a time
#: that is relative to now, the units of channels that say none as their count and (at, size, unit) of each.
_LEVEL, _RELATIVE, _UNITS = range(3)
#: Units: known to nobody here; one that a codec must refuse.
_UNKNOWN, REFUSED = -2, -3
#: Read from an array: a number by itself would be a type of its own, compiled a second time.
_ZERO = np.zeros(1, dtype=np.int64)
_VALUE_WORD = np.frombuffer(b"value", dtype=np.uint8)


@njit(cache=True)
def _label(data: Bytes, tape: Ints, node: int) -> int:
    """The row of a member's label in the table of labels, -1 where it is none of them."""
    size = tape[node, t.KEY_SIZE]
    if size == INTEGER:
        label = tape[node, t.KEY_AT] - _FIRST_NUMBER
        return _BY_NUMBER[label] if 0 <= label < _BY_NUMBER.size else -1
    if size > 4:
        return -1
    code = 0
    for i in range(tape[node, t.KEY_AT], tape[node, t.KEY_AT] + size):
        code = (code << 8) | np.int64(data[i])
    for row in range(_LABELS.shape[0]):
        if _LABELS[row, 0] == code:
            return row
    return -1


@njit(cache=True)
def _take(data: Bytes, tape: Ints, node: int, fields: Ints) -> bool:
    """One member of a record into the fields; False where it is not plain."""
    at = tape[node, t.KEY_AT]
    size = tape[node, t.KEY_SIZE]
    if (at < 0 and size == INTEGER and at >= _FIRST_NUMBER) or (size > 0 and data[at] == 98):
        fields[_BASED] = 1
    label = _label(data, tape, node)
    if label < 0:  # RFC 8428, 4.4: one that ends so must be understood
        return size <= 0 or data[at + size - 1] != 95
    field = _LABELS[label, 1]
    what = _LABELS[label, 2]
    if what == _TEXT:
        fields[field] = tape[node, t.AT]
        fields[field + 1] = tape[node, t.SIZE]
        return tape[node, t.KIND] == t.TEXT
    if what == _NUMBER:
        if field == _VALUE:
            fields[_VALUES] += 1
            fields[_NUMBERS] = 1
        if field == _VERSION:
            version = tape[node, t.MANTISSA]
            whole = tape[node, t.KIND] == t.NUMBER and tape[node, t.DECIMALS] == 0
            return whole and 0 < version <= _MOST_VERSION
        fields[field] = tape[node, t.MANTISSA]
        fields[field + 1] = tape[node, t.DECIMALS]
        return tape[node, t.KIND] == t.NUMBER
    if what == _OTHER_VALUE:
        fields[_VALUES] += 1
        if field == _FLAGS:
            fields[_FLAGS] = 1
            kind = tape[node, t.KIND]
            fields[_NUMBERS] = 1 if kind == t.TRUE or kind == t.FALSE else 0  # noqa: PLR1714
            fields[_VALUE] = 1 if kind == t.TRUE else 0
        return True
    return what == _ANY


@njit(cache=True)
def _sum(fields: Ints, first: int, second: int) -> tuple[int, int]:
    """Two numbers of the fields together -> (mantissa, decimals), decimals -1 where 62 bits don't hold it."""
    decimals = max(fields[first + 1], fields[second + 1])
    one, held = ticks_of(fields[first], decimals - fields[first + 1])
    other, fits = ticks_of(fields[second], decimals - fields[second + 1])
    return one + other, (decimals if held and fits else -1)


@njit(cache=True)
def _time(fields: Ints, plan: Ints, room: Ints) -> tuple[int, int]:
    """(µs UTC, bits of the state) of a record; µs -1: time of receipt, bits -1: not plain."""
    number, decimals = _sum(fields, _BASE_TIME + _ZERO[0], _TIME + _ZERO[0])
    if decimals < 0 or decimals > 9:
        return -1, -1
    unit = 10**decimals
    if abs(number) // unit >= _RELATIVE_BELOW:
        us = from_number(number, decimals, 6 + _ZERO[0])
        return us, (0 if 0 <= us < YEAR_2200_US else -1)
    if number == 0 or room[p.RETAINED]:
        return -1, 0
    us = abs(number) * (1_000_000 // unit) if decimals <= 6 else abs(number) // (unit // 1_000_000)
    us = room[p.RECEIVED] + (us if number > 0 else -us)
    return us, (plan[plan[p.PACK] + _RELATIVE] if us >= 0 else -1)


@njit(cache=True)
def _unit_of(data: Bytes, words: Bytes, plan: Ints, keys: Bytes, channel: int, end: int, fields: Ints) -> int:  # fmt: skip
    """The number of a record's unit, _UNKNOWN or REFUSED. Its channel is `keys[channel:end]`."""
    field = _UNIT if fields[_UNIT + 1] >= 0 else _BASE_UNIT
    if fields[field + 1] > 0 and (field == _UNIT or not fields[_FLAGS]):
        found = unit_of(data, fields[field], fields[field + 1], plan, words)
        return found if found != -1 else _UNKNOWN
    table = plan[p.PACK] + _UNITS
    for i in range(plan[table]):
        row = table + 1 + 3 * i
        if plan[row + 1] == end - channel and same(keys, channel, words, plan[row], end - channel):
            return plan[row + 2]
    return _UNKNOWN


@njit(cache=True)
def _place(data: Bytes, plan: Ints, room: Ints, keys: Bytes, fields: Ints) -> tuple[int, int]:
    """Writes `device \\0 channel` of a record -> (first byte of the channel, end), end -1: not plain.

    The name stands behind the room for device and \\0 first: what is copied goes towards the front.
    """
    start = room[p.KEY_END]
    level = plan[plan[p.PACK] + _LEVEL]
    size = 0
    if level >= 0:
        if level >= room[p.LEVEL_COUNT]:
            return 0, -1
        size = room[2 * level + 1]
    name = start + size + 1
    own = copied(data, fields[_BASE_NAME], fields[_BASE_NAME + 1], keys, name)
    end = copied(data, fields[_NAME], fields[_NAME + 1], keys, own)
    if end < 0 or end + _VALUE_WORD.size > keys.size or not is_name(keys, name, end):
        return 0, -1
    device, device_end, channel, channel_end = parts_of(keys, name, own, end)
    if size > 0:
        at = copied(data, room[2 * level], size, keys, start)
        if end > own:
            channel = own
            channel_end = end
        elif channel == channel_end and urn_end(keys, name, end) < 0:
            channel = name
    else:
        at = copied(keys, device, device_end - device, keys, start)
    keys[at] = 0
    at += 1
    if channel == channel_end:
        for i in range(_VALUE_WORD.size):
            keys[at + i] = _VALUE_WORD[i]
        return at, at + _VALUE_WORD.size
    return at, copied(keys, channel, channel_end - channel, keys, at)


@njit(cache=True)
def _reading(
    data: Bytes, words: Bytes, plan: Ints, room: Ints, keys: Bytes, fields: Ints, rows: Ints, count: int
) -> int:  # fmt: skip
    """What is taken of a record as a row -> new count, NOT_PLAIN."""
    if count == rows.shape[0]:
        return p.NOT_PLAIN
    channel, end = _place(data, plan, room, keys, fields)
    at_us, state = _time(fields, plan, room)
    if end < 0 or state < 0:
        return p.NOT_PLAIN
    unit = _unit_of(data, words, plan, keys, channel, end, fields)
    row = rows[count]
    row[p.MANTISSA] = fields[_VALUE]
    row[p.DECIMALS] = 0
    if not fields[_FLAGS]:
        row[p.MANTISSA], row[p.DECIMALS] = _sum(fields, _BASE_VALUE + _ZERO[0], _VALUE + _ZERO[0])
    if unit == REFUSED or row[p.DECIMALS] < 0:
        return p.NOT_PLAIN
    row[p.TIME_US] = at_us
    row[p.KEY_AT] = room[p.KEY_END]
    row[p.KEY_SIZE] = end - room[p.KEY_END]
    row[p.REVISED] = 0
    row[p.UNIT_ID] = unit if fields[_NUMBERS] else _UNKNOWN
    row[p.STATE] = state | p.OPTIONAL
    room[p.KEY_END] = end
    return count + 1


@njit(cache=True)
def read_pack(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, rows: Ints, count: int
) -> int:  # fmt: skip
    """All records of a pack -> new count, NOT_PLAIN. `room` has the time of receipt."""
    if tape[0, t.KIND] != t.LIST:
        return p.NOT_PLAIN
    fields = room[p.FIELDS : p.FIELDS + p.FIELD_COUNT]
    fields[:] = 0
    before = count
    record = 1
    while record < tape[0, t.AFTER]:
        if tape[record, t.KIND] != t.OBJECT:
            return p.NOT_PLAIN
        fields[_NAME:] = 0
        fields[_UNIT + 1] = -1
        node = record + 1
        while node < tape[record, t.AFTER]:
            if not _take(data, tape, node, fields):
                return p.NOT_PLAIN
            node = tape[node, t.AFTER]
        if fields[_VALUES] > 1 or not (fields[_VALUES] or fields[_BASED]):
            return p.NOT_PLAIN
        if fields[_VALUES]:
            count = _reading(data, words, plan, room, keys, fields, rows, count)
            if count < 0:
                return p.NOT_PLAIN
        record = tape[record, t.AFTER]
    return count if count > before else p.NOT_PLAIN
