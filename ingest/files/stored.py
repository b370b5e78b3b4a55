"""Readings of an import beside those that the lake holds of the same series and instants."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domain.columns import USABLE_MARKS
from domain.quantity import Quantity
from domain.time import from_us
from ingest.files.report import Conflict
from store.readings.resolve import Rows, marks
from store.registry.series import SeriesIndex

Ints = NDArray[np.int64]

IDENTITY = ["series", "at"]
COLUMNS = [*IDENTITY, "value", "quality", "revision"]


def rows_of(table: pa.Table) -> Rows:
    """A table with `COLUMNS` as rows that can be resolved."""
    null = table["value"].is_null().to_numpy()
    return Rows(
        series=table["series"].to_numpy().astype(np.int64),
        at_us=table["at"].cast(pa.int64()).to_numpy(),
        value=table["value"].fill_null(0).to_numpy().astype(np.int64),
        mark=marks(table["quality"].to_numpy(), null),
        revision=table["revision"].to_numpy(),
    )


def pairs_of(rows: Rows) -> Ints:
    """(m, 2) series and instant [µs] of resolved rows."""
    return np.column_stack((rows.series, rows.at_us)).astype(np.int64)


def shown(index: SeriesIndex, rows: Rows, series: int, at_us: int, *, newest: bool) -> Conflict:
    """The values of one series and instant among the rows; `newest`: of the highest revision alone."""
    row = int(np.searchsorted(index.series, series))
    quantity = tuple(Quantity)[index.quantity[row]]
    here = (rows.series == series) & (rows.at_us == at_us)
    if newest:
        here &= rows.revision == rows.revision[here].max()
    ticks = np.unique(rows.value[here & USABLE_MARKS[rows.mark]]).tolist()
    values = [f"{quantity.from_ticks(each)} {quantity.unit}" for each in ticks]
    return Conflict(index.devices[row], index.channels[row], from_us(at_us).isoformat(), values)
