"""Row groups of the lake as slices of series, each looked at while it is decoded.

Where the footer has the stretches of regular times only the values are decoded.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from domain.columns import USABLE_MARKS
from store.lake.damaged import opened
from store.lake.files import ROW_GROUP, LakeFile
from store.lake.place import LakePlace
from store.lake.scan import Bounds
from store.readings import kernels
from store.readings.assemble import Mapper, Run
from store.readings.footers import Footer, Footers
from store.readings.runs import may_hold, runs_of, values_of

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
NO_LOW, NO_HIGH = np.iinfo(np.int64).max, np.iinfo(np.int64).min
_NO_MARK = np.array([], dtype=np.uint8)
_NO_TIME = np.array([], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which readings are looked for, and what in them."""

    series: NDArray[np.int32]  # (n,) sorted, unique
    at_us: Bounds
    season_us: tuple[int, int]  # half-open: where a usable value is looked for
    still_us: int  # that came and went within so long [µs]


@dataclass(frozen=True, slots=True)
class Part:
    """(m,) rows of a row group and (k,) slices of them."""

    value: IntArray  # (m,)
    mark: NDArray[np.uint8]  # (m,); empty: all GOOD
    at_us: IntArray  # (m,); empty: the slices say it
    revision: NDArray[np.int16] | None
    wanted: IntArray  # (k,) index of the slice's series among the wanted
    start: IntArray
    end: IntArray
    first_us: IntArray
    step_us: IntArray  # where the times are not in `at_us`
    low: IntArray  # least usable value, NO_LOW where there is none
    high: IntArray  # and the greatest, NO_HIGH
    known: IntArray  # row of a usable value of the season that came and went, -1: none
    repeats: BoolArray  # whether times do not increase

    def last_us(self) -> IntArray:
        """(k,) time of each slice's last row."""
        if self.at_us.size:
            return self.at_us[self.end - 1]
        return self.first_us + self.step_us * (self.end - 1 - self.start)

    def time_of(self, slices: IntArray, rows: IntArray) -> IntArray:
        """Times of rows, each with the slice that it lies in."""
        if self.at_us.size:
            return self.at_us[rows]
        return self.first_us[slices] + self.step_us[slices] * (rows - self.start[slices])

    def slices(self, some: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Of some slices: index of the series, how many rows, and the first one's time."""
        return self.wanted[some], self.end[some] - self.start[some], self.first_us[some]

    def copy(
        self, some: IntArray, to: IntArray, at: IntArray, value: IntArray, mark: NDArray[np.uint8]
    ) -> None:
        """The rows of some slices into these columns, each from its `to` on; `mark` comes as GOOD."""
        kernels.copied(
            self.value, self.mark, self.at_us, self.start[some], self.end[some],
            self.first_us[some], self.step_us[some], to, at, value, mark,
        )  # fmt: skip

    def run(self, series: NDArray[np.int32], kept: BoolArray) -> Run:
        """The rows of those slices whose series are kept."""
        mine = np.flatnonzero(kept[self.wanted])
        start, end = self.start[mine], self.end[mine]
        size = end - start
        own = np.repeat(series[self.wanted[mine]], size)
        if self.at_us.size:
            rows = np.arange(own.size) + np.repeat(start - (np.cumsum(size) - size), size)
            mark = self.mark[rows] if self.mark.size else None
            revision = None if self.revision is None else self.revision[rows]
            return Run(own, self.at_us[rows], self.value[rows], mark, revision)
        at, value = (np.empty(own.size, dtype=np.int64) for _ in range(2))
        mark = np.empty(own.size if self.mark.size else 0, dtype=np.uint8)
        kernels.spread(
            self.value, self.mark, start, end, self.first_us[mine], self.step_us[mine], at, value,
            mark,
        )  # fmt: skip
        return Run(own, at, value, mark if self.mark.size else None, None)


def read_parts(
    place: LakePlace,
    files: tuple[LakeFile, ...],
    wanted: Wanted,
    as_of: int,
    footers: Footers,
    each: Mapper = map,
) -> list[Part]:
    """The parts that may hold wanted series as of a flush; `each` as in `read_runs`."""

    def read(file: LakeFile) -> list[Part]:
        footer = footers.get(place, file) if file.flush[1] <= as_of else None
        if footer is not None:
            with opened(place, file, footer.parquet) as parquet:
                return list(_regular(parquet, footer, wanted))
        with opened(place, file) as parquet:
            runs = runs_of(parquet, file, wanted.series, wanted.at_us, as_of)
            return [_of_run(run, wanted) for run in runs if run.series.size]

    chosen = [file for file in files if may_hold(file, wanted.series, wanted.at_us, as_of)]
    return list(itertools.chain.from_iterable(each(read, chosen)))


def _regular(parquet: pq.ParquetFile, footer: Footer, wanted: Wanted) -> Iterator[Part]:
    """A part for each row group that has wanted series, from its values alone."""
    slices = _slices(footer, wanted)
    names = ["value", "quality"] if footer.marked else ["value"]
    batches = parquet.iter_batches(ROW_GROUP, [*slices], names, use_threads=False)
    for every, batch in zip(slices.values(), batches, strict=True):
        value, mark, own = _compact(*values_of(batch), every)
        yield _sifted(value, mark, _NO_TIME, None, own, wanted)


def _compact(
    value: IntArray, mark: NDArray[np.uint8] | None, slices: tuple[IntArray, ...]
) -> tuple[IntArray, NDArray[np.uint8] | None, tuple[IntArray, ...]]:
    """Only the rows that are wanted, where they are few: else a few homes of a city hold all its rows."""
    index, start, end, first, step = slices
    size = end - start
    if 2 * (total := int(size.sum())) > value.size:
        return value, mark, slices
    begin = np.cumsum(size) - size
    rows = np.arange(total) + np.repeat(start - begin, size)
    marks = None if mark is None else mark[rows]
    return value[rows], marks, (index, begin, begin + size, first, step)


def _slices(footer: Footer, wanted: Wanted) -> dict[int, tuple[IntArray, ...]]:
    """Row group -> index among the wanted, first row, end, first time and step of its wanted stretches."""
    all_ = footer.stretches
    rows, first, step = all_.rows, all_.first_us, all_.step_us
    index = np.searchsorted(wanted.series, all_.series).clip(max=wanted.series.size - 1)
    by = np.maximum(step, 1)
    low = np.clip(-((first - wanted.at_us[0]) // by), 0, rows)
    high = np.clip((wanted.at_us[1] - first) // by + 1, 0, rows)
    mine = np.flatnonzero((wanted.series[index] == all_.series) & (high > low))
    begin = (np.cumsum(rows) - rows) % ROW_GROUP
    columns = (index, begin + low, begin + high, first + step * low, step)
    found = [each[mine] for each in columns]
    edges = np.searchsorted(mine, footer.start).tolist()
    return {
        group: tuple(each[a:b] for each in found)
        for group, (a, b) in enumerate(itertools.pairwise(edges))
        if b > a
    }


def _of_run(run: Run, wanted: Wanted) -> Part:
    low = int(np.searchsorted(wanted.series, run.series[0], "left"))
    high = int(np.searchsorted(wanted.series, run.series[-1], "right"))
    start = np.searchsorted(run.series, wanted.series[low:high], "left")
    end = np.searchsorted(run.series, wanted.series[low:high], "right")
    has = end > start
    index, start, end = np.arange(low, high)[has], start[has], end[has]
    slices = (index, start, end, run.at_us[start], np.zeros(index.size, dtype=np.int64))
    return _sifted(run.value, run.mark, run.at_us, run.revision, slices, wanted)


def _sifted(
    value: IntArray,
    mark: NDArray[np.uint8] | None,
    at: IntArray,
    revision: NDArray[np.int16] | None,
    slices: tuple[IntArray, ...],
    wanted: Wanted,
) -> Part:
    index, start, end, first, step = slices
    low, high = (np.full(index.size, no, dtype=np.int64) for no in (NO_LOW, NO_HIGH))
    known, repeats = np.empty(index.size, dtype=np.int64), np.zeros(index.size, dtype=np.bool_)
    marks = _NO_MARK if mark is None else mark
    kernels.sift(
        value, marks, USABLE_MARKS, at, start, end, first, step, *wanted.season_us,
        wanted.still_us, low, high, known, repeats,
    )  # fmt: skip
    return Part(
        value, marks, at, revision, index, start, end, first, step, low, high, known, repeats
    )
