"""Kernels over ranges of rows, on all cores: compiled code lets go of the interpreter's lock.

Every range writes its own rows only, so the number of threads changes no result.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(kernel, a, b, *arrays) for a, b in pairwise(edges)]:
            done.result()
