"""Time below a limit: the kernel against a minute-by-minute twin, with the compiler on and off."""

import random
from itertools import pairwise

import numpy as np
import pytest

from analytics.kernels.non_compliance import NEVER, below_limits

END = 120


def naive(
    samples: list[tuple[int, int, int]],
    watched: list[tuple[int, int, int, bool, int]],
    periods: int,
) -> list[list[int]]:
    """Each instant by itself."""
    found = [[0, NEVER, 0, NEVER, NEVER] for _ in range(periods)]
    for now in range(END):
        for since, until, limit, sure, period in watched:
            if not since <= now < until:
                continue
            own = found[period]
            values = [value for at, end, value in samples if at <= now < end]
            if not values or (values[0] < limit and not sure):
                own[4] = min(own[4], now)
            elif values[0] < limit:
                own[0] += 1
                own[1] = min(own[1], now)
                own[2] = now + 1
                own[3] = min(own[3], values[0])
    return found


@pytest.mark.parametrize("seed", range(40))
def test_the_kernel_finds_what_an_instant_by_instant_twin_finds(seed: int) -> None:
    rng = random.Random(seed)
    rooms: list[list[tuple[int, int, int]]] = []
    for _ in range(3):
        cuts = sorted(rng.sample(range(-10, END + 10), rng.choice((0, 2, 6, 12))))
        rooms.append([(a, b, rng.randrange(4)) for a, b in pairwise(cuts) if rng.random() < 0.7])  # fmt: skip
    edges = sorted(rng.sample(range(END), 8))
    watched = [
        (a, b, rng.randrange(1, 4), rng.random() < 0.7, i // 3)
        for i, (a, b) in enumerate(pairwise(edges))
        if rng.random() < 0.9
    ]
    size = np.array([len(each) for each in rooms])
    start = np.concatenate([[0], np.cumsum(size)])[:-1]
    rows = np.array([row for each in rooms for row in each] or [(0, 0, 0)], dtype=np.int64)
    spans = np.array(watched, dtype=np.int64).reshape(-1, 5)
    found = np.empty((3, 3, 5), dtype=np.int64)
    found[:] = (0, NEVER, 0, NEVER, NEVER)
    none, every = np.zeros(3, dtype=np.int64), np.full(3, len(watched), dtype=np.int64)
    at, until, value = (np.ascontiguousarray(rows[:, i]) for i in range(3))
    begin, end, limit, sure, period = (np.ascontiguousarray(spans[:, i]) for i in range(5))
    below_limits(
        0, 3, start, size, at, until, value, none, every, begin, end, limit,
        sure.astype(np.bool_), period, found,
    )  # fmt: skip
    assert found.tolist() == [naive(each, watched, 3) for each in rooms]
