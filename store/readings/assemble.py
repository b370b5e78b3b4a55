"""Many sorted runs of readings into one `Columns`.

Runs are row groups of the lake and the journal's tail. Where the slices of a series do not
meet in time, which is nearly always, they are copied one after the other; only series whose
slices overlap or repeat a time are sorted and resolved.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.columns import Columns
from store.readings import kernels
from store.readings.resolve import Rows, resolve

IntArray = NDArray[np.int64]
Mapper = Callable[..., Iterable[Any]]  # as the built-in `map`


@dataclass(frozen=True, slots=True)
class Run:
    """Rows sorted by (series, time); all arrays (n,)."""

    series: NDArray[np.int32]
    at_us: IntArray
    value: IntArray  # 0 where the mark is not usable
    mark: NDArray[np.uint8] | None  # None: all GOOD
    revision: NDArray[np.int16] | None  # None: all the same

    def filled(self) -> tuple[IntArray, IntArray, NDArray[np.uint8], NDArray[np.int16]]:
        """Time, value, mark and revision with nothing left out."""
        n = self.at_us.size
        mark = np.zeros(n, np.uint8) if self.mark is None else self.mark
        revision = np.zeros(n, np.int16) if self.revision is None else self.revision
        return self.at_us, self.value, mark, revision


@dataclass(frozen=True, slots=True)
class _Slices:
    """(k,) slices of runs: which of the wanted series, which run, from where to where."""

    wanted: IntArray
    run: IntArray
    start: IntArray
    end: IntArray
    first_us: IntArray
    last_us: IntArray

    def take(self, index: IntArray) -> "_Slices":
        return _Slices(*(getattr(self, name)[index] for name in self.__slots__))


def assemble(wanted: NDArray[np.int32], runs: list[Run], each: Mapper = map) -> Columns:
    """The wanted series (sorted, unique) out of the runs, one row per identity.

    `each` is `map`, or that of a thread pool: the copying runs without Python's lock.
    """
    slices = _find(wanted, runs)
    slices = slices.take(np.lexsort((slices.run, slices.first_us, slices.wanted)))
    counts = slices.end - slices.start
    ends = np.cumsum(counts)
    total = int(ends[-1]) if ends.size else 0
    out = _Output(total)
    repeats = out.place(runs, slices, ends - counts, each)
    sizes = np.bincount(slices.wanted, weights=counts, minlength=wanted.size).astype(np.int64)
    unclear = _unclear(slices, repeats)
    if unclear.slice.size == 0:
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        return Columns(wanted, offsets, out.at_us, out.value, out.mark)
    rows = _resolved(runs, slices, unclear)
    return _with_resolved(wanted, sizes, out, rows, slices, unclear, ends - counts)


def _find(wanted: NDArray[np.int32], runs: list[Run]) -> _Slices:
    """Where each run has which wanted series."""
    parts: list[tuple[IntArray, ...]] = []
    for number, run in enumerate(runs):
        if run.series.size == 0:
            continue
        low = int(np.searchsorted(wanted, run.series[0], "left"))
        high = int(np.searchsorted(wanted, run.series[-1], "right"))
        index = np.arange(low, high, dtype=np.int64)
        start = np.searchsorted(run.series, wanted[low:high], "left")
        end = np.searchsorted(run.series, wanted[low:high], "right")
        has = end > start
        index, start, end = index[has], start[has], end[has]
        run_number = np.full(index.size, number, dtype=np.int64)
        parts.append((index, run_number, start, end, run.at_us[start], run.at_us[end - 1]))
    if not parts:
        return _Slices(*(np.empty(0, np.int64) for _ in _Slices.__slots__))
    return _Slices(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _overlaps(slices: _Slices) -> NDArray[np.bool_]:
    """(k,) whether a slice begins before the one before it, of the same series, has ended."""
    overlap = np.zeros(slices.wanted.size, dtype=np.bool_)
    same = slices.wanted[1:] == slices.wanted[:-1]
    overlap[1:] = same & (slices.first_us[1:] <= slices.last_us[:-1])
    return overlap


class _Output:
    """The arrays being filled."""

    def __init__(self, total: int) -> None:
        self.at_us = np.empty(total, np.int64)
        self.value = np.empty(total, np.int64)
        self.mark = np.zeros(total, np.uint8)

    def place(
        self, runs: list[Run], slices: _Slices, to: IntArray, each: Mapper
    ) -> NDArray[np.bool_]:
        """Copies every slice to its place; (k,) which of them repeat a time."""
        repeats = np.zeros(slices.run.size, dtype=np.bool_)
        order = np.argsort(slices.run, kind="stable")
        bounds = np.searchsorted(slices.run[order], np.arange(len(runs) + 1))

        def copy(number: int) -> None:
            mine = order[bounds[number] : bounds[number + 1]]
            repeats[mine] = self._copy(runs[number], slices.take(mine), to[mine])

        for _ in each(copy, range(len(runs))):
            pass
        return repeats

    def _copy(self, run: Run, slices: _Slices, to: IntArray) -> NDArray[np.bool_]:
        start, end = slices.start, slices.end
        found = np.zeros(start.size, dtype=np.bool_)
        kernels.place(run.at_us, run.value, start, end, to, self.at_us, self.value, found)
        if run.mark is not None:
            for a, b, t in zip(start, end, to, strict=True):
                self.mark[t : t + b - a] = run.mark[a:b]
        return found


@dataclass(frozen=True, slots=True)
class _Unclear:
    """(m,) slices that meet another one of their series, or repeat a time; (m,) which of the groups of
    such slices, that lie beside each other, each is of."""

    slice: IntArray
    group: IntArray


def _unclear(slices: _Slices, repeats: NDArray[np.bool_]) -> _Unclear:
    """Slices are in the order of their series and first times."""
    series = np.unique(slices.wanted[repeats | _overlaps(slices)])
    mine = np.flatnonzero(np.isin(slices.wanted, series))
    own = slices.take(mine)
    # The latest end so far within each series: ends in their order, series by series, never fall.
    by_end = np.lexsort((own.last_us, own.wanted))
    rank = np.empty(mine.size, dtype=np.int64)
    rank[by_end] = np.arange(mine.size)
    latest = own.last_us[by_end[np.maximum.accumulate(rank)]] if mine.size else own.last_us
    begins = np.ones(mine.size, dtype=np.bool_)
    begins[1:] = (own.wanted[1:] != own.wanted[:-1]) | (own.first_us[1:] > latest[:-1])
    group = np.cumsum(begins) - 1
    meets = (np.bincount(group) > 1)[group] | repeats[mine]
    meets = np.isin(group, group[meets])
    return _Unclear(mine[meets], np.unique(group[meets], return_inverse=True)[1])


def _resolved(runs: list[Run], slices: _Slices, unclear: _Unclear) -> Rows:
    """The rows of the unclear slices, resolved; `series` is the number of their group."""
    mine, parts = slices.take(unclear.slice), []
    for number in np.unique(mine.run).tolist():
        rows = np.flatnonzero(mine.run == number)
        here, group = mine.take(rows), unclear.group[rows]
        counts = here.end - here.start
        steps = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        index = np.repeat(here.start, counts) + steps
        columns = (column[index] for column in runs[number].filled())
        parts.append(Rows(np.repeat(group, counts), *columns))
    return resolve(Rows.join(parts))


def _with_resolved(
    wanted: NDArray[np.int32], sizes: IntArray, out: _Output, rows: Rows, slices: _Slices,
    unclear: _Unclear, to: IntArray,
) -> Columns:  # fmt: skip
    """Puts resolved groups in the place of what was copied for their slices, which begin at `to`."""
    keep = np.ones(out.at_us.size, dtype=np.bool_)
    first = np.unique(unclear.group, return_index=True)[1]
    start = to[unclear.slice[first]]
    size = slices.end[unclear.slice] - slices.start[unclear.slice]
    size = np.bincount(unclear.group, weights=size).astype(np.int64)
    counts = np.bincount(rows.series, minlength=first.size)
    fresh = np.cumsum(counts) - counts
    for a, n, source, before in zip(
        start.tolist(), counts.tolist(), fresh.tolist(), size.tolist(), strict=True
    ):
        for have, new in ((out.at_us, rows.at_us), (out.value, rows.value), (out.mark, rows.mark)):
            have[a : a + n] = new[source : source + n]
        keep[a + n : a + before] = False
    np.subtract.at(sizes, slices.wanted[unclear.slice[first]], size - counts)
    moved = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return Columns(wanted, moved, out.at_us[keep], out.value[keep], out.mark[keep])
