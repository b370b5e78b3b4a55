"""Readings of an import that say something else than another of the same series and instant."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domain.columns import USABLE_MARKS
from domain.quality import Quality
from domain.quantity import Quantity
from domain.time import from_us
from ingest.files.report import Conflict, ImportReport
from store.readings.resolve import Rows, marks, resolve
from store.registry.series import SeriesIndex

Ints = NDArray[np.int64]

IDENTITY = ["series", "at"]
COLUMNS = [*IDENTITY, "value", "quality", "revision"]
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
        pairs = np.column_stack((found.series, found.at_us))
        self._found = np.unique(np.concatenate((self._found, pairs)), axis=0)
        self._report.in_conflict = int(self._found.shape[0])
        for series, at_us in pairs[: MOST_LISTED - len(self._report.conflicts)].tolist():
            self._report.conflicts.append(self._describe(rows, series, at_us))

    def _describe(self, rows: Rows, series: int, at_us: int) -> Conflict:
        row = int(np.searchsorted(self._index.series, series))
        quantity = tuple(Quantity)[self._index.quantity[row]]
        here = (rows.series == series) & (rows.at_us == at_us)
        here &= rows.revision == rows.revision[here].max()
        ticks = np.unique(rows.value[here & USABLE_MARKS[rows.mark]]).tolist()
        values = [f"{quantity.from_ticks(each)} {quantity.unit}" for each in ticks]
        device, channel = self._index.devices[row], self._index.channels[row]
        return Conflict(device, channel, from_us(at_us).isoformat(), values)


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
    return Rows.join([_rows(part) for part in parts])


def _rows(table: pa.Table) -> Rows:
    null = table["value"].is_null().to_numpy()
    return Rows(
        series=table["series"].to_numpy().astype(np.int64),
        at_us=table["at"].cast(pa.int64()).to_numpy(),
        value=table["value"].fill_null(0).to_numpy().astype(np.int64),
        mark=marks(table["quality"].to_numpy(), null),
        revision=table["revision"].to_numpy(),
    )
