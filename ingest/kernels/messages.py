# mypy: disable-error-code="assignment, no-any-return"
"""Messages of any shape to readings, by the plan of their feed: one pass, no object per reading.

A message that is not plain in any part is left out whole; its codec is the specification.
"""

import numpy as np
from numba import njit

from ingest.kernels import plan as p
from ingest.kernels import tape as t
from ingest.kernels.packed import read_packed
from ingest.kernels.packs import read_pack
from ingest.kernels.places import item, lookup, member, whole
from ingest.kernels.readings import read_record
from ingest.kernels.tape import read_tape
from ingest.kernels.text import Bytes, Ints
from ingest.kernels.topics import matches, read_levels
from ingest.kernels.written import is_word

#: Values of one message; one with more is left to its codec.
MOST_VALUES = 2**17


@njit(cache=True)
def _counted(plan: Ints, tape: Ints, kind: int, record: int, count: int, got: int) -> int:
    """The count after a record of `each`: what has none of the channels is passed over or not plain."""
    if got >= 0 or got == p.NOT_PLAIN:
        return got
    beside = tape[record, t.KIND] > t.LIST  # as a time beside devices by key
    if got == p.NONE_FOUND and plan[kind + p.ALONE] and not beside:
        return p.NOT_PLAIN
    return count


@njit(cache=True)
def _found_records(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, forms: Ints,
    found: Ints, rows: Ints, count: int, kind: int, node: int,
) -> int:  # fmt: skip
    """What `each` found: a record, or a list of them -> new count, NOT_PLAIN."""
    many = plan[kind + p.MANY]
    filled = tape[node, t.KIND] == t.LIST and tape[node, t.AFTER] > node + 1
    if filled and (not many or tape[node + 1, t.KIND] == t.OBJECT):
        record = node + 1
        while record < tape[node, t.AFTER]:
            got = read_record(
                data, words, plan, tape, room, keys, forms, found, rows, count, kind, record
            )
            count = _counted(plan, tape, kind, record, count, got)
            if count < 0:
                return p.NOT_PLAIN
            record = tape[record, t.AFTER]
        return count
    if not many and tape[node, t.KIND] != t.OBJECT:
        return count
    got = read_record(data, words, plan, tape, room, keys, forms, found, rows, count, kind, node)
    return _counted(plan, tape, kind, node, count, got)


@njit(cache=True)
def _first(data: Bytes, words: Bytes, plan: Ints, tape: Ints, step: int, node: int) -> int:
    """The first value to which a step leads from `node`, -1 where there is none, -2: not plain."""
    if plan[step] == p.MEMBER:
        return member(data, words, tape, node, plan[step + 1], plan[step + 2])
    if plan[step] == p.ITEM:
        return item(tape, node, plan[step + 1])
    if tape[node, t.KIND] > t.LIST or tape[node, t.AFTER] == node + 1:
        return -1
    if plan[step] == p.KEPT and tape[node, t.KIND] == t.LIST:  # its name would be an index
        return -2
    return node + 1


@njit(cache=True)
def _around(tape: Ints, room: Ints, depth: int) -> bool:
    """The objects above the value at `depth`, the nearest first, into the room; False: too many."""
    count = 0
    for i in range(depth - 1, -1, -1):
        node = room[p.STEP_AT + i]
        if tape[node, t.KIND] == t.OBJECT:
            if count == p.MOST_ABOVE:
                return False
            room[p.ABOVE + count] = node
            count += 1
    room[p.ABOVE_COUNT] = count
    return True


@njit(cache=True)
def _each(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, forms: Ints,
    found: Ints, rows: Ints, count: int, kind: int,
) -> int:  # fmt: skip
    """All records that the steps of a kind lead to, depth first -> new count, NOT_PLAIN."""
    steps = plan[kind + p.EACH]
    depth = 0
    room[p.STEP_AT] = 0
    forward = True
    while depth >= 0:
        if depth == plan[steps]:
            if not _around(tape, room, depth):
                return p.NOT_PLAIN
            count = _found_records(
                data, words, plan, tape, room, keys, forms, found, rows, count, kind,
                room[p.STEP_AT + depth],
            )  # fmt: skip
            if count < 0:
                return p.NOT_PLAIN
            forward = False
            depth -= 1
            continue
        step = steps + 1 + 3 * depth
        node = room[p.STEP_AT + depth]
        if forward:
            following = _first(data, words, plan, tape, step, node)
            if following == -2:
                return p.NOT_PLAIN
        else:
            following = tape[room[p.STEP_AT + depth + 1], t.AFTER]
            if plan[step] < p.ALL or following >= tape[node, t.AFTER]:
                following = -1
        forward = following >= 0
        if not forward:
            depth -= 1
            continue
        if plan[step] == p.KEPT:
            room[p.KEPT_AT + plan[step + 1]] = following
        depth += 1
        room[p.STEP_AT + depth] = following
    return count


@njit(cache=True)
def _native(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, forms: Ints,
    found: Ints, rows: Ints, count: int, kind: int,
) -> int:  # fmt: skip
    """A reading, a list of them, or `{"readings": [...]}` -> new count, NOT_PLAIN."""
    room[p.ABOVE_COUNT] = 0
    room[p.STEP_AT] = 0
    root = room[p.STEP_AT]
    many = root
    if tape[0, t.KIND] == t.OBJECT:
        word = plan[kind + p.NATIVE]
        many = member(data, words, tape, root, plan[word], plan[word + 1])
        if many < 0:
            return read_record(
                data, words, plan, tape, room, keys, forms, found, rows, count, kind, root
            )
        room[p.ABOVE] = 0
        room[p.ABOVE_COUNT] = 1
    if tape[many, t.KIND] != t.LIST:
        return p.NOT_PLAIN
    record = many + 1
    while record < tape[many, t.AFTER]:
        count = read_record(
            data, words, plan, tape, room, keys, forms, found, rows, count, kind, record
        )
        if count < 0:
            return p.NOT_PLAIN
        record = tape[record, t.AFTER]
    return count


