"""CSV (plain or gzip) and Parquet files as tables of a few million rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from domain.errors import WrongCall
from domain.language import Text, joined, msg
from ingest.files.header import check_columns, encoding_hint, read_header
from ingest.files.lines import CountedLines
from ingest.files.mapping import FileMapping
from ingest.files.report import ImportReport, RefusedCell

CHUNK_ROWS = 4_000_000
BLOCK_BYTES = 32 << 20
WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods", ".et"}


#: A table, the share of the file that is read with it, and the number of each of its rows.
Piece = tuple[pa.Table, float, Callable[[int], int]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one file."""

    file: str
    table: pa.Table
    done: float  # share of the file that is read with it
    number: Callable[
        [int], int
    ]  # of a row from 0: its line in a CSV file, its row in a Parquet file


def read_chunks(path: Path, mapping: FileMapping, report: ImportReport) -> Iterator[Chunk]:
    """The wanted columns of a file; rows with the wrong number of cells are refused.

    WrongCall where the file is not there, not readable, lacks a column or has one twice.
    """
    if not path.is_file():
        if path.exists():
            raise WrongCall(
                msg("file {path} is not a file; allowed: a CSV, CSV.gz or Parquet file", path=path)
            )
        raise WrongCall(
            msg("file {path} is not there; allowed: a CSV, CSV.gz or Parquet file", path=path)
        )
    if path.suffix.lower() in WORKBOOKS:
        raise WrongCall(
            msg(
                "file {path} is a workbook; allowed: a CSV, CSV.gz or Parquet file: save the sheet "
                "as CSV (in Excel: Save as, CSV UTF-8) and import that",
                path=path,
            )
        )
    parquet = path.suffix == ".parquet"
    pieces = _parquet(path, mapping) if parquet else _csv(path, mapping, report)
    try:
        for table, done, number in pieces:
            yield Chunk(str(path), table, done, number)
    except (pa.ArrowInvalid, OSError, UnicodeError) as wrong:
        kind: Text | str = (
            "Parquet" if parquet else msg("CSV in {encoding}", encoding=mapping.encoding)
        )
        hint = "" if parquet else encoding_hint(path, mapping.encoding)
        why = joined("", [_printable(str(wrong)), hint])
        raise WrongCall(
            msg("{path} can't be read as {kind}: {why}", path=path, kind=kind, why=why)
        ) from None


def _printable(text: str) -> str:
    """One line of at most 300 characters: a parser's message may quote anything of the file."""
    shown = "".join(each if each.isprintable() else "?" for each in text)
    return shown if len(shown) <= 300 else f"{shown[:300]}..."


def _parquet(path: Path, mapping: FileMapping) -> Iterator[Piece]:
    file = pa.parquet.ParquetFile(path)
    wanted = mapping.wanted()
    check_columns(path, wanted, file.schema_arrow.names)
    total = max(file.metadata.num_rows, 1)
    done = 0
    for batch in file.iter_batches(CHUNK_ROWS, columns=wanted):
        first = done + 1
        done += batch.num_rows
        yield pa.Table.from_batches([batch]).select(wanted), done / total, first.__add__


def _csv(path: Path, mapping: FileMapping, report: ImportReport) -> Iterator[Piece]:
    wanted = mapping.wanted()
    hint = encoding_hint(path, mapping.encoding)
    check_columns(path, wanted, read_header(path, mapping), hint)
    lines = CountedLines(_utf8(path, mapping.encoding), mapping.delimiter)

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
        report.refuse(RefusedCell(str(path), lines.line(row.number), "", row.text or "", why))
        lines.skip(row.number)
        return "skip"

    reader = pa.csv.open_csv(
        lines,
        # One thread: only then does pyarrow number the rows that it skips.
        read_options=pa.csv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
        parse_options=pa.csv.ParseOptions(delimiter=mapping.delimiter, invalid_row_handler=refuse),
        convert_options=pa.csv.ConvertOptions(
            include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string())
        ),
    )
    held: list[pa.RecordBatch] = []
    first = rows = 0
    for batch in reader:
        held.append(batch)
        rows += batch.num_rows
        if rows - first >= CHUNK_ROWS:
            yield pa.Table.from_batches(held), 0.5, partial(_line, lines, first)
            held, first = [], rows
    if held:
        yield pa.Table.from_batches(held), 1.0, partial(_line, lines, first)


def _line(lines: CountedLines, first: int, row: int) -> int:
    return lines.row_line(first + row)


def _utf8(path: Path, encoding: str) -> pa.NativeFile:
    stream = pa.input_stream(path, compression="detect")
    return pa.transcoding_input_stream(stream, encoding, "utf8")
