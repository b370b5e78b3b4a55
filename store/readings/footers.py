"""What the footers of the lake's files say, kept for the newest read: files never change."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from store.journal.schema import LAKE
from store.lake.damaged import opened
from store.lake.files import ROW_GROUP, LakeFile
from store.lake.place import LakePlace
from store.lake.scan import stored_bounds
from store.lake.stretches import Stretches, stretches_in

MOST = 128  # footers kept, of about 200 kB


@dataclass(frozen=True, slots=True)
class Footer:
    """Of a file whose times are regular: which stretches each of its g row groups has."""

    parquet: pq.FileMetaData
    stretches: Stretches
    start: NDArray[np.int64]  # (g + 1,) into the stretches
    marked: bool  # quality is not 0 throughout, or values are null


class Footers:
    """By path; None where a file has to be read by its columns."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Footer | None] = OrderedDict()
        self._using = threading.Lock()

    def get(self, place: LakePlace, file: LakeFile) -> Footer | None:
        path = file.path
        with self._using:
            if path in self._kept:
                self._kept.move_to_end(path)
                return self._kept[path]
        with opened(place, file) as parquet:
            found = _footer(parquet.metadata)
        with self._using:
            self._kept[path] = found
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found


def _footer(parquet: pq.FileMetaData) -> Footer | None:
    stretches = stretches_in(parquet.metadata, parquet.num_rows)
    if stretches is None:
        return None
    groups = [parquet.row_group(number) for number in range(parquet.num_row_groups)]

    def plain(name: str) -> bool:
        own = (group.column(LAKE.get_field_index(name)).statistics for group in groups)
        return all(stored_bounds(each) == (0, 0) for each in own)

    value = LAKE.get_field_index("value")
    nulls = any(group.column(value).statistics.null_count for group in groups)
    whole = all(group.num_rows == ROW_GROUP for group in groups[:-1])
    ends = np.cumsum(stretches.rows)
    edges = np.minimum(np.arange(1, len(groups) + 1) * ROW_GROUP, parquet.num_rows)
    last = np.searchsorted(ends, edges)
    if not whole or not plain("revision") or not np.array_equal(ends[last], edges):
        return None
    start = np.concatenate([[0], last + 1]).astype(np.int64)
    return Footer(parquet, stretches, start, bool(nulls) or not plain("quality"))
