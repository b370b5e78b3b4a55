# mypy: disable-error-code="assignment, no-any-return"
"""What values of a tape mean: times, units, status words, numbers with their unit behind them."""

import numpy as np
from numba import njit

from ingest.kernels import plan as p
from ingest.kernels import tape as t
from ingest.kernels.dates import LITERAL, YEAR, date_at
from ingest.kernels.places import follow, lookup, same, whole, write_text
from ingest.kernels.resolve import ticks_of
from ingest.kernels.text import LOCAL, Bytes, Ints, iso_at, number_at

YEAR_2000_US, YEAR_2100_US, YEAR_2200_US = (
    946_684_800_000_000, 4_102_444_800_000_000, 7_258_118_400_000_000,
)  # fmt: skip
#: Parts of the table of a time: its place, its unit, what stands in for one that is missing, the
#: patterns (first, count) and whether nothing but them counts.
_PLACE, _UNIT, _MISSING, _FORMS, _FORM_COUNT, _FORMS_ALONE = range(6)
#: What stands in: nothing (refused), the receipt, marked or not.
REFUSED, RECEIPT, UNMARKED = range(3)


@njit(cache=True)
def _utc(plan: Ints, local_us: int) -> int:
    """µs UTC of a local time that its zone has once, else -1; the zone as (since, until, offset) rows."""
    zone = plan[p.ZONE]
    if zone < 0:
        return -1
    low = 0
    high = plan[zone]
    while low < high:
        middle = (low + high) // 2
        if plan[zone + 1 + 3 * middle + 1] <= local_us:
            low = middle + 1
        else:
            high = middle
    row = zone + 1 + 3 * low
    if low == plan[zone] or local_us < plan[row]:
        return -1
    return local_us - plan[row + 2]


@njit(cache=True)
def from_number(mantissa: int, decimals: int, unit: int) -> int:
    """µs since 1970 of a number of seconds, milliseconds, ...; -1 where a codec must look at it."""
    if mantissa < 0 or decimals > 9:
        return -1
    if unit == p.AUTO:
        seconds = mantissa < 10**11 or mantissa // 10**decimals < 10**11
        us, held = ticks_of(mantissa, (6 if seconds else 3) - decimals)
        return us if held else -1
    us, held = ticks_of(mantissa, unit - decimals)
    return us if held and YEAR_2000_US <= us < YEAR_2100_US else -1


@njit(cache=True)
def _by_forms(
    data: Bytes, at: int, end: int, plan: Ints, time: int, forms: Ints, found: Ints
) -> tuple[int, int]:
    """By the first pattern that fits -> (µs, kind); the patterns as (first step, steps) pairs."""
    pair = plan[time + _FORMS]
    whole_year = at + 4 < end and 48 <= data[at] <= 57  # most patterns can't go on behind it
    for _ in range(plan[time + _FORM_COUNT]):
        first = plan[pair]
        pair += 2
        year_first = forms[first, 0] == YEAR and forms[first + 1, 0] == LITERAL
        if year_first and whole_year and data[at + 4] != forms[first + 1, 1]:
            continue
        us, kind = date_at(data, at, end, forms[first : first + plan[pair - 1]], found)
        if kind:
            return us, kind
    return 0, 0


@njit(cache=True)
def _time(
    data: Bytes, at: int, end: int, text: bool, plan: Ints, time: int, forms: Ints, found: Ints
) -> int:
    """µs UTC of the time in `data[at:end]`, -1 where it is not plain."""
    us = kind = 0
    if not plan[time + _FORMS_ALONE]:
        mantissa, decimals, after = number_at(data, at, end)
        if after == end:
            us = from_number(mantissa, decimals, plan[time + _UNIT])
            return us if us < YEAR_2200_US else -1
        if not text:
            return -1
        us, kind = iso_at(data, at, end)
        if kind == 0 and (end - at < 5 or data[at + 4] == 45):
            return -1
    if kind == 0:
        us, kind = _by_forms(data, at, end, plan, time, forms, found)
    if kind == 0:
        return -1
    if kind == LOCAL:
        us = _utc(plan, us)
    return us if 0 <= us < YEAR_2200_US else -1


