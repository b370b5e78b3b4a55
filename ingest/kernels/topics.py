# mypy: disable-error-code="assignment, no-any-return"
"""Topics by their levels (MQTT 3.1.1, 4.7)."""

from numba import njit

from ingest.kernels.plan import LEVEL_COUNT, MOST_LEVELS
from ingest.kernels.text import Bytes, Ints


@njit(cache=True)
def read_levels(data: Bytes, at: int, end: int, room: Ints) -> bool:
    """Where the levels of the topic `data[at:end]` are, into `room`; False where they are too many."""
    count = 0
    start = at
    while True:
        if at == end or data[at] == 47:
            if count == MOST_LEVELS:
                return False
            room[2 * count] = start
            room[2 * count + 1] = at - start
            count += 1
            start = at + 1
        if at == end:
            break
        at += 1
    room[LEVEL_COUNT] = count
    return True


@njit(cache=True)
def matches(data: Bytes, room: Ints, plan: Ints, words: Bytes, filter_at: int) -> bool:
    """Whether the topic is one of a filter: (levels, whether more may follow, (at, size) of each).

    A level of size -1 may be any.
    """
    levels = plan[filter_at]
    count = room[LEVEL_COUNT]
    if count < levels or (count > levels and not plan[filter_at + 1]):
        return False
    for i in range(levels):
        word = plan[filter_at + 2 + 2 * i]
        size = plan[filter_at + 3 + 2 * i]
        if size < 0:
            continue
        at = room[2 * i]
        if room[2 * i + 1] != size:
            return False
        for j in range(size):
            if data[at + j] != words[word + j]:
                return False
    return True
