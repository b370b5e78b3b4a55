"""The import as a whole: files in, one flush per chunk, nothing kept twice."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from domain.quality import Quality
from domain.time import Span, from_us, to_us
from ingest.batch.table import SeriesTable
from ingest.files.chunks import Chunk, read_chunks
from ingest.files.conflicts import Conflicts
from ingest.files.load import Loader
from ingest.files.mapping import FileMapping
from ingest.files.report import ImportReport, Returned
from store.readings.readings import Readings
from store.registry.series import SeriesIndex

#: What makes a reading the same reading: everything that tells about it but where it came from.
SAME = ["series", "at", "value", "quality", "revision"]

Progress = Callable[[Chunk], None]


def import_files(
    files: Sequence[Path],
    mapping: FileMapping,
    readings: Readings,
    index: SeriesIndex,
    feed: int,
    now: datetime,
    progress: Progress | None = None,
    returned: Returned | None = None,
) -> ImportReport:
    """Imports the files; again, it adds only what is not there yet, so it can be resumed.

    Each chunk is one flush of its own, past the journal. WrongCall where a file can't be read;
    what came before it is kept. `returned` takes the rows that are refused.
    """
    report = ImportReport(returned=returned)
    loader = Loader(mapping, SeriesTable(index), feed, to_us(now), report)
    conflicts = Conflicts(index, report)
    for path in files:
        for chunk in read_chunks(path, mapping, report):
            table = loader.load(chunk)
            fresh, there = _split(table, readings)
            report.known += table.num_rows - fresh.num_rows
            if fresh.num_rows:
                report.flushes.append(readings.import_table(fresh, now).number)
                _count(report, fresh)
                conflicts.add(fresh, there)
            if progress is not None:
                progress(chunk)
    return report


def drop_known(table: pa.Table, readings: Readings) -> pa.Table:
    """Rows that are neither in the lake nor twice in the table; in the table's order."""
    return _split(table, readings)[0]


def _split(table: pa.Table, readings: Readings) -> tuple[pa.Table, pa.Table]:
    """(what is new, what the lake holds of these series in this span, by the columns SAME)."""
    if not table.num_rows:
        return table, table.select(SAME)
    table = table.append_column("row", pa.array(np.arange(table.num_rows)))
    first = table.group_by(SAME).aggregate([("row", "min")])["row_min"]
    rows = np.sort(first.to_numpy())
    there = _in_lake(table, readings)
    if there.num_rows:
        keyed = table.take(rows).select([*SAME, "row"])
        rows = np.sort(keyed.join(there, keys=SAME, join_type="left anti")["row"].to_numpy())
    return table.take(rows).drop_columns(["row"]), there


def _in_lake(table: pa.Table, readings: Readings) -> pa.Table:
    """What the lake holds of these series in this span, in the columns that tell readings apart."""
    series = pc.min_max(table["series"]).as_py()
    at = pc.min_max(table["at"].cast(pa.int64())).as_py()
    span = Span(from_us(at["min"]), from_us(at["max"] + 1))
    found = list(readings.lake.scan((series["min"], series["max"]), span, columns=SAME))
    if not found:
        return table.select(SAME).slice(0, 0)
    return pa.concat_tables(found).select(SAME).cast(table.select(SAME).schema)


def _count(report: ImportReport, fresh: pa.Table) -> None:
    report.readings += fresh.num_rows
    marks = np.bincount(fresh["quality"].to_numpy(), minlength=len(Quality))
    for quality in Quality:
        if quality is not Quality.GOOD:
            report.mark(quality.name, int(marks[quality]))