@njit(cache=True)
def time_of(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, forms: Ints,
    found: Ints, time: int, record: int, to: int,
) -> tuple[int, int]:  # fmt: skip
    """(µs UTC, bits of the state) of a record; µs -1: time of receipt, bits -1: not plain.

    `time` is the table of its kind, -1 where none is configured; `keys` from `to` on is room.
    """
    if time < 0:
        return -1, 0
    place = plan[time + _PLACE]
    if plan[place] != p.PATH:
        end = write_text(data, words, plan, tape, room, place, record, keys, to)
        us = _time(keys, to, end, True, plan, time, forms, found) if end > to else -1
        return us, (0 if us >= 0 else -1)
    node = lookup(data, words, plan, tape, room, place + 1, record)
    if node < 0 or tape[node, t.KIND] == t.NULL:
        missing = plan[time + _MISSING]
        return -1, (-1 if missing == REFUSED else (p.UNTIMED if missing == RECEIPT else 0))
    kind = tape[node, t.KIND]
    if kind != t.TEXT and kind != t.NUMBER:  # noqa: PLR1714
        return -1, -1
    if kind == t.NUMBER and plan[time + _FORMS_ALONE] and not whole(data, tape, node):
        return -1, -1
    if kind == t.NUMBER and not plan[time + _FORMS_ALONE]:
        us = from_number(tape[node, t.MANTISSA], tape[node, t.DECIMALS], plan[time + _UNIT])
        return us, (0 if 0 <= us < YEAR_2200_US else -1)
    at = tape[node, t.AT]
    end = at + tape[node, t.SIZE]
    us = _time(data, at, end, kind == t.TEXT, plan, time, forms, found)
    return us, (0 if us >= 0 else -1)


@njit(cache=True)
def revision_of(data: Bytes, words: Bytes, plan: Ints, tape: Ints, kind: int, room: Ints, record: int) -> int:  # fmt: skip
    """0 to 32767, 0 where it is left out; -1 where it is not plain."""
    place = plan[kind + p.REVISION]
    if place < 0:
        return 0
    native = plan[kind + p.NATIVE] >= 0
    if native:
        node = follow(data, words, plan, tape, place + 1, record)
    else:
        node = lookup(data, words, plan, tape, room, place + 1, record)
    if node < 0 or (not native and tape[node, t.KIND] == t.NULL):
        return 0
    if whole(data, tape, node) and 0 <= tape[node, t.MANTISSA] <= 32_767:
        return tape[node, t.MANTISSA]
    return -1


@njit(cache=True)
def is_word(data: Bytes, at: int, size: int, plan: Ints, words: Bytes, first: int, count: int) -> bool:  # fmt: skip
    """Whether `data[at:at + size]` is one of `count` words of the plan from `first` on."""
    for i in range(count):
        word = first + 2 * i
        if plan[word + 1] == size and same(data, at, words, plan[word], size):
            return True
    return False


@njit(cache=True)
def unit_of(data: Bytes, at: int, size: int, plan: Ints, words: Bytes) -> int:
    """The number of a unit as it is written, -1 where no list has it so.

    The table: the longest spelling, where those of each size begin, then (word, unit) of each.
    """
    table = plan[p.UNITS]
    if size == 0 or size > plan[table]:
        return -1
    pairs = table + 3 + plan[table]
    for i in range(plan[table + 1 + size], plan[table + 2 + size]):
        if same(data, at, words, plan[pairs + 2 * i], size):
            return plan[pairs + 2 * i + 1]
    return -1


@njit(cache=True)
def _said_unit(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, unit: int,
    record: int, to: int,
) -> int:  # fmt: skip
    """The unit that a message says: its number, -1 where it may say none and does, -2: not plain."""
    default = plan[unit + 1]
    place = unit + 2
    if plan[place] != p.PATH:
        end = write_text(data, words, plan, tape, room, place, record, keys, to)
        said = unit_of(keys, to, end - to, plan, words) if end > to else -1
        return said if said >= 0 else -2
    if plan[unit] == p.MAY_SAY:
        node = follow(data, words, plan, tape, place + 1, record)
        if node < 0 or tape[node, t.KIND] == t.NULL:
            return -1
        if tape[node, t.KIND] != t.TEXT:
            return -2
        if tape[node, t.SIZE] == 0:
            return -1
    else:
        node = lookup(data, words, plan, tape, room, place + 1, record)
        if node < 0 or tape[node, t.KIND] != t.TEXT or tape[node, t.SIZE] == 0:
            return default if default >= 0 else -2
    said = unit_of(data, tape[node, t.AT], tape[node, t.SIZE], plan, words)
    return said if said >= 0 else -2


@njit(cache=True)
def _one_word(data: Bytes, at: int, size: int) -> bool:
    """Whether a text has nothing in it that may stand between words."""
    for i in range(at, at + size):
        byte = data[i]
        if byte <= 32 or byte == 44 or byte == 59 or byte == 124:  # noqa: PLR1714
            return False
        if byte == 0xC2 or 0xE1 <= byte <= 0xE3:  # wide blanks begin so
            return False
    return size > 0


@njit(cache=True)
def _bits(data: Bytes, at: int, size: int) -> int:
    """A number without sign, of up to 18 digits; -1 where it is none."""
    number = 0
    for i in range(at, at + size):
        if data[i] < 48 or data[i] > 57 or size > 18:
            return -1
        number = number * 10 + (np.int64(data[i]) - 48)
    return number


