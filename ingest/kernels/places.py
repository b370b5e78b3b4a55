# mypy: disable-error-code="assignment, no-any-return"
"""Paths through a tape, and texts made of levels, keys and values."""

from numba import njit

from ingest.kernels import plan as p
from ingest.kernels import tape as t
from ingest.kernels.text import Bytes, Ints


@njit(cache=True)
def same(data: Bytes, at: int, words: Bytes, word: int, size: int) -> bool:
    """Whether `size` bytes from `at` are those of a word."""
    for i in range(size):  # noqa: SIM110 - all() would make a generator
        if data[at + i] != words[word + i]:
            return False
    return True


@njit(cache=True)
def member(data: Bytes, words: Bytes, tape: Ints, node: int, word: int, size: int) -> int:
    """The value under this key of the object `node`, -1 where it is no object or has none.

    Also -1 once the search has no steps left: `tape[0, LEFT]` is then negative, and the message not plain.
    """
    if tape[node, t.KIND] != t.OBJECT:
        return -1
    child = node + 1
    after = tape[node, t.AFTER]
    left = tape[0, t.LEFT]
    while child < after and left >= 0:
        left -= 1
        if tape[child, t.KEY_SIZE] == size and same(data, tape[child, t.KEY_AT], words, word, size):
            break
        child = tape[child, t.AFTER]
    tape[0, t.LEFT] = left
    return child if child < after and left >= 0 else -1


@njit(cache=True)
def item(tape: Ints, node: int, index: int) -> int:
    """The value at this index of the list `node`, -1 where it is no list or shorter; else as `member`."""
    if tape[node, t.KIND] != t.LIST:
        return -1
    child = node + 1
    after = tape[node, t.AFTER]
    left = tape[0, t.LEFT]
    while child < after and index > 0 and left >= 0:
        left -= 1
        index -= 1
        child = tape[child, t.AFTER]
    tape[0, t.LEFT] = left
    return child if child < after and left >= 0 else -1


@njit(cache=True)
def follow(data: Bytes, words: Bytes, plan: Ints, tape: Ints, steps: int, node: int) -> int:
    """Where the steps lead from `node`, -1 where there is nothing."""
    at = steps + 1
    for _ in range(plan[steps]):
        if plan[at] == p.MEMBER:
            node = member(data, words, tape, node, plan[at + 1], plan[at + 2])
        else:
            node = item(tape, node, plan[at + 1])
        if node < 0:
            return -1
        at += 3
    return node


@njit(cache=True)
def lookup(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, steps: int, record: int
) -> int:
    """As `follow`, from the record, else from the objects around it, the nearest first."""
    node = follow(data, words, plan, tape, steps, record)
    if node >= 0:
        return node
    for i in range(room[p.ABOVE_COUNT]):
        node = follow(data, words, plan, tape, steps, room[p.ABOVE + i])
        if node >= 0:
            return node
    return -1


@njit(cache=True)
def copied(source: Bytes, at: int, size: int, keys: Bytes, to: int) -> int:
    """Copies bytes into `keys` -> the byte after them, -1 where there is no room."""
    if to < 0 or to + size > keys.size:
        return -1
    for i in range(size):
        keys[to + i] = source[at + i]
    return to + size


@njit(cache=True)
def whole(data: Bytes, tape: Ints, node: int) -> bool:
    """Whether a value is a whole number as our text of it is written: -0 is 0."""
    plain = tape[node, t.KIND] == t.NUMBER and tape[node, t.DECIMALS] == 0
    return plain and (tape[node, t.MANTISSA] != 0 or data[tape[node, t.AT]] != 45)


@njit(cache=True)
def _level(data: Bytes, room: Ints, level: int, keys: Bytes, to: int) -> int:
    """Copies a level of the topic; -1 is the last one."""
    at = level if level >= 0 else room[p.LEVEL_COUNT] + level
    return copied(data, room[2 * at], room[2 * at + 1], keys, to)


@njit(cache=True)
def _native_device(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, place: int, record: int,
    keys: Bytes, to: int,
) -> int:  # fmt: skip
    """The first that is said: `device` of the reading, of the batch, the level of the topic."""
    said = follow(data, words, plan, tape, place + 2, record)
    for i in range(room[p.ABOVE_COUNT] + 1):
        if i > 0:
            said = follow(data, words, plan, tape, place + 2, room[p.ABOVE + i - 1])
        if said < 0 or tape[said, t.KIND] == t.NULL:
            continue
        if tape[said, t.KIND] != t.TEXT:
            return -1
        if tape[said, t.SIZE] > 0:
            return copied(data, tape[said, t.AT], tape[said, t.SIZE], keys, to)
    return _level(data, room, plan[place + 1], keys, to)


@njit(cache=True)
def write_text(
    data: Bytes, words: Bytes, plan: Ints, tape: Ints, room: Ints, place: int, record: int,
    keys: Bytes, to: int,
) -> int:  # fmt: skip
    """The text of a place into `keys` from `to` on -> the byte after it, -1 where it is not plain."""
    if plan[place] == p.NATIVE_DEVICE:
        return _native_device(data, words, plan, tape, room, place, record, keys, to)
    if plan[place] == p.PATH:
        node = lookup(data, words, plan, tape, room, place + 1, record)
        if node < 0 or not (tape[node, t.KIND] == t.TEXT or whole(data, tape, node)):
            return -1
        return copied(data, tape[node, t.AT], tape[node, t.SIZE], keys, to)
    at = place + 2
    for _ in range(plan[place + 1]):
        if plan[at] == p.WORDS:
            to = copied(words, plan[at + 1], plan[at + 2], keys, to)
        elif plan[at] == p.LEVEL:
            to = _level(data, room, plan[at + 1], keys, to)
        else:
            node = room[p.KEPT_AT + plan[at + 1]]
            to = copied(data, tape[node, t.KEY_AT], tape[node, t.KEY_SIZE], keys, to)
        at += 3
    return to
