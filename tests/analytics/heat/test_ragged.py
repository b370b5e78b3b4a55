"""Rows of many owners side by side, against plain lists."""

import itertools

import numpy as np
import pytest

from analytics.heat.ragged import Ragged, merged, spread


def lists(ragged: Ragged) -> list[list[tuple[int, ...]]]:
    return [
        list(zip(*(column[a:b].tolist() for column in ragged.columns), strict=True))
        for a, b in zip(ragged.offsets[:-1], ragged.offsets[1:], strict=True)
    ]


@pytest.mark.parametrize("seed", range(10))
def test_grouping_flat_rows_and_taking_some_owners_is_the_same_as_lists(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = [
        sorted((int(a), int(b)) for a, b in rng.integers(0, 99, (rng.integers(0, 5), 2)))
        for _ in range(7)
    ]
    made = Ragged.of([rng.permutation(each).tolist() if each else [] for each in rows], 2)
    assert [sorted(each) for each in lists(made)] == rows
    assert made.count().tolist() == [len(each) for each in rows]
    owners = rng.permutation(7)[:4]
    assert [sorted(each) for each in lists(made.take(owners))] == [rows[i] for i in owners]
    flat = [(i, *row) for i, each in enumerate(rows) for row in each]
    table = np.array(rng.permutation(flat) if flat else np.empty((0, 3)), dtype=np.int64)
    grouped = Ragged.grouped(table[:, 0], 7, table[:, 1], table[:, 2])
    assert [sorted(each) for each in lists(grouped)] == rows


def test_runs_of_indices_are_laid_end_to_end() -> None:
    assert spread(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]


@pytest.mark.parametrize("seed", range(10))
def test_merged_spans_cover_the_same_and_stand_apart(seed: int) -> None:
    rng = np.random.default_rng(seed)
    spans = [(int(a), int(a + n)) for a, n in rng.integers(0, 30, (8, 2))]
    joined = merged(spans)
    assert {t for a, b in spans for t in range(a, b)} == {t for a, b in joined for t in range(a, b)}
    assert all(before[1] < after[0] for before, after in itertools.pairwise(joined))
