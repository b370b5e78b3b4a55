"""Columns: the only border between rows and kernels."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.quality import USABLE, Quality
from domain.time import Span, to_us

IntArray = NDArray[np.int64]
MarkArray = NDArray[np.uint8]

#: By mark: whether settlement may use the value.
USABLE_MARKS = np.array([mark in USABLE for mark in Quality], dtype=np.bool_)
#: By mark: whether the event time says anything.
TIMED_MARKS = np.array([mark is not Quality.CLOCK_WRONG for mark in Quality], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Columns:
    """Readings of many series, CSR: series i owns `offsets[i]:offsets[i + 1]`, times increasing.

    One row per identity (series, event time): repeats, revisions and conflicts are
    resolved already (DESIGN section 2, point 4).
    """

    series: NDArray[np.int32]  # (n,) series ids, increasing
    offsets: IntArray  # (n + 1,)
    at_us: IntArray  # (m,) event time since the epoch, UTC [µs]
    value: IntArray  # (m,) in the resolution of the series' quantity; undefined where not usable
    mark: MarkArray  # (m,) `Quality`

    def __post_init__(self) -> None:
        if self.offsets.shape != (self.series.size + 1,):
            raise ValueError(
                f"expected {self.series.size + 1} offsets, got shape {self.offsets.shape}"
            )
        sizes = {self.at_us.shape, self.value.shape, self.mark.shape, (int(self.offsets[-1]),)}
        if len(sizes) != 1:
            raise ValueError(f"columns differ in length: {sorted(sizes)}")

    def usable(self) -> NDArray[np.bool_]:
        """(m,) whether settlement may use the value."""
        usable: NDArray[np.bool_] = USABLE_MARKS[self.mark]
        return usable

    def slices(self, series: NDArray[Any]) -> tuple[IntArray, IntArray]:
        """(k,) where the rows of each of these series begin, and how many they are; 0: not in here.

        >>> none = np.zeros(3, dtype=np.int64)
        >>> own = Columns(np.array([4, 7], np.int32), np.array([0, 1, 3]), none, none, none)
        >>> [each.tolist() for each in own.slices(np.array([7, 5, 4, 7]))]
        [[1, 0, 0, 1], [2, 0, 1, 2]]
        """
        if self.series.size == 0:
            return np.zeros(series.size, dtype=np.int64), np.zeros(series.size, dtype=np.int64)
        row = np.searchsorted(self.series, series).clip(max=self.series.size - 1)
        there = self.series[row] == series
        start = np.where(there, self.offsets[row], 0)
        return start, np.where(there, self.offsets[row + 1] - start, 0)

    def within(self, span: Span) -> "Columns":
        """The rows of the span alone, by event time."""
        kept = (self.at_us >= to_us(span.since)) & (self.at_us < to_us(span.until))
        before = np.concatenate([[0], np.cumsum(kept)])
        offsets = before[self.offsets].astype(np.int64)
        return Columns(self.series, offsets, self.at_us[kept], self.value[kept], self.mark[kept])

    def of(self, series: int) -> tuple[IntArray, IntArray, MarkArray]:
        """Times, values and marks of one series; empty where it is not in here."""
        i = int(np.searchsorted(self.series, series))
        if i == self.series.size or self.series[i] != series:
            return self.at_us[:0], self.value[:0], self.mark[:0]
        rows = slice(int(self.offsets[i]), int(self.offsets[i + 1]))
        return self.at_us[rows], self.value[rows], self.mark[rows]
