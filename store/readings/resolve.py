"""Which of several readings for one identity counts: decided by content alone.

The identity of a reading is (series, event time). Of the rows that share one:

1. the highest revision counts, lower ones are past;
2. a usable value beats an unusable or absent one of the same revision: saying nothing
   contradicts nobody;
3. equal values are one reading; different usable values are a CONFLICT, whose value is unknown;
4. of several marks the smallest number is kept (GOOD before CLOCK_CORRECTED, a named cause
   before MISSING).

This is a join: it does not depend on order, on grouping, or on how often a row is seen. A
CONFLICT found earlier absorbs all others of its revision, so resolved rows may be joined again.

Rows that only have their time of receipt follow the same rule. Two different messages of one
microsecond are two readings and stay two rows of the lake, but which of them came last nobody
can know: equal values count as one sample, different ones are a CONFLICT.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.columns import USABLE_MARKS, IntArray
from domain.quality import Quality

#: (8,) which mark leads among rows of one identity and revision.
_CONFLICT, _USABLE, _UNUSABLE = 0, 1, 2
_RANK = np.where(USABLE_MARKS, _USABLE, _UNUSABLE).astype(np.int8)
_RANK[Quality.CONFLICT] = _CONFLICT
_NO_MARK = np.uint8(255)


@dataclass(frozen=True, slots=True)
class Rows:
    """Readings of several series as they came, in any order; all arrays (n,)."""

    series: IntArray
    at_us: IntArray
    value: IntArray  # 0 where the mark is not usable
    mark: NDArray[np.uint8]  # a null value is already MISSING, or its own unusable mark
    revision: NDArray[np.int16]

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> "Rows":
        return Rows(*(getattr(self, name)[index] for name in self.__slots__))

    @classmethod
    def join(cls, parts: "list[Rows]") -> "Rows":
        """All rows of the parts, one after the other."""
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in cls.__slots__))


def marks(quality: NDArray[np.int8], null: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """(n,) marks: a null is MISSING unless its quality already names a cause."""
    mark = quality.astype(np.uint8)
    mark[null & USABLE_MARKS[mark]] = Quality.MISSING
    return mark


def resolve(rows: Rows) -> Rows:
    """One row per identity, sorted by (series, time).

    >>> one = np.ones(3, dtype=np.int64)
    >>> value = np.array([18000, 18000, 17900])
    >>> plain = np.zeros(3, dtype=np.uint8)
    >>> resolve(Rows(one, one, value, plain, np.array([0, 0, 1], dtype=np.int16))).value
    array([17900])
    >>> resolve(Rows(one, one, value, plain, np.zeros(3, dtype=np.int16))).mark
    array([6], dtype=uint8)
    """
    if rows.at_us.size == 0:
        return rows
    rows = rows.take(_by_identity(rows))
    fresh = np.ones(rows.at_us.size, dtype=np.bool_)
    fresh[1:] = (np.diff(rows.series) != 0) | (np.diff(rows.at_us) != 0)
    if fresh.all():
        return rows
    again = np.flatnonzero(~fresh)
    several = np.unique(np.concatenate([again - 1, again]))  # rows whose identity has others
    order = np.arange(fresh.size)
    order[several] = several[_leading_first(rows.take(several))]
    rows = rows.take(order)
    return _join_groups(rows, _RANK[rows.mark], np.flatnonzero(fresh), np.cumsum(fresh) - 1)


def _by_identity(rows: Rows) -> NDArray[np.int64]:
    """Order by (series, time). Rows come in long stretches of it, which one key finds and joins."""
    series, at = rows.series, rows.at_us
    least, first = int(series.min()), int(at.min())
    span = int(at.max()) - first + 1
    if (int(series.max()) - least + 1) * span > np.iinfo(np.int64).max:
        return np.lexsort((at, series))
    return np.argsort((series.astype(np.int64) - least) * span + (at - first), kind="stable")


def _leading_first(rows: Rows) -> NDArray[np.int64]:
    """The same, and of one identity the row that leads: by revision, rank, least value."""
    revision = -rows.revision.astype(np.int64)
    return np.lexsort((rows.value, _RANK[rows.mark], revision, rows.at_us, rows.series))


def _join_groups(
    rows: Rows, rank: NDArray[np.int8], first: NDArray[np.int64], group: NDArray[np.int64]
) -> Rows:
    """Sorted rows, the first of each identity leading by revision, rank, least value."""
    lead = first[group]
    counts = (rows.revision == rows.revision[lead]) & (rank == rank[lead])
    most = np.maximum.reduceat(np.where(counts, rows.value, rows.value[lead]), first)
    mark = np.minimum.reduceat(np.where(counts, rows.mark, _NO_MARK), first)
    best = rows.take(first)
    conflict = (rank[first] == _USABLE) & (most != best.value)
    mark[conflict] = Quality.CONFLICT
    value = np.where(conflict, 0, best.value)
    return Rows(best.series, best.at_us, value, mark, best.revision)
