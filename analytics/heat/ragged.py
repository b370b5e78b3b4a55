"""Rows of many owners side by side (CSR), as kernels take them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of many owners, CSR: owner i has `offsets[i]:offsets[i + 1]` of each column."""

    offsets: IntArray  # (n + 1,)
    columns: tuple[IntArray, ...]

    @classmethod
    def of(cls, rows: Sequence[Sequence[tuple[int, ...]]], width: int) -> "Ragged":
        """From each owner's rows, which are sorted here by their first column."""
        offsets = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum([len(each) for each in rows], out=offsets[1:])
        flat = [row for each in rows for row in sorted(each)]
        table = np.array(flat, dtype=np.int64).reshape(-1, width)
        return cls(offsets, tuple(np.ascontiguousarray(table[:, i]) for i in range(width)))

    @classmethod
    def grouped(cls, owner: IntArray, owners: int, *columns: IntArray) -> "Ragged":
        """From flat columns with the owner's index beside them."""
        order = np.lexsort((columns[0], owner))
        offsets = np.searchsorted(owner[order], np.arange(owners + 1)).astype(np.int64)
        return cls(offsets, tuple(np.ascontiguousarray(each[order]) for each in columns))

    def take(self, owners: IntArray) -> "Ragged":
        """The same for some owners, in their order."""
        size = np.diff(self.offsets)[owners]
        offsets = np.zeros(owners.size + 1, dtype=np.int64)
        np.cumsum(size, out=offsets[1:])
        rows = spread(self.offsets[:-1][owners], size)
        return Ragged(offsets, tuple(each[rows] for each in self.columns))

    def count(self) -> IntArray:
        return np.diff(self.offsets)


def spread(start: IntArray, size: IntArray) -> IntArray:
    """(n,) starts and sizes -> all indices start, start + 1, ..., one run after the other."""
    total = int(size.sum())
    before = np.repeat(np.cumsum(size) - size, size)
    return np.repeat(start, size) + np.arange(total, dtype=np.int64) - before


def merged(spans: Sequence[tuple[int, int]], gap: int = 0) -> list[tuple[int, int]]:
    """Overlapping and touching spans as one, and those less than `gap` apart.

    >>> merged([(5, 9), (0, 5), (12, 13)])
    [(0, 9), (12, 13)]
    >>> merged([(0, 5), (8, 9), (13, 14)], gap=4)
    [(0, 9), (13, 14)]
    """
    joined: list[tuple[int, int]] = []
    for since, until in sorted(spans):
        if joined and (since <= joined[-1][1] or since - joined[-1][1] < gap):
            joined[-1] = (joined[-1][0], max(until, joined[-1][1]))
        elif since < until:
            joined.append((since, until))
    return joined
