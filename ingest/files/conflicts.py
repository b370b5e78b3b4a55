"""Readings of an import that say something else than another of the same series and instant."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domain.quality import Quality
from ingest.files.report import ImportReport
from ingest.files.stored import COLUMNS, IDENTITY, pairs_of, rows_of, shown
from store.readings.resolve import Rows, resolve
from store.registry.series import SeriesIndex

Ints = NDArray[np.int64]

#: Conflicts listed one by one; the rest is counted.
MOST_LISTED = 20


class Conflicts:
    """Collects them over the chunks of one import."""

    def __init__(self, index: SeriesIndex, report: ImportReport) -> None:
        self._index = index
        self._report = report
        self._found: Ints = np.zeros((0, 2), dtype=np.int64)

    def add(self, fresh: pa.Table, there: pa.Table) -> None:
        """`fresh`, sorted by series and time, comes to `there`, what the lake holds of them."""
        rows = _candidates(fresh, there)
        result = resolve(rows)
        found = result.take(result.mark == Quality.CONFLICT)
        if not found.series.size:
            return
        pairs = pairs_of(found)
        self._found = np.unique(np.concatenate((self._found, pairs)), axis=0)
        self._report.in_conflict = int(self._found.shape[0])
        for series, at_us in pairs[: MOST_LISTED - len(self._report.conflicts)].tolist():
            self._report.conflicts.append(shown(self._index, rows, series, at_us, newest=True))


def _candidates(fresh: pa.Table, there: pa.Table) -> Rows:
    """Rows of both that share their series and instant with another, `fresh` taking part."""
    series, at = fresh["series"].to_numpy(), fresh["at"].cast(pa.int64()).to_numpy()
    same = (np.diff(series) == 0) & (np.diff(at) == 0)
    shared = np.zeros(fresh.num_rows, dtype=np.bool_)
    shared[1:] |= same
    shared[:-1] |= same
    parts = [fresh.filter(pa.array(shared))]
    if there.num_rows:
        old = there.join(fresh.select(IDENTITY), keys=IDENTITY, join_type="left semi")
        met = fresh.select(COLUMNS).join(old.select(IDENTITY), keys=IDENTITY, join_type="left semi")
        parts += [old, met]
    return Rows.join([rows_of(part) for part in parts])