@njit(cache=True)
def _guarded(data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints) -> bool:
    """Whether a rule of `ignore` may hold by what the message says: (count; absent, words, steps)."""
    guards = plan[p.GUARDS]
    if guards < 0:
        return False
    room[p.ABOVE_COUNT] = room[p.STEP_AT] = 0
    for i in range(plan[guards]):
        guard = guards + 1 + 3 * i
        node = lookup(data, words, plan, tape, room, plan[guard + 2], room[p.STEP_AT])
        if plan[guard]:
            if node < 0:
                return True
            continue
        if node < 0:
            continue
        equals = plan[guard + 1]
        kind = tape[node, t.KIND]
        if (
            plan[equals] == 0
            or kind <= t.LIST
            or (kind == t.NUMBER and not whole(data, tape, node))
        ):
            return True
        at = tape[node, t.AT]
        if is_word(data, at, tape[node, t.SIZE], plan, words, equals + 1, plan[equals]):
            return True
    return False


@njit(cache=True)
def _message(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, keys: Bytes, forms: Ints,
    found: Ints, rows: Ints, count: int,
) -> int:  # fmt: skip
    """All kinds of records of a message -> new count, NOT_PLAIN."""
    if plan[p.PACK] >= 0:
        return read_pack(data, words, plan, tape, room, keys, rows, count)
    before = count
    room[p.STEP_AT] = 0
    root = room[p.STEP_AT]  # a number by itself would be a type of its own, compiled a second time
    kinds = plan[p.KINDS]
    for i in range(plan[kinds]):
        kind = plan[kinds + 1 + i]
        if plan[kind + p.NATIVE] >= 0:
            count = _native(data, words, plan, tape, room, keys, forms, found, rows, count, kind)
        elif plan[kind + p.EACH] >= 0:
            count = _each(data, words, plan, tape, room, keys, forms, found, rows, count, kind)
        else:
            room[p.ABOVE_COUNT] = 0
            got = read_record(
                data, words, plan, tape, room, keys, forms, found, rows, count, kind, root
            )
            count = got if got >= 0 or got == p.NOT_PLAIN else count
        if count < 0:
            return p.NOT_PLAIN
    return count if count > before and tape[0, t.LEFT] >= 0 else p.NOT_PLAIN


@njit(cache=True)
def _of_feed(data: Bytes, at: int, size: int, room: Ints, plan: Ints, words: Bytes) -> bool:
    """Whether a topic is one of the feed, named as its mapping names it, and not ignored."""
    if not read_levels(data, at, at + size, room):
        return False
    if not matches(data, room, plan, words, plan[p.FILTER]):
        return False
    if plan[p.PATTERN] >= 0 and not matches(data, room, plan, words, plan[p.PATTERN]):
        return False
    ignored = plan[p.IGNORED]
    for i in range(plan[ignored]):
        if matches(data, room, plan, words, plan[ignored + 1 + i]):
            return False
    return True


@njit(cache=True)
def _read(data: Bytes, at: int, end: int, plan: Ints, tape: Ints, stack: Ints) -> bool:
    """The tape of a payload; False where it is not plain."""
    encoding = plan[p.ENCODING]
    if encoding == p.MSGPACK or (encoding == p.JSON_OR_CBOR and at < end and data[at] >= 128):
        return read_packed(data, at, end, encoding, tape, stack) > 0
    return read_tape(data, at, end, tape, stack) > 0


@njit(cache=True)
def read_messages(
    data: Bytes, frames: Ints, plan: Ints, words: Bytes, forms: Ints, keys: Bytes, rows: Ints,
    taken: Bytes, count: int, key_end: int, now_us: int,
) -> int:  # fmt: skip
    """Messages of a feed -> rows (m, 9) as `ingest.kernels.plan` names them, their count.

    `frames` (n, 6) of `ingest.kernels.frames` over `data`; `forms` (k, 2) steps of the patterns of
    times; `keys` takes the keys; `count` rows and `key_end` bytes of keys are filled before;
    `now_us` is the time of receipt. Messages
    with `taken` (n,) set, and all that is not plain or finds no room, are left out.
    """
    largest = 0
    for i in range(frames.shape[0]):
        largest = max(largest, 0 if taken[i] else frames[i, 5])
    tape = np.empty((min(largest + 2, MOST_VALUES), t.COLUMNS), dtype=np.int64)
    stack = np.empty(t.DEPTH, dtype=np.int64)
    room = np.zeros(p.ROOM, dtype=np.int64)
    found = np.zeros(15, dtype=np.int64)
    room[p.KEY_END] = key_end
    for i in range(frames.shape[0]):
        if taken[i] or not _of_feed(data, frames[i, 2], frames[i, 3], room, plan, words):
            continue
        body = frames[i, 4]
        if not _read(data, body, body + frames[i, 5], plan, tape, stack):
            continue
        if _guarded(data, words, plan, tape, room):
            continue
        room[p.RECEIVED] = now_us - frames.shape[0] + i
        room[p.RETAINED] = frames[i, 0] & 1
        keys_before = room[p.KEY_END]
        got = _message(data, words, plan, tape, room, keys, forms, found, rows, count)
        if got < 0:
            room[p.KEY_END] = keys_before
            continue
        for k in range(count, got):
            rows[k, p.FRAME] = i
        count = got
    return count
