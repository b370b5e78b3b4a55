# mypy: disable-error-code="assignment, no-any-return"
"""One record of a message to its readings: device, time, and the value of each channel."""

from numba import njit

from ingest.kernels import plan as p
from ingest.kernels import tape as t
from ingest.kernels.places import copied, follow, same, write_text
from ingest.kernels.text import Bytes, Ints
from ingest.kernels.written import read_value, revision_of, time_of


@njit(cache=True)
def _reading(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, rows: Ints,
    count: int, kind: int, unit: int, status: int, record: int, node: int, key_at: int, key_end: int,
    at_us: int, state: int, revision: int,
) -> int:  # fmt: skip
    """One value as a row -> new count, NOT_PLAIN. Its key stands in `keys[key_at:key_end]`."""
    if count == rows.shape[0] or key_end < 0:
        return p.NOT_PLAIN
    row = rows[count]
    row[p.TIME_US] = at_us
    row[p.KEY_AT] = key_at
    row[p.KEY_SIZE] = key_end - key_at
    row[p.REVISED] = revision
    row[p.STATE] = state
    native = plan[kind + p.NATIVE] >= 0
    if not read_value(
        data, words, plan, tape, room, keys, native, unit, status, record, node, key_end, row
    ):
        return p.NOT_PLAIN
    room[p.KEY_END] = key_end
    return count + 1


@njit(cache=True)
def _device(data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, kind: int, record: int) -> int:  # fmt: skip
    """Writes `device \\0` where the next key begins -> the byte after it, -1 where it is not plain."""
    to = room[p.KEY_END]
    to = write_text(data, words, plan, tape, room, plan[kind + p.DEVICE], record, keys, to)
    if to < 0 or to >= keys.size:
        return -1
    keys[to] = 0
    return to + 1


@njit(cache=True)
def _wide(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, forms: Ints,
    found: Ints, rows: Ints, count: int, kind: int, record: int, to: int, revision: int,
) -> int:  # fmt: skip
    """A record of which each channel has its path -> new count, NOT_PLAIN or NONE_FOUND."""
    channels = plan[kind + p.CHANNELS]
    start = room[p.KEY_END]
    size = to - start
    before = count
    at_us = state = 0
    for i in range(plan[channels]):
        channel = channels + 1 + p.CHANNEL_SIZE * i
        node = follow(data, words, plan, tape, plan[channel + p.STEPS], record)
        if node < 0:
            continue
        if count == before:
            at_us, state = time_of(
                data, words, plan, tape, room, keys, forms, found, plan[kind + p.TIME], record, to
            )
            if state < 0:
                return p.NOT_PLAIN
        key_at = start
        if count > before:  # the next key begins with the device, too
            key_at = room[p.KEY_END]
            to = copied(keys, start, size, keys, key_at)
        key_end = copied(words, plan[channel + p.CODE_AT], plan[channel + p.CODE_SIZE], keys, to)
        count = _reading(
            data, words, plan, tape, room, keys, rows, count, kind, plan[channel + p.OF_UNIT],
            plan[channel + p.OF_STATUS], record, node, key_at, key_end, at_us, state, revision,
        )  # fmt: skip
        if count < 0:
            return p.NOT_PLAIN
    return count if count > before else p.NONE_FOUND


@njit(cache=True)
def _any_channel(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, forms: Ints,
    found: Ints, rows: Ints, count: int, kind: int, record: int, end: int, revision: int,
) -> int:  # fmt: skip
    """A record that says its channel, as it is registered -> new count, NOT_PLAIN or NONE_FOUND."""
    node = follow(data, words, plan, tape, plan[kind + p.VALUE], record)
    if node < 0:
        return p.NOT_PLAIN if plan[kind + p.NATIVE] >= 0 else p.NONE_FOUND
    at_us, state = time_of(
        data, words, plan, tape, room, keys, forms, found, plan[kind + p.TIME], record, end
    )
    if state < 0:
        return p.NOT_PLAIN
    return _reading(
        data, words, plan, tape, room, keys, rows, count, kind, plan[kind + p.UNIT],
        plan[kind + p.STATUS], record, node, room[p.KEY_END], end, at_us, state, revision,
    )  # fmt: skip


@njit(cache=True)
def _named_channel(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, forms: Ints,
    found: Ints, rows: Ints, count: int, kind: int, record: int, to: int, end: int, revision: int,
) -> int:  # fmt: skip
    """A record that says its channel by a name of the mapping -> new count, or what it comes to."""
    channels = plan[kind + p.CHANNELS]
    for i in range(plan[channels]):
        channel = channels + 1 + p.CHANNEL_SIZE * i
        size = plan[channel + p.NAME_SIZE]
        if size != end - to or not same(keys, to, words, plan[channel + p.NAME_AT], size):
            continue
        node = follow(data, words, plan, tape, plan[channel + p.STEPS], record)
        if node < 0:
            return p.NONE_FOUND
        end = copied(words, plan[channel + p.CODE_AT], plan[channel + p.CODE_SIZE], keys, to)
        at_us, state = time_of(
            data, words, plan, tape, room, keys, forms, found, plan[kind + p.TIME], record, end
        )
        if state < 0:
            return p.NOT_PLAIN
        return _reading(
            data, words, plan, tape, room, keys, rows, count, kind, plan[channel + p.OF_UNIT],
            plan[channel + p.OF_STATUS], record, node, room[p.KEY_END], end, at_us, state,
            revision,
        )  # fmt: skip
    return p.NO_SUCH_CHANNEL


@njit(cache=True)
def read_record(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, forms: Ints,
    found: Ints, rows: Ints, count: int, kind: int, record: int,
) -> int:  # fmt: skip
    """One record's readings -> new count, NOT_PLAIN, NONE_FOUND or NO_SUCH_CHANNEL."""
    if plan[kind + p.NATIVE] >= 0 and tape[record, t.KIND] != t.OBJECT:
        return p.NOT_PLAIN
    to = _device(data, words, plan, tape, room, keys, kind, record)
    revision = revision_of(data, words, plan, tape, kind, room, record)
    if to < 0 or revision < 0:
        return p.NOT_PLAIN
    place = plan[kind + p.CHANNEL]
    if place < 0:
        return _wide(
            data, words, plan, tape, room, keys, forms, found, rows, count, kind, record, to, revision
        )  # fmt: skip
    end = write_text(data, words, plan, tape, room, place, record, keys, to)
    if end < 0:
        return p.NOT_PLAIN
    if plan[kind + p.NATIVE] >= 0:
        node = follow(data, words, plan, tape, place + 1, record)
        if node < 0 or tape[node, t.KIND] != t.TEXT:  # the record's own, and a text
            return p.NOT_PLAIN
    if plan[plan[kind + p.CHANNELS]] == 0:
        return _any_channel(
            data, words, plan, tape, room, keys, forms, found, rows, count, kind, record, end, revision
        )  # fmt: skip
    return _named_channel(
        data, words, plan, tape, room, keys, forms, found, rows, count, kind, record, to, end, revision
    )  # fmt: skip
