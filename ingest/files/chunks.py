"""CSV (plain or gzip) and Parquet files as tables of a few million rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from domain.errors import WrongCall
from ingest.files.mapping import FileMapping
from ingest.files.report import ImportReport, RefusedCell

CHUNK_ROWS = 4_000_000
BLOCK_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one file."""

    file: str
    first_row: int  # number of its first row, as a person counts
    table: pa.Table
    done: float  # share of the file that is read with it


def read_chunks(path: Path, mapping: FileMapping, report: ImportReport) -> Iterator[Chunk]:
    """The wanted columns of a file; rows with the wrong number of cells are refused.

    WrongCall where the file is not there, not readable or lacks a column.
    """
    if not path.is_file():
        raise WrongCall(f"file {path} is not there")
    tables = _parquet(path, mapping) if path.suffix == ".parquet" else _csv(path, mapping, report)
    first = 1 if path.suffix == ".parquet" else 2
    try:
        for table, done in tables:
            yield Chunk(str(path), first, table, done)
            first += table.num_rows
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as wrong:
        kind = "Parquet" if path.suffix == ".parquet" else f"CSV in {mapping.encoding}"
        raise WrongCall(f"{path} can't be read as {kind}: {wrong}") from None


def _parquet(path: Path, mapping: FileMapping) -> Iterator[tuple[pa.Table, float]]:
    file = pa.parquet.ParquetFile(path)
    wanted = mapping.wanted()
    _check_columns(path, wanted, file.schema_arrow.names)
    total = max(file.metadata.num_rows, 1)
    done = 0
    for batch in file.iter_batches(CHUNK_ROWS, columns=wanted):
        done += batch.num_rows
        yield pa.Table.from_batches([batch]).select(wanted), done / total


def _csv(
    path: Path, mapping: FileMapping, report: ImportReport
) -> Iterator[tuple[pa.Table, float]]:
    wanted = mapping.wanted()
    _check_columns(path, wanted, _header(path, mapping))

    def refuse(row: pa.csv.InvalidRow) -> str:
        why = f"{row.actual_columns} cells, the header has {row.expected_columns}"
        report.refuse(RefusedCell(str(path), row.number or 0, "", row.text or "", why))
        return "skip"

    reader = pa.csv.open_csv(
        path,
        read_options=pa.csv.ReadOptions(
            block_size=BLOCK_BYTES, encoding=mapping.encoding, use_threads=False
        ),
        parse_options=pa.csv.ParseOptions(delimiter=mapping.delimiter, invalid_row_handler=refuse),
        convert_options=pa.csv.ConvertOptions(
            include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string())
        ),
    )
    held: list[pa.RecordBatch] = []
    for batch in reader:
        held.append(batch)
        if sum(each.num_rows for each in held) >= CHUNK_ROWS:
            yield pa.Table.from_batches(held), 0.5
            held = []
    if held:
        yield pa.Table.from_batches(held), 1.0


def _header(path: Path, mapping: FileMapping) -> list[str]:
    with pa.input_stream(path, compression="detect") as stream:
        line = stream.read(1 << 16).split(b"\n", 1)[0]
    text = line.decode(mapping.encoding, "replace").lstrip("\ufeff").strip("\r")
    return [name.strip().strip('"') for name in text.split(mapping.delimiter)]


def _check_columns(path: Path, wanted: list[str], there: list[str]) -> None:
    missing = [name for name in wanted if name not in there]
    if missing:
        raise WrongCall(
            f"{path}: no column {', '.join(map(repr, missing))}; it has {', '.join(there)}"
        )
