"""Exports of InfluxDB: line protocol and annotated CSV, as tables that a mapping names columns of.

Line protocol: `time`, `_measurement`, each tag and, wide, each field by its name; long, `_field`
and `_value`. Annotated CSV: its own columns.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from domain.language import Text, msg
from ingest.files.header import check_columns
from ingest.files.mapping import FileMapping
from ingest.files.packed import Source, bounded_lines
from ingest.files.report import ImportReport, RefusedCell

BATCH_ROWS = 500_000
#: A longer line is none: a string that nothing closes, or no line protocol.
MOST_LINE = 1 << 20
MEASUREMENT, FIELD, VALUE = "_measurement", "_field", "_value"

_KEY = r"(?:[^,= \\]|\\.)+"
_HEAD = re.compile(rf"((?:[^, \\]|\\.)+)((?:,{_KEY}={_KEY})*) +")
_PAIR = re.compile(rf"({_KEY})=({_KEY})")
_FIELD = re.compile(rf'({_KEY})=(?:"((?:[^"\\]|\\.)*)"|([^," ]+))(,|(?= |\Z))')
_NUMBER = re.compile(r"([+-]?[0-9][0-9.eE+-]*)[iu]?\Z")
_ESCAPED = re.compile(r'\\([,= "\\])')
#: What `influx_inspect export` puts between the lines.
_NOTES = ("#", "CREATE DATABASE", "CREATE RETENTION")

Row = list[str | None]
NO_LINE = msg("not line protocol, e.g. rooms,device=A1 t=20.5 1764000000000000000")


@dataclass(frozen=True, slots=True)
class Point:
    """One line of line protocol."""

    measurement: str
    tags: dict[str, str]
    fields: dict[str, str]
    time: str


def read_point(line: str) -> Point | None:
    """A line's point, None where it is none.

    >>> read_point('rooms,device=A\\\\ 1 t=20.5,n=3i 1764000000000000000').fields
    {'t': '20.5', 'n': '3'}
    """
    head = _HEAD.match(line)
    if head is None:
        return None
    tags = {_plain(key): _plain(value) for key, value in _PAIR.findall(head[2])}
    fields: dict[str, str] = {}
    at = head.end()
    while True:
        match = _FIELD.match(line, at)
        if match is None:
            return None
        number = _NUMBER.match(match[3] or "")
        fields[_plain(match[1])] = number[1] if number else _plain(match[2] or match[3] or "")
        at = match.end()
        if match[4] != ",":
            break
    time = line[at:].strip()
    if time and not time.lstrip("-").isdigit():
        return None
    return Point(_plain(head[1]), tags, fields, time)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


Numbered = tuple[list[int], list[Row]]


def influx_tables(
    source: Source, mapping: FileMapping, report: ImportReport
) -> Iterator[tuple[pa.Table, list[int]]]:
    """(the wanted columns as text, the line of each row) of a file, in batches."""
    reader = _lines if mapping.format == "line_protocol" else _annotated
    wanted = mapping.wanted()
    numbers: list[int] = []
    rows: list[Row] = []
    for number, row in reader(source, mapping, report):
        numbers.append(number)
        rows.append(row)
        if len(rows) == BATCH_ROWS:
            yield _table(wanted, rows), numbers
            numbers, rows = [], []
    if rows:
        yield _table(wanted, rows), numbers


def _table(wanted: Sequence[str], rows: list[Row]) -> pa.Table:
    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.Table.from_arrays(arrays, names=list(wanted))


def numbered_lines(source: Source, encoding: str) -> Iterator[tuple[int, str]]:
    """Each line with its number; OSError where one has no end."""
    with io.TextIOWrapper(source.opened(), encoding=encoding) as text:
        for number, line in enumerate(bounded_lines(text, MOST_LINE), start=1):
            yield number, line.rstrip("\n").lstrip("\ufeff")


def _lines(source: Source, mapping: FileMapping, report: ImportReport) -> Iterator[tuple[int, Row]]:
    wanted = mapping.wanted()
    fields = set(mapping.channels)
    for number, line in numbered_lines(source, mapping.encoding):
        if not line.strip() or line.startswith(_NOTES):
            continue
        point = read_point(line)
        if point is None:
            report.rows += 1
            report.refuse(RefusedCell(source.name, number, "", line[:200], NO_LINE))
        elif mapping.measurement not in {None, point.measurement}:
            report.left_out += 1
        elif mapping.layout == "long":
            for name, value in point.fields.items():
                there = _columns(point, mapping) | {FIELD: name, VALUE: value}
                yield number, [there.get(each) for each in wanted]
        elif fields & point.fields.keys():
            there = point.fields | _columns(point, mapping)
            yield number, [there.get(each) for each in wanted]
        else:
            report.left_out += 1


def _columns(point: Point, mapping: FileMapping) -> dict[str, str]:
    return {**point.tags, MEASUREMENT: point.measurement, mapping.columns.time: point.time}


@dataclass(slots=True)
class Schema:
    """The table of an annotated CSV file that is being read."""

    names: list[str]
    defaults: list[str]

    def filled(self, cells: list[str]) -> list[str]:
        """Cells of a row, the empty ones by the table's defaults."""
        defaults = [*self.defaults, *([""] * len(cells))]
        return [cell or default for cell, default in zip(cells, defaults, strict=False)]


def annotated_rows(source: Source, encoding: str) -> Iterator[tuple[int, Schema, list[str]]]:
    """(line, table, cells) of each row; the row of a header has no cells."""
    with io.TextIOWrapper(source.opened(), encoding=encoding, newline="") as text:
        reader = csv.reader(bounded_lines(text, MOST_LINE))
        schema: Schema | None = None
        defaults: list[str] = []
        before = 0
        try:
            for row in reader:
                line, before = before + 1, reader.line_num
                first = row[0].lstrip("\ufeff") if row else ""
                if not any(row):
                    schema = None
                elif first.startswith("#"):
                    schema, defaults = None, row if first == "#default" else defaults
                elif schema is None:
                    schema = Schema([first, *row[1:]], defaults)
                    yield line, schema, []
                else:
                    yield line, schema, row
        except csv.Error as wrong:
            raise OSError(f"line {before + 1}: {wrong}") from None


def _annotated(
    source: Source, mapping: FileMapping, report: ImportReport
) -> Iterator[tuple[int, Row]]:
    wanted = mapping.wanted()
    for line, schema, cells in annotated_rows(source, mapping.encoding):
        if not cells:
            continue
        filled = schema.filled(cells)
        there = dict(zip(schema.names, filled, strict=False))
        if mapping.measurement not in {None, there.get(MEASUREMENT)}:
            report.left_out += 1
        elif len(cells) != len(schema.names):
            report.rows += 1
            report.refuse(RefusedCell(source.name, line, "", ",".join(cells)[:200], _misfit(cells, schema)))  # fmt: skip
        else:
            check_columns(source.name, wanted, schema.names)
            yield line, [there[each] for each in wanted]


def _misfit(cells: list[str], schema: Schema) -> Text:
    return msg("{n} cells, the header has {header}", n=len(cells), header=len(schema.names))
