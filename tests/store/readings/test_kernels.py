"""The kernel that puts slices where they belong, against slices of numpy."""

from itertools import groupby

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


NONE = np.array([], dtype=np.uint8)
USABLE = np.array([True, True, False])


@pytest.mark.parametrize("seed", range(20))
def test_slices_are_sifted_and_spread_by_step_as_with_their_times(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = rng.integers(1, 12, 9)
    end = np.cumsum(size)
    start = end - size
    first, step = rng.integers(0, 20, 9), rng.integers(1, 4, 9)
    own = np.repeat(np.arange(9), size)
    at = first[own] + step[own] * (np.arange(own.size) - start[own])
    value, mark = rng.integers(0, 3, own.size), rng.integers(0, 3, own.size).astype(np.uint8)
    for marks, times in ((mark, at), (mark, at[:0]), (NONE, at), (NONE, at[:0])):
        usable = USABLE[marks] if marks.size else np.ones(own.size, dtype=np.bool_)
        low, high = np.full(9, 99), np.full(9, -99)
        known, repeats = np.empty(9, dtype=np.int64), np.zeros(9, dtype=np.bool_)
        kernels.sift(
            value,
            marks,
            USABLE,
            times,
            start,
            end,
            first,
            step,
            5,
            15,
            2,
            low,
            high,
            known,
            repeats,
        )
        for i in range(9):
            good = [k for k in range(start[i], end[i]) if usable[k]]
            assert low[i] == min([99, *value[good]])
            assert high[i] == max([-99, *value[good]])
            runs = [[*own] for _, own in groupby(good, key=value.__getitem__)][1:-1]
            came = [
                run[0] for run in runs if 5 <= at[run[0]] < 15 and at[run[-1]] - at[run[0]] <= 2
            ]
            assert known[i] == (came[0] if came else -1)
        assert not repeats.any()
        out_at, out_value = np.empty_like(at), np.empty_like(value)
        out_mark = np.empty(marks.size, dtype=np.uint8)
        kernels.spread(value, marks, start, end, first, step, out_at, out_value, out_mark)
        assert [out_at.tolist(), out_value.tolist()] == [at.tolist(), value.tolist()]
        assert out_mark.tolist() == marks.tolist()
        order = rng.permutation(9)  # slices that are copied to where another order has them
        to = (np.cumsum(size[order]) - size[order])[np.argsort(order)]
        rows = np.concatenate([np.arange(start[i], end[i]) for i in order.tolist()])
        out_mark = np.zeros(own.size, dtype=np.uint8)
        kernels.copied(
            value, marks, times, start, end, first, step, to, out_at, out_value, out_mark
        )
        assert [out_at.tolist(), out_value.tolist()] == [at[rows].tolist(), value[rows].tolist()]
        assert out_mark.tolist() == (marks[rows] if marks.size else np.zeros_like(own)).tolist()


def test_a_time_that_does_not_increase_is_a_repeat() -> None:
    at, zero = np.array([1, 2, 2, 5, 6]), np.zeros(2, dtype=np.int64)
    low, high, known = (np.zeros(2, dtype=np.int64) for _ in range(3))
    repeats = np.zeros(2, dtype=np.bool_)
    bounds = np.array([0, 3]), np.array([3, 5])
    kernels.sift(at, NONE, USABLE, at, *bounds, zero, zero, 0, 9, 9, low, high, known, repeats)
    assert repeats.tolist() == [True, False]
