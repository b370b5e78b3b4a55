"""The number of threads changes no result, and a kernel's fault comes out."""

import numpy as np
import pytest

from analytics.heat.threads import in_ranges


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 1000])
def test_every_row_is_done_once(rows: int, threads: int) -> None:
    done = np.zeros(rows, dtype=np.int64)

    def kernel(first: int, last: int, out: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
        out[first:last] += 1

    in_ranges(kernel, rows, done, threads=threads)
    assert done.tolist() == [1] * rows


def test_a_fault_in_one_range_is_not_lost() -> None:
    def kernel(first: int, last: int) -> None:
        if first:
            raise ZeroDivisionError(f"{first} to {last}")

    with pytest.raises(ZeroDivisionError):
        in_ranges(kernel, 1000, threads=4)
