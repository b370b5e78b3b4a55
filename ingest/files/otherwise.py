"""Readings of an import by which stored ones would not count any more as they do: another value, or none.

Whoever brings them corrects what is on record, and money may rest on it: that takes a reason, as a
correction of any fact does. What only fills in where nothing was known is none.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domain.columns import USABLE_MARKS
from ingest.files.stored import COLUMNS, IDENTITY, pairs_of, rows_of
from store.readings.resolve import Rows, resolve

Ints = NDArray[np.int64]


def counts_otherwise(fresh: pa.Table, there: pa.Table) -> Ints:
    """(m, 2) series and instant [µs] of readings in `there` that `fresh` ones change, sorted."""
    none = np.zeros((0, 2), dtype=np.int64)
    if not there.num_rows or not fresh.num_rows:
        return none
    old = there.join(fresh.select(IDENTITY), keys=IDENTITY, join_type="left semi")
    if not old.num_rows:
        return none
    met = fresh.select(COLUMNS).join(old.select(IDENTITY), keys=IDENTITY, join_type="left semi")
    held = rows_of(old)
    before, after = resolve(held), resolve(Rows.join([held, rows_of(met)]))
    told = USABLE_MARKS[before.mark]
    other = told & ((before.value != after.value) | ~USABLE_MARKS[after.mark])
    return pairs_of(before.take(other))


def without(fresh: pa.Table, pairs: Ints) -> pa.Table:
    """Its rows of other series or instants than these."""
    if not pairs.shape[0]:
        return fresh
    gone = pa.table(
        {
            "series": pa.array(pairs[:, 0], fresh.schema.field("series").type),
            "at": pa.array(pairs[:, 1], pa.int64()).cast(fresh.schema.field("at").type),
        }
    )
    numbered = fresh.select(IDENTITY).append_column("row", pa.array(np.arange(fresh.num_rows)))
    left = numbered.join(gone, keys=IDENTITY, join_type="left anti")["row"].to_numpy()
    return fresh.take(np.sort(left))
