"""Readings of a lake alone, as of a flush: what a settlement reads, on whichever machine."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domain.columns import Columns
from domain.time import Span, to_us
from store.journal.journal import Batch
from store.lake.files import sort_rows, times
from store.lake.lake import Lake, Snapshot
from store.readings.assemble import Run, assemble
from store.readings.footers import Footers
from store.readings.runs import read_runs, to_run
from store.readings.sift import Sifting, sifted


class LakeReadings:
    """Reads columns of what the lake holds; needs neither journal nor books."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake

    def columns(
        self, series: NDArray[np.int32], span: Span, *, as_of: int | None = None
    ) -> Columns:
        """Resolved readings of the series within the span.

        Parameters
        ----------
        series : (n,) series ids, any order; ids without readings get an empty slice
        span : half-open, by event time
        as_of : flush number: what the lake held then, the same forever. None: all that is
            kept now, with what is not flushed yet.
        """
        wanted = np.unique(np.asarray(series, dtype=np.int32))
        snapshot, tail = self.moment(as_of)
        return self._assemble(wanted, span, as_of, snapshot, tail)

    def touched(self, after: int, upto: int, span: Span) -> NDArray[np.int32]:
        """Series with rows in the span that the flushes after `after`, up to `upto`, brought.

        Their ids, increasing. Files without such flushes are not read.
        """
        if upto <= after:
            return np.empty(0, dtype=np.int32)
        found = [
            np.unique(rows["series"].to_numpy())
            for rows in self.lake.scan(None, span, (after + 1, upto), ["series"])
        ]
        every = np.concatenate([np.empty(0, dtype=np.int32), *found])
        return np.unique(every).astype(np.int32)

    def season(self, span: Span, as_of: int) -> "SeasonReadings":
        """What a settlement reads: the same span, as of the same flush, piece by piece."""
        return SeasonReadings(self, span, as_of)

    def sift(self, what: Sifting, span: Span, as_of: int) -> Columns:
        """As `columns`, but of series that may be left out a single value; see `Sifting`."""
        bounds = (to_us(span.since), to_us(span.until) - 1)
        files, each = self.moment(as_of)[0].files, self._readers.map
        return sifted(self.lake.place, files, what, bounds, as_of, self._footers, each)

    def moment(self, _as_of: int | None) -> tuple[Snapshot, list[Batch]]:
        """The lake's files, and batches that are not in them: of a lake alone there are none."""
        return self.lake.snapshot(), []

    def _assemble(
        self,
        wanted: NDArray[np.int32],
        span: Span,
        as_of: int | None,
        snapshot: Snapshot,
        tail: list[Batch],
    ) -> Columns:
        bounds = (to_us(span.since), to_us(span.until) - 1)
        each = self._readers.map
        runs = read_runs(self.lake.place, snapshot.files, wanted, bounds, as_of, each)
        return assemble(wanted, [*runs, *_tail_runs(tail, bounds)], each)

    @cached_property
    def _footers(self) -> Footers:
        return Footers()

    @cached_property
    def _readers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="readers")


class SeasonReadings:
    """Series ids -> their readings within the span as of the flush."""

    def __init__(self, readings: LakeReadings, span: Span, as_of: int) -> None:
        self._readings = readings
        self._span = span
        self._as_of = as_of

    def __call__(self, series: NDArray[np.int32]) -> Columns:
        return self._readings.columns(series, self._span, as_of=self._as_of)

    def sift(
        self, series: NDArray[np.int32], owner: NDArray[np.int64], whole: NDArray[np.bool_],
        limit: int, season_us: tuple[int, int], rule: tuple[int, ...],
    ) -> Columns:  # fmt: skip
        """See `Sifting`; `series` sorted and unique."""
        what = Sifting(series, owner, whole, limit, season_us, rule)
        return self._readings.sift(what, self._span, self._as_of)


def _tail_runs(tail: list[Batch], bounds: tuple[int, int]) -> list[Run]:
    if not tail:
        return []
    rows = pa.concat_tables([batch.readings for batch in tail])
    at = times(rows)
    rows = rows.filter(pa.array((at >= bounds[0]) & (at <= bounds[1])))
    return [to_run(part) for part in sort_rows(rows).combine_chunks().to_batches()]
