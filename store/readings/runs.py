"""Row groups of the lake as runs: only the columns whose statistics leave something open."""

import itertools
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from domain.columns import USABLE_MARKS
from store.journal.schema import LAKE
from store.lake.damaged import opened
from store.lake.files import ROW_GROUP, LakeFile, numbers, times
from store.lake.place import LakePlace
from store.lake.scan import Bounds, meets, stored_bounds
from store.readings.assemble import Mapper, Run
from store.readings.resolve import marks


def read_runs(
    place: LakePlace,
    files: tuple[LakeFile, ...],
    wanted: NDArray[np.int32],
    at_us: Bounds,
    as_of: int | None,
    each: Mapper = map,
) -> list[Run]:
    """The runs that may hold wanted series (sorted, unique) within the bounds.

    `each` is `map`, or that of a thread pool: files are read apart from each other.
    """

    def read(file: LakeFile) -> list[Run]:
        with opened(place, file) as parquet:
            return list(runs_of(parquet, file, wanted, at_us, as_of))

    chosen = [file for file in files if may_hold(file, wanted, at_us, as_of)]
    return list(itertools.chain.from_iterable(each(read, chosen)))


def may_hold(file: LakeFile, wanted: NDArray[np.int32], at_us: Bounds, as_of: int | None) -> bool:
    """Whether its bounds leave room for wanted series within the others."""
    late = as_of is not None and file.flush[0] > as_of
    return not late and meets(file.at_us, at_us) and _has(wanted, file.series)


def _has(wanted: NDArray[np.int32], bounds: Bounds) -> bool:
    low = int(np.searchsorted(wanted, bounds[0], "left"))
    return low < wanted.size and int(wanted[low]) <= bounds[1]


class _Group:
    """What the statistics of a row group say; values as they are stored, so no time overflows."""

    def __init__(self, parquet: pq.ParquetFile, number: int) -> None:
        self.number = number
        self._meta = parquet.metadata.row_group(number)

    def bounds(self, name: str) -> Bounds:
        return stored_bounds(self._meta.column(LAKE.get_field_index(name)).statistics)

    def plain(self, name: str) -> bool:
        """Whether the column is 0 throughout."""
        return self.bounds(name) == (0, 0)

    def nulls(self, name: str) -> int:
        return int(self._meta.column(LAKE.get_field_index(name)).statistics.null_count)


def runs_of(
    parquet: pq.ParquetFile,
    file: LakeFile,
    wanted: NDArray[np.int32],
    at_us: Bounds,
    as_of: int | None,
) -> Iterator[Run]:
    """A run for each row group that may hold any."""
    cut = not _inside(file.at_us, at_us)
    late = as_of is not None and file.flush[1] > as_of
    groups = [_Group(parquet, number) for number in range(parquet.num_row_groups)]
    groups = [g for g in groups if _has(wanted, g.bounds("series"))]
    if cut:
        groups = [g for g in groups if meets(g.bounds("at"), at_us)]
    if not groups:
        return
    columns = ["series", "at", "value"]
    if not all(g.plain("quality") and not g.nulls("value") for g in groups):
        columns.append("quality")
    if not all(g.plain("revision") for g in groups):
        columns.append("revision")
    if late:
        columns.append("flush")
    numbers = [g.number for g in groups]
    # Batches of a row group's size, on one thread: memory is used again while it is still warm.
    for batch in parquet.iter_batches(ROW_GROUP, numbers, columns, use_threads=False):
        kept = pc.field("flush") <= as_of if late else None
        yield to_run(_filtered(batch, kept, at_us if cut else None))


def _filtered(
    batch: pa.RecordBatch, kept: pc.Expression | None, at_us: Bounds | None
) -> pa.RecordBatch:
    if kept is not None:
        batch = batch.filter(kept)
    if at_us is not None:
        at = times(batch)
        batch = batch.filter(pa.array((at >= at_us[0]) & (at <= at_us[1])))
    return batch


def _inside(have: Bounds, bounds: Bounds) -> bool:
    return bounds[0] <= have[0] and have[1] <= bounds[1]


def to_run(rows: pa.RecordBatch) -> Run:
    """Sorted rows as arrays; quality and revision may be left out where they are all 0."""
    value, mark = values_of(rows)
    return Run(
        numbers(rows["series"]),
        times(rows),
        value,
        mark,
        numbers(rows["revision"]) if "revision" in rows.schema.names else None,
    )


def values_of(rows: pa.RecordBatch) -> tuple[NDArray[np.int64], NDArray[np.uint8] | None]:
    """Values, 0 where they are not usable, and their marks; None: all GOOD."""
    value, names = rows["value"], rows.schema.names
    if not value.null_count and "quality" not in names:
        return numbers(value), None
    quality = numbers(rows["quality"]) if "quality" in names else np.zeros(len(rows), np.int8)
    mark = marks(quality, value.is_null().to_numpy(zero_copy_only=False))
    return np.where(USABLE_MARKS[mark], numbers(value.fill_null(0)), 0), mark
