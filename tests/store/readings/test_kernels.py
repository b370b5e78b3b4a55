"""The kernel that puts slices where they belong, against slices of numpy."""

import numpy as np
import pytest

from store.readings import kernels


@pytest.mark.parametrize("seed", range(20))
def test_slices_are_copied_and_repeats_are_marked(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 6, 8)
    at = rng.integers(0, 12, int(sizes.sum()))
    value = rng.integers(-5, 5, at.size)
    start = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    end = start + sizes
    order = rng.permutation(8)
    to = np.empty(8, dtype=np.int64)
    to[order] = np.concatenate([[0], np.cumsum(sizes[order])[:-1]])
    out_at, out_value = np.empty(at.size, np.int64), np.empty(at.size, np.int64)
    repeats = np.zeros(8, dtype=np.bool_)
    kernels.place(at, value, start, end, to, out_at, out_value, repeats)
    for i in range(8):
        there = slice(int(to[i]), int(to[i] + sizes[i]))
        assert out_at[there].tolist() == at[start[i] : end[i]].tolist()
        assert out_value[there].tolist() == value[start[i] : end[i]].tolist()
        assert repeats[i] == bool(np.any(np.diff(at[start[i] : end[i]]) <= 0))
