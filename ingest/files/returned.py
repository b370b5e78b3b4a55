"""Refused rows given back as the user's own file, with a first column that says why."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow.parquet

from domain.errors import WrongCall
from domain.language import Text, msg
from ingest.files.header import Head, read_head
from ingest.files.influx import annotated_rows, numbered_lines
from ingest.files.mapping import FileMapping
from ingest.files.packed import Source, sources
from ingest.files.report import Returned

#: Of the first column, in the language of the call.
WHY = msg("why refused")
#: What no file's name may have on some system.
_UNSAFE = re.compile(r"[\\/:*?\"<>|\[\]\x00-\x1f]+")
_BATCH = 100_000


def give_back(
    files: Sequence[Path],
    mapping: FileMapping,
    returned: Returned,
    folder: Path,
    said: Callable[[Text], str],
) -> list[Path]:
    """Writes a CSV file for each table with refused rows; the mapping reads it as it does the table.

    `said` puts reasons into the reader's language. OSError where a file can't be written.
    """
    made: list[Path] = []
    for path in files:
        for source in sources(path, mapping.delimiter, mapping.decimal):
            rows = returned.rows.get(source.name)
            if rows:
                reasons = {row: "; ".join(map(said, why)) for row, why in rows.items()}
                target = _target(source, folder, made)
                write = _write if mapping.format != "line_protocol" else _write_lines
                write(source, mapping, target, reasons, said(WHY))
                made.append(target)
    return made


def _target(source: Source, folder: Path, made: Sequence[Path]) -> Path:
    """A name like the table's that none of this call has."""
    inner = source.name.removeprefix(str(source.path))
    name = _UNSAFE.sub("_", f"{source.path.name}{inner}").strip("_")
    for number in count(1):
        target = folder / f"{name}{f'-{number}' if number > 1 else ''}.refused.csv"
        if target not in made:
            return target
    raise AssertionError("numbers do not end")


def _write(
    source: Source, mapping: FileMapping, target: Path, reasons: dict[int, str], why: str
) -> None:
    encoding = mapping.encoding
    if encoding.lower().replace("-", "") == "utf8":
        encoding = "utf-8-sig"  # else a spreadsheet takes it for the system's own
    rows = _parquet_rows if source.kind == "parquet" else _text_rows
    if mapping.format == "annotated_csv":
        rows = _annotated_rows
    with target.open("w", encoding=encoding, errors="backslashreplace", newline="") as file:
        out = csv.writer(file, delimiter=mapping.delimiter, lineterminator="\n")
        for number, row in rows(source, mapping, reasons):
            out.writerow([why if number == 0 else reasons.get(number, ""), *row])


def _write_lines(
    source: Source, mapping: FileMapping, target: Path, reasons: dict[int, str], why: str
) -> None:
    """Line protocol has comments."""
    with target.open("w", encoding=mapping.encoding, newline="\n") as file:
        for number, line in numbered_lines(source, mapping.encoding):
            if number in reasons:
                file.write(f"# {why}: {' '.join(reasons[number].split())}\n{line}\n")


def _annotated_rows(
    source: Source, mapping: FileMapping, wanted: dict[int, str]
) -> Iterator[tuple[int, list[str]]]:
    """Tables with refused rows under their headers; the first column is the empty one of such files."""
    begun = None
    for line, schema, cells in annotated_rows(source, mapping.encoding):
        if cells and line in wanted:
            if begun is not schema:
                yield 0, schema.names[1:]
            begun = schema
            yield line, schema.filled(cells)[1:]


def _text_rows(
    source: Source, mapping: FileMapping, wanted: dict[int, str]
) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of the refused records, before them the header as line 0 and the units."""
    encoding = mapping.encoding if source.kind == "csv" else "utf8"
    with closing(source.opened()) as stream:
        head = read_head(stream, mapping, encoding)
    with io.TextIOWrapper(
        source.opened(), encoding=encoding, errors="backslashreplace", newline=""
    ) as text:
        yield 0, head.names
        reader = csv.reader(text, delimiter=mapping.delimiter)
        before = 0
        try:
            for row in reader:
                line, before = before + 1, reader.line_num
                if line in wanted or _has_units(row, line, head):
                    yield line, row
        except csv.Error as wrong:
            raise WrongCall(
                msg("{path}, line {line}: {why}", path=source.name, line=before + 1, why=wrong)
            ) from None


def _has_units(row: list[str], line: int, head: Head) -> bool:
    return bool(row and head.units) and head.above + 1 < line <= head.lines


def _parquet_rows(
    source: Source, _mapping: FileMapping, wanted: dict[int, str]
) -> Iterator[tuple[int, list[Any]]]:
    with source.seekable() as stream:
        file = pyarrow.parquet.ParquetFile(stream)
        yield 0, file.schema_arrow.names
        first = 1
        for batch in file.iter_batches(_BATCH):
            here = [row for row in range(first, first + batch.num_rows) if row in wanted]
            found = batch.take([row - first for row in here]).to_pylist()
            for row, cells in zip(here, found, strict=True):
                yield row, ["" if each is None else str(each) for each in cells.values()]
            first += batch.num_rows
