"""Kernels over ranges of rows, on all cores: compiled code lets go of the interpreter's lock.

Every range writes its own rows only, so the number of threads changes no result.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import lru_cache
from itertools import pairwise

LEAST = 64  # rows below which another thread costs more than it brings
RANGES_A_THREAD = 4  # so that a slow range does not leave the others waiting


def in_ranges(
    kernel: Callable[..., object], rows: int, *arrays: object, threads: int | None = None
) -> None:
    """Calls `kernel(first, last, *arrays)` until all rows are done; `threads` None: one a core."""
    threads = threads or os.cpu_count() or 1
    ranges = min(rows // LEAST + 1, threads * RANGES_A_THREAD) if threads > 1 else 1
    if ranges == 1:
        kernel(0, rows, *arrays)
        return
    edges = [rows * i // ranges for i in range(ranges + 1)]
    pool = _pool(threads, os.getpid())
    parts = [pool.submit(kernel, a, b, *arrays) for a, b in pairwise(edges)]
    wait(parts)  # all: none writes into the arrays any more when the fault of another comes out
    for done in parts:
        done.result()


@lru_cache(4)
def _pool(threads: int, _process: int) -> ThreadPoolExecutor:
    """Kept: a piece of a city calls a dozen kernels. Of this process: a fork has none of its threads."""
    return ThreadPoolExecutor(threads, thread_name_prefix="kernels")
