"""Newest value of each series, by event time and never by arrival.

Kept in memory: found once by looking back through the lake, then folded on with each batch.
A reading whose time is known to be wrong is never the newest, and one from the future is not
until its time has come.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from domain.quality import Quality
from store.journal.journal import Batch, Journal
from store.lake.files import LakeFile, sort_rows
from store.lake.lake import Lake, Snapshot
from store.readings.assemble import Run
from store.readings.resolve import Rows, resolve
from store.readings.runs import read_runs, to_run

#: Months with readings that are looked through for series that are silent.
MONTHS_BACK = 3
#: Callers at the same time may name moments this far apart; one further back is looked up anew. [µs]
BACK_US = 60 * 1_000_000
_EVER = (np.iinfo(np.int64).min, np.iinfo(np.int64).max)


class Kept(Protocol):
    """What is read from: journal, lake, and all batches in order (`Readings` has them)."""

    journal: Journal
    lake: Lake

    def since(self, batch: int) -> Iterator[Batch]: ...


@dataclass(frozen=True, slots=True)
class Latest:
    """Newest readings; all arrays (n,), only series that have one."""

    series: NDArray[np.int32]  # increasing
    at_us: NDArray[np.int64]  # event time since the epoch, UTC [µs]
    value: NDArray[np.int64]  # in the resolution of the quantity; 0 where not usable
    mark: NDArray[np.uint8]  # `Quality`


class LatestValues:
    """The fold: at most one row a series, and beside it the rows whose time is yet to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked: set[int] = set()  # series that were looked for in the lake
        self._rows = _no_rows()
        self._ahead = _no_rows()
        self._until_us = _EVER[0]  # `_rows` ends here, `_ahead` begins after it
        self._batch = 0
        self._flush = 0

    def get(self, wanted: NDArray[np.int32], readings: Kept, until_us: int | None = None) -> Latest:
        """The wanted (sorted, unique) series that have a reading up to `until_us` [µs]."""
        with self._lock:
            self._refresh(wanted, readings, _EVER[1] if until_us is None else until_us)
            rows = self._rows
            rows = rows.take(np.isin(rows.series, wanted))
        return Latest(rows.series.astype(np.int32), rows.at_us, rows.value, rows.mark)

    def _refresh(self, wanted: NDArray[np.int32], readings: Kept, until_us: int) -> None:
        imported = bool(readings.journal.imports_after(self._flush))
        back = until_us < self._until_us - BACK_US
        self._until_us = until_us if back else max(until_us, self._until_us)
        if back or imported or not self._looked.issuperset(wanted.tolist()):
            self._look_back(wanted, readings)
        if (self._ahead.at_us <= self._until_us).any():
            self._fold([])
        for batch in readings.since(self._batch):
            self._fold([to_run(p) for p in sort_rows(batch.readings).combine_chunks().to_batches()])
            self._batch = batch.number

    def _look_back(self, wanted: NDArray[np.int32], readings: Kept) -> None:
        """Starts anew from the lake, for all series asked for so far."""
        self._looked.update(wanted.tolist())
        series = np.array(sorted(self._looked), dtype=np.int32)
        snapshot = readings.lake.snapshot()
        self._rows, self._ahead, found = _no_rows(), _no_rows(), 0
        for files in _months_back(snapshot):
            before = int(np.isin(series, self._rows.series).sum())
            self._fold(read_runs(readings.lake.place, files, series, _EVER, None))
            after = int(np.isin(series, self._rows.series).sum())
            found += after > before
            if after == series.size or found == MONTHS_BACK:
                break
        self._batch, self._flush = snapshot.flush.last_batch, snapshot.flush.number

    def _fold(self, runs: list[Run]) -> None:
        """Takes runs in, and what was ahead and is not any more."""
        near, ahead = [self._rows], []
        for rows in (self._ahead, *map(_timed, runs)):
            late = rows.at_us > self._until_us
            near.append(_newest(rows.take(~late) if late.any() else rows))
            ahead.append(rows.take(late))
        self._ahead = resolve(Rows.join(ahead))
        rows = resolve(Rows.join(near))
        last = np.ones(rows.series.size, dtype=np.bool_)
        last[:-1] = rows.series[1:] != rows.series[:-1]
        self._rows = rows.take(last)


def _no_rows() -> Rows:
    none = np.empty(0, np.int64)
    return Rows(none, none, none, np.empty(0, np.uint8), np.empty(0, np.int16))


def _months_back(snapshot: Snapshot) -> Iterator[tuple[LakeFile, ...]]:
    for month in sorted({file.month for file in snapshot.files}, reverse=True):
        yield tuple(file for file in snapshot.files if file.month == month)


def _timed(run: Run) -> Rows:
    """The rows of a run but those whose time is known to be wrong."""
    rows = Rows(run.series.astype(np.int64), *run.filled())
    return rows.take(rows.mark != Quality.CLOCK_WRONG)


def _newest(rows: Rows) -> Rows:
    """All of the sorted rows that share the last time of their series."""
    fresh = np.ones(rows.series.size, dtype=np.bool_)
    fresh[1:] = rows.series[1:] != rows.series[:-1]
    ends = np.append(np.flatnonzero(fresh)[1:], rows.series.size) - 1
    group = np.cumsum(fresh) - 1
    return rows.take(rows.at_us == rows.at_us[ends[group]] if group.size else fresh)
