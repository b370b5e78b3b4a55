"""The import as a whole: files in, one flush per chunk, nothing kept twice."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from domain.errors import WrongCall
from domain.language import Text, msg, sentence_of
from domain.quality import Quality
from domain.time import Span, from_us, to_us
from domain.visible import has_words
from ingest.batch.table import SeriesTable
from ingest.files.chunks import Chunk, read_chunks
from ingest.files.conflicts import MOST_LISTED, Conflicts
from ingest.files.load import Loader
from ingest.files.mapping import FileMapping
from ingest.files.otherwise import counts_otherwise, without
from ingest.files.report import ImportReport, Returned, UnreadFile
from ingest.files.stored import rows_of, shown
from store.readings.readings import Readings
from store.readings.resolve import Rows
from store.registry.series import SeriesIndex

#: What makes a reading the same reading: everything that tells about it but where it came from.
SAME = ["series", "at", "value", "quality", "revision"]

#: One at a time looks for what is there already and adds the rest: imports and replays.
ADDING = "adding"
FLUSH = "flush"  # by which a row of the lake came in

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
    *,
    reason: str = "",
    of_folders: Collection[Path] = (),
) -> ImportReport:
    """Imports the files; again, it adds only what is not there yet, so it can be resumed.

    Each chunk is one flush of its own, past the journal. WrongCall where a file can't be read;
    what came before it is kept. One of `of_folders` is listed instead and the others are read, as long
    as any can be. `returned` takes the rows that are refused. Readings by which those
    that were stored before would count otherwise are a correction: without a `reason` they are not
    kept.
    """
    report = ImportReport(returned=returned)
    stored = readings.flush(
        now
    ).number  # live readings that wait in the journal are stored ones, too
    loader = Loader(mapping, SeriesTable(index), feed, to_us(now), report)
    conflicts = Conflicts(index, report)

    def take(path: Path) -> None:
        for chunk in read_chunks(path, mapping, report):
            table = loader.load(chunk)
            with readings.journal.lock(ADDING):
                keep(table)
            if progress is not None:
                progress(chunk)

    def keep(table: pa.Table) -> None:
        fresh, there = _split(table, readings)
        report.known += table.num_rows - fresh.num_rows
        before = there.filter(pc.less_equal(there["flush"], stored))
        fresh = _corrected(fresh, before, index, report, allowed=has_words(reason))
        if fresh.num_rows:
            report.flushes.append(readings.import_table(fresh, now).number)
            _count(report, fresh)
            conflicts.add(fresh, there)

    for path in files:
        try:
            take(path)
        except WrongCall as wrong:
            if path not in of_folders:
                raise
            report.unread.append(UnreadFile(str(path), sentence_of(wrong)))
    if report.unread and len(report.unread) == len(files):
        raise WrongCall(_none_read(report.unread))
    return report


def _none_read(unread: Sequence[UnreadFile]) -> Text:
    if len(unread) == 1:
        return unread[0].why
    return msg("none of {n} files can be read; the first: {why}", n=len(unread), why=unread[0].why)


def _corrected(
    fresh: pa.Table, before: pa.Table, index: SeriesIndex, report: ImportReport, *, allowed: bool
) -> pa.Table:
    """What goes in of new readings where some correct those that were stored `before`."""
    pairs = counts_otherwise(fresh, before)
    if allowed:
        report.otherwise += int(pairs.shape[0])
        return fresh
    left = without(fresh, pairs)
    refused = fresh.num_rows - left.num_rows
    report.not_corrected += refused
    report.refused += refused
    if report.returned is not None:
        report.returned.lost += refused  # readings know no rows of a file
    room = MOST_LISTED - len(report.corrections)
    if pairs.shape[0] and room > 0:
        rows = Rows.join([rows_of(before), rows_of(fresh)])
        report.corrections += [
            shown(index, rows, series, at_us, newest=False)
            for series, at_us in pairs[:room].tolist()
        ]
    return left


def drop_known(table: pa.Table, readings: Readings) -> pa.Table:
    """Rows that are neither in the lake nor twice in the table; in the table's order."""
    return _split(table, readings)[0]


def _split(table: pa.Table, readings: Readings) -> tuple[pa.Table, pa.Table]:
    """(what is new, what the lake holds of these series in this span, by SAME and flush)."""
    if not table.num_rows:
        return table, _none_of(table)
    table = table.append_column("row", pa.array(np.arange(table.num_rows)))
    first = table.group_by(SAME).aggregate([("row", "min")])["row_min"]
    rows = np.sort(first.to_numpy())
    there = _in_lake(table, readings)
    if there.num_rows:
        keyed = table.take(rows).select([*SAME, "row"])
        rows = np.sort(keyed.join(there, keys=SAME, join_type="left anti")["row"].to_numpy())
    return table.take(rows).drop_columns(["row"]), there


def _in_lake(table: pa.Table, readings: Readings) -> pa.Table:
    """What the lake holds of these series in this span: what tells readings apart, and its flush."""
    series = pc.min_max(table["series"]).as_py()
    at = pc.min_max(table["at"].cast(pa.int64())).as_py()
    span = Span(from_us(at["min"]), from_us(at["max"] + 1))
    wanted = [*SAME, FLUSH]
    found = list(readings.lake.scan((series["min"], series["max"]), span, columns=wanted))
    none = _none_of(table)
    return pa.concat_tables(found).select(wanted).cast(none.schema) if found else none


def _none_of(table: pa.Table) -> pa.Table:
    return table.select(SAME).slice(0, 0).append_column(FLUSH, pa.array([], pa.int64()))


def _count(report: ImportReport, fresh: pa.Table) -> None:
    report.readings += fresh.num_rows
    marks = np.bincount(fresh["quality"].to_numpy(), minlength=len(Quality))
    for quality in Quality:
        if quality is not Quality.GOOD:
            report.mark(quality.name, int(marks[quality]))
