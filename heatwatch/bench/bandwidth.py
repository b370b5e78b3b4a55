"""How fast readings with a time of their own are looked through, beside reading the same memory."""

import itertools
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from domain.columns import USABLE_MARKS
from store.readings import kernels

IntArray = NDArray[np.int64]
SERIES, READINGS = 16_000, 2_904  # a season of hours each: more than any cache holds
HOUR_US = 3_600_000_000
ROUNDS = 9


def explicit_times(series: int = SERIES) -> dict[str, Any]:
    """Both on all cores, in turns: bytes of times and values a second [GB/s], and the share of it."""
    rng = np.random.default_rng(7)
    value = rng.integers(20_000, 22_000, series * READINGS, dtype=np.int64)
    at = np.tile(np.arange(READINGS, dtype=np.int64) * HOUR_US, series)
    start = np.arange(series, dtype=np.int64) * READINGS

    def reads(a: int, b: int) -> None:
        _read(value[a * READINGS : b * READINGS], at[a * READINGS : b * READINGS])

    def sifts(a: int, b: int) -> None:
        n = b - a
        none, low, high = (np.full(n, each, dtype=np.int64) for each in (0, 2**62, -(2**62)))
        marks, repeats = np.array([], dtype=np.uint8), np.zeros(n, dtype=np.bool_)
        kernels.sift(
            value, marks, USABLE_MARKS, at, start[a:b], start[a:b] + READINGS, none, none,
            0, 2**62, 4 * HOUR_US, low, high, none.copy(), repeats,
        )  # fmt: skip

    seconds: dict[Callable[[int, int], None], list[float]] = {reads: [], sifts: []}
    with ThreadPoolExecutor() as pool:
        for _ in range(ROUNDS + 1):
            for each, took in seconds.items():
                took.append(_on_all(pool, each, series))
    read, sift = (float(np.median(took[1:])) for took in seconds.values())
    size = (value.nbytes + at.nbytes) / 1e9
    return {"read_gb_s": size / read, "sift_gb_s": size / sift, "of_read": read / sift}


def _on_all(pool: ThreadPoolExecutor, work: Callable[[int, int], None], series: int) -> float:
    edges = np.linspace(0, series, (os.cpu_count() or 1) + 1).astype(int).tolist()
    begun = time.perf_counter()
    for done in [pool.submit(work, a, b) for a, b in itertools.pairwise(edges)]:
        done.result()
    return time.perf_counter() - begun


@njit(cache=True, nogil=True)
def _read(one: IntArray, other: IntArray) -> int:
    """Every number once."""
    total = 0
    for i in range(one.size):
        total += one[i]
    for i in range(other.size):
        total += other[i]
    return total
