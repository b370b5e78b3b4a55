"""Reading the lake: live files from the log, row groups by their statistics."""

import itertools
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from domain.time import to_us
from store.journal.schema import LAKE
from store.lake.damaged import opened
from store.lake.files import LakeFile, times
from store.lake.place import LakePlace

Bounds = tuple[int, int]  # both inclusive
#: The log's first and last instant stand for all times it can't write (`store.lake.files`).
_BEYOND = {
    to_us(datetime.min.replace(tzinfo=UTC)): int(np.iinfo(np.int64).min),
    to_us(datetime.max.replace(tzinfo=UTC)): int(np.iinfo(np.int64).max),
}
_COLUMNS = [
    "path", "num_records", "size_bytes", "partition.month",
    *(f"{end}.{name}" for name in ("series", "at", "flush") for end in ("min", "max")),
]  # fmt: skip


def live_files(table: DeltaTable) -> tuple[LakeFile, ...]:
    """The files of the table's version, in order of month and series."""
    actions = pa.RecordBatchReader.from_stream(table.get_add_actions(flatten=True)).read_all()
    if actions.num_rows == 0:
        return ()
    own = actions.select(_COLUMNS)
    # As numbers: for times, and for a table of another library, pyarrow imports pandas (0.2 s).
    for name in ("min.at", "max.at"):
        own = own.set_column(own.schema.get_field_index(name), name, own[name].cast(pa.int64()))
    found = [_file(row) for row in own.to_pylist()]
    return tuple(sorted(found, key=lambda f: (f.month, f.series, f.flush, f.path)))


def _file(row: dict[str, object]) -> LakeFile:
    def bounds(name: str) -> Bounds:
        low, high = _int(row[f"min.{name}"]), _int(row[f"max.{name}"])
        return (_BEYOND.get(low, low), _BEYOND.get(high, high)) if name == "at" else (low, high)

    return LakeFile(
        path=str(row["path"]),
        rows=_int(row["num_records"]),
        size=_int(row["size_bytes"]),
        month=row["partition.month"],  # type: ignore[arg-type]
        series=bounds("series"),
        at_us=bounds("at"),
        flush=bounds("flush"),
    )


def _int(value: object) -> int:
    if isinstance(value, int):
        return value
    raise TypeError(f"the log tells {value!r} where a number should be")


def meets(have: Bounds, want: Bounds | None) -> bool:
    """Whether two inclusive ranges share anything."""
    return want is None or (have[0] <= want[1] and want[0] <= have[1])


def stored_bounds(stats: pq.Statistics) -> Bounds:
    """Least and greatest value of a column chunk as stored (times in µs); all null counts as 0."""
    return (stats.min_raw, stats.max_raw) if stats.has_min_max else (0, 0)


def scan_files(
    place: LakePlace,
    files: Iterable[LakeFile],
    series: Bounds | None,
    at_us: Bounds | None,
    flushes: Bounds | None,
    columns: list[str] | None,
) -> Iterator[pa.Table]:
    """Raw rows within all bounds, a table per file that has any; the next ones are read meanwhile."""
    wanted = {"series": series, "at": at_us, "flush": flushes}
    names = LAKE.names if columns is None else columns
    met = (
        file
        for file in files
        if meets(file.series, series) and meets(file.at_us, at_us) and meets(file.flush, flushes)
    )
    yield from ahead(lambda file: _rows_of(place, file, wanted, names), met)


def _rows_of(
    place: LakePlace, file: LakeFile, wanted: dict[str, Bounds | None], names: list[str]
) -> pa.Table:
    bounded = [name for name, bounds in wanted.items() if bounds]
    needed = [*names, *(name for name in bounded if name not in names)]
    with opened(place, file) as parquet:
        groups = [g for g in range(parquet.num_row_groups) if _group_meets(parquet, g, wanted)]
        table = parquet.read_row_groups(groups, columns=needed)
    return table.filter(_within(table, wanted)).select(names) if bounded else table


def ahead(work: Callable[[LakeFile], pa.Table], of: Iterable[LakeFile]) -> Iterator[pa.Table]:
    """The results in order, as many at work as the machine has cores: so many are in memory."""
    rest, at_work = iter(of), deque[Future[pa.Table]]()
    with ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="scan") as pool:
        try:
            for each in itertools.islice(rest, os.cpu_count() or 1):
                at_work.append(pool.submit(work, each))
            while at_work:
                yield at_work.popleft().result()
                for each in itertools.islice(rest, 1):
                    at_work.append(pool.submit(work, each))
        finally:
            for waiting in at_work:
                waiting.cancel()


def _group_meets(parquet: pq.ParquetFile, group: int, wanted: dict[str, Bounds | None]) -> bool:
    meta = parquet.metadata.row_group(group)
    for name, bounds in wanted.items():
        if bounds is None:
            continue
        stats = meta.column(LAKE.get_field_index(name)).statistics
        if not meets(stored_bounds(stats), bounds):
            return False
    return True


def _within(table: pa.Table, wanted: dict[str, Bounds | None]) -> pa.BooleanArray:
    keep = np.ones(table.num_rows, dtype=np.bool_)
    for name, bounds in wanted.items():
        if bounds is not None:
            values = times(table) if name == "at" else table[name].to_numpy()
            keep &= (values >= bounds[0]) & (values <= bounds[1])
    return pa.array(keep)
