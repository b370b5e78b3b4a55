"""CSV and Parquet files, plain or packed, as tables of a few million rows."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from domain.errors import WrongCall
from domain.language import Text, joined, msg
from ingest.files.folder import WORKBOOKS
from ingest.files.header import check_columns, encoding_hint, read_head
from ingest.files.influx import influx_tables
from ingest.files.lines import CountedLines
from ingest.files.mapping import FileMapping
from ingest.files.packed import UNREADABLE, Source, sources
from ingest.files.report import ImportReport, RefusedCell
from ingest.files.tidy import TidyLines

CHUNK_ROWS = 4_000_000
BLOCK_BYTES = 32 << 20
ALLOWED = msg(
    "a CSV file (also .gz, .xz), a workbook (.xlsx), a Parquet file, or a zip archive of such"
)


#: A table, the share of the file that is read with it, the number of each of its rows, its units.
Piece = tuple[pa.Table, float, Callable[[int], int], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one file."""

    file: str
    table: pa.Table
    done: float  # share of the file that is read with it
    #: Of a row from 0: its line in a CSV file, its row in a Parquet file.
    number: Callable[[int], int]
    units: Mapping[str, str]  # column -> unit, where the file says one
    typed: bool = False  # times may stand in cells of dates beside those in the mapping's form


def read_chunks(path: Path, mapping: FileMapping, report: ImportReport) -> Iterator[Chunk]:
    """The wanted columns of a file; rows with the wrong number of cells are refused.

    WrongCall where the file is not there, not readable, lacks a column or has one twice.
    """
    if not path.is_file():
        if path.exists():
            raise WrongCall(
                msg("file {path} is not a file; allowed: {allowed}", path=path, allowed=ALLOWED)
            )
        raise WrongCall(
            msg("file {path} is not there; allowed: {allowed}", path=path, allowed=ALLOWED)
        )
    if path.suffix.lower() in WORKBOOKS:
        raise WrongCall(
            msg(
                "file {path} is a workbook of another kind; allowed: {allowed}: save it as .xlsx "
                "and import that",
                path=path,
                allowed=ALLOWED,
            )
        )
    found, empty = False, None
    for source in sources(path, mapping.delimiter, mapping.decimal):
        if source.beside_others and not _is_table(source, mapping):
            empty = empty or source
            continue
        found = True
        yield from _chunks(source, mapping, report)
    if not found and empty is not None:
        yield from _chunks(empty, mapping, report)  # says what it lacks


def _is_table(source: Source, mapping: FileMapping) -> bool:
    """Whether a sheet has any of the columns: one that has none is no table of readings."""
    try:
        with closing(source.opened()) as stream:
            head = read_head(stream, mapping, "utf8")
    except UNREADABLE:
        return True  # to be told with the reason
    return bool(set(head.names) & set(mapping.wanted()))


def _chunks(source: Source, mapping: FileMapping, report: ImportReport) -> Iterator[Chunk]:
    try:
        for table, done, number, units in _pieces(source, mapping, report):
            yield Chunk(source.name, table, done, number, units, source.kind == "sheet")
    except (*UNREADABLE, pa.ArrowException, UnicodeError) as wrong:
        kind: Text | str = "XLSX" if source.kind == "sheet" else "Parquet"
        if source.kind == "csv":
            kind = msg("CSV in {encoding}", encoding=mapping.encoding)
        hint = encoding_hint(source, mapping.encoding) if source.kind == "csv" else ""
        why = joined("", [_printable(str(wrong)), hint])
        raise WrongCall(
            msg("{path} can't be read as {kind}: {why}", path=source.name, kind=kind, why=why)
        ) from None


def _pieces(source: Source, mapping: FileMapping, report: ImportReport) -> Iterator[Piece]:
    if mapping.format != "table":
        for table, lines in influx_tables(source, mapping, report):
            yield table, 0.5, lines.__getitem__, {}
    elif source.kind == "parquet":
        yield from _parquet(source, mapping)
    else:
        yield from _csv(source, mapping, report)


def _printable(text: str) -> str:
    """One line of at most 300 characters: a parser's message may quote anything of the file."""
    shown = "".join(each if each.isprintable() else "?" for each in text)
    return shown if len(shown) <= 300 else f"{shown[:300]}..."


def _parquet(source: Source, mapping: FileMapping) -> Iterator[Piece]:
    with source.seekable() as stream:
        file = pa.parquet.ParquetFile(stream)
        wanted = mapping.wanted()
        check_columns(source.name, wanted, file.schema_arrow.names)
        total = max(file.metadata.num_rows, 1)
        done = 0
        for batch in file.iter_batches(CHUNK_ROWS, columns=wanted):
            first = done + 1
            done += batch.num_rows
            table = pa.Table.from_batches([batch]).select(wanted)
            yield table, done / total, first.__add__, {}


def _csv(source: Source, mapping: FileMapping, report: ImportReport) -> Iterator[Piece]:
    wanted = mapping.wanted()
    encoding = mapping.encoding if source.kind == "csv" else "utf8"
    hint = encoding_hint(source, encoding) if source.kind == "csv" else ""
    head = read_head(source.opened(), mapping, encoding)
    check_columns(source.name, wanted, head.names, hint)
    columns = [str(head.names.index(name)) for name in wanted]
    raw = source.opened()
    text = pa.transcoding_input_stream(raw, encoding, "utf8")
    lines = CountedLines(TidyLines(text, mapping.delimiter, head), mapping.delimiter)

    def refuse(row: pa.csv.InvalidRow) -> str:
        n, header = row.actual_columns, row.expected_columns
        if mapping.delimiter == "," and n > header:
            why = msg(
                "{n} cells, the header has {header}; a comma inside a cell, as in 20,5, is not "
                "allowed: write 20.5",
                n=n,
                header=header,
            )
        else:
            why = msg("{n} cells, the header has {header}", n=n, header=header)
        report.refuse(RefusedCell(source.name, lines.line(row.number), "", row.text or "", why))
        lines.skip(row.number)
        return "skip"

    reader = pa.csv.open_csv(
        lines,
        # One thread: only then does pyarrow number the rows that it skips.
        read_options=pa.csv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
        parse_options=pa.csv.ParseOptions(
            delimiter=mapping.delimiter, invalid_row_handler=refuse, newlines_in_values=True
        ),
        convert_options=pa.csv.ConvertOptions(
            include_columns=columns, column_types=dict.fromkeys(columns, pa.string())
        ),
    )
    held: list[pa.RecordBatch] = []
    first = rows = 0
    for batch in reader:
        held.append(batch.rename_columns(wanted))
        rows += batch.num_rows
        if rows - first >= CHUNK_ROWS:
            share = source.share_read(raw)
            yield pa.Table.from_batches(held), share, partial(_line, lines, first), head.units
            held, first = [], rows
    if held:
        yield pa.Table.from_batches(held), 1.0, partial(_line, lines, first), head.units


def _line(lines: CountedLines, first: int, row: int) -> int:
    return lines.row_line(first + row)