@njit(cache=True)
def _fails_so(data: Bytes, at: int, size: int, plan: Ints, words: Bytes, status: int, number: bool) -> int:  # fmt: skip
    """Whether a status that is written so says that values fail: 1, 0, -1 where it is not plain.

    The table: place, words that are good, that are bad, bad bits, then the words.
    """
    good = plan[status + 1]
    bad = plan[status + 2]
    if not _one_word(data, at, size):
        return -1
    if is_word(data, at, size, plan, words, status + 4 + 2 * good, bad):
        return 1
    known = is_word(data, at, size, plan, words, status + 4, good)
    bits = 0
    if plan[status + 3]:
        bits = _bits(data, at, size) if number else -1
        if bits < 0:
            return -1
    return 1 if (good > 0 and not known) or bits & plan[status + 3] else 0


@njit(cache=True)
def _fails(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, status: int,
    record: int, to: int,
) -> int:  # fmt: skip
    """Whether a record says that its values fail: 1, 0, -1 where it is not plain."""
    place = plan[status]
    if plan[place] != p.PATH:
        end = write_text(data, words, plan, tape, room, place, record, keys, to)
        return _fails_so(keys, to, end - to, plan, words, status, True) if end >= to else -1
    node = lookup(data, words, plan, tape, room, place + 1, record)
    if node < 0 or tape[node, t.KIND] == t.NULL:
        return 1 if plan[status + 1] > 0 else 0
    kind = tape[node, t.KIND]
    if kind == t.OBJECT or kind == t.LIST or (kind == t.NUMBER and not whole(data, tape, node)):  # noqa: PLR1714
        return -1
    number = kind == t.NUMBER or kind == t.TEXT  # noqa: PLR1714
    return _fails_so(data, tape[node, t.AT], tape[node, t.SIZE], plan, words, status, number)


@njit(cache=True)
def _is_missing(data: Bytes, plan: Ints, words: Bytes, tape: Ints, node: int) -> int:
    """Whether a value is one of the texts for none: 1, 0, -1 where it is not plain."""
    table = plan[p.MISSING]
    if tape[node, t.KIND] == t.NULL:
        return 1
    if table < 0:
        return 0
    if tape[node, t.KIND] == t.NUMBER:
        zero = tape[node, t.MANTISSA] == 0
        if tape[node, t.DECIMALS] > 6 or (zero and data[tape[node, t.AT]] == 45):
            return -1
    at = tape[node, t.AT]
    size = tape[node, t.SIZE]
    return 1 if is_word(data, at, size, plan, words, table + 1, plan[table]) else 0


@njit(cache=True)
def _number(data: Bytes, plan: Ints, words: Bytes, tape: Ints, node: int, native: bool, row: Ints) -> bool:  # fmt: skip
    """A number, or one as text with its unit behind it, into the row; False where it is not plain."""
    row[p.UNIT_ID] = -1
    if tape[node, t.KIND] == t.NUMBER:
        row[p.MANTISSA] = tape[node, t.MANTISSA]
        row[p.DECIMALS] = tape[node, t.DECIMALS]
        return True
    if tape[node, t.KIND] != t.TEXT:
        return False
    at = tape[node, t.AT]
    end = at + tape[node, t.SIZE]
    row[p.MANTISSA], row[p.DECIMALS], after = number_at(data, at, end)
    if after == end:
        return True
    if after < 0 or native or 48 <= data[end - 1] <= 57:
        return False
    while after < end and data[after] == 32:
        after += 1
    row[p.UNIT_ID] = unit_of(data, after, end - after, plan, words)
    return row[p.UNIT_ID] >= 0


@njit(cache=True)
def read_value(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, native: bool,
    unit: int, status: int, record: int, node: int, to: int, row: Ints,
) -> bool:  # fmt: skip
    """What the value `node` of a record is, into the row's number, unit and state; False: not plain.

    `unit` and `status` are the tables of its channel, -1 where there are none.
    """
    failed = 0
    if status >= 0:
        failed = _fails(data, words, plan, tape, room, keys, status, record, to)
    missing = _is_missing(data, plan, words, tape, node)
    if failed < 0 or missing < 0:
        return False
    row[p.STATE] |= p.FAILED * failed
    if missing:
        row[p.STATE] |= p.NULL
        row[p.MANTISSA] = row[p.DECIMALS] = 0
        row[p.UNIT_ID] = -1
        return True
    if not _number(data, plan, words, tape, node, native, row):
        return False
    if row[p.UNIT_ID] >= 0 or unit < 0:
        return True
    if plan[unit] == p.FIXED:
        row[p.UNIT_ID] = plan[unit + 1]
        return True
    row[p.UNIT_ID] = _said_unit(data, words, plan, tape, room, keys, unit, record, to)
    return row[p.UNIT_ID] > -2
