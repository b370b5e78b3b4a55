"""Sheets of a workbook as CSV text, a line for each row, so that one reader serves both."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

from store.registry.workbook import MOST_UNPACKED

_FORMULA = re.compile(rb"<f[ >/]")
_LOOK = 1 << 20


def _every_row(sheet: Any) -> Iterator[Any]:
    """The rows that are there: the size that a sheet states may be a template's, or the whole grid."""
    sheet.reset_dimensions()
    rows: Iterator[Any] = sheet.iter_rows()
    return rows


class Workbook:
    """A workbook, opened when something of it is asked for; OSError where it can't be read."""

    def __init__(self, file: Path | IO[bytes], delimiter: str, decimal: str) -> None:
        self._file = file
        self._delimiter = delimiter
        self._decimal = decimal

    def names(self) -> list[str]:
        """Its sheets, in order."""
        return [each.title for each in self._values.worksheets]

    def lines(self, name: str) -> Iterator[str]:
        """A sheet's rows as lines of CSV; formulas that nobody has computed as they are written."""
        width = 0
        try:
            values = _every_row(self._values[name])
            formulas = _every_row(self._formulas[name]) if self._formulas else None
            for row in values:
                beside = next(formulas, ()) if formulas else ()
                cells = [self._cell(each) for each in row]
                for i, (cell, written) in enumerate(zip(cells, beside, strict=False)):
                    if cell == "" and written.data_type == "f":
                        cells[i] = str(getattr(written.value, "text", written.value))
                width = max(width, len(cells))
                yield self._line(cells + [""] * (width - len(cells)))
        except Exception as wrong:  # openpyxl raises whatever it stumbles over
            raise OSError(f"not an XLSX workbook: {wrong}") from None

    @cached_property
    def _values(self) -> Any:
        return self._load(data_only=True)

    @cached_property
    def _formulas(self) -> Any:
        """The same with formulas, where any part of it has some."""
        with ZipFile(self._file) as parts:
            sheets = [each for each in parts.namelist() if each.startswith("xl/worksheets/")]
            if not any(_has_formula(parts.open(each)) for each in sheets):
                return None
        return self._load(data_only=False)

    def _load(self, *, data_only: bool) -> Any:
        import openpyxl

        try:
            with ZipFile(self._file) as parts:
                size = sum(each.file_size for each in parts.infolist())
            if size <= MOST_UNPACKED:
                return openpyxl.load_workbook(self._file, read_only=True, data_only=data_only)
        except Exception as wrong:  # openpyxl raises whatever it stumbles over
            raise OSError(f"not an XLSX workbook: {wrong}") from None
        raise OSError(
            f"unpacks to {size >> 20} MB; allowed: at most {MOST_UNPACKED >> 20} MB: remove sheets "
            "and cells without content, or save it as CSV"
        )

    def _line(self, cells: list[str]) -> str:
        if not any(cells):
            return "\n"
        text = io.StringIO()
        csv.writer(text, delimiter=self._delimiter, lineterminator="\n").writerow(cells)
        return text.getvalue()

    def _cell(self, cell: Any) -> str:
        match cell.value:
            case None:
                return ""
            case bool() as value:
                return "TRUE" if value else "FALSE"
            case int() as value:
                return str(value)
            case float() as value:
                return format(value, ".15g").replace(".", self._decimal)
            case datetime() as value:
                return _to_milliseconds(value).isoformat(" ")
            case value:
                return " ".join(str(value).splitlines())


def _to_milliseconds(value: datetime) -> datetime:
    """A spreadsheet keeps days with decimals: 7:59:59.999997 was 8:00."""
    return value + timedelta(
        microseconds=(value.microsecond + 500) // 1000 * 1000 - value.microsecond
    )


def _has_formula(part: IO[bytes]) -> bool:
    before = b""
    while piece := part.read(_LOOK):
        if _FORMULA.search(before + piece):
            return True
        before = piece[-3:]
    return False


class SheetText:
    """Lines as a stream of UTF-8 text."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._ready = b""
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        wanted = size if size >= 0 else 1 << 62
        parts, there = [self._ready], len(self._ready)
        while there < wanted and (line := next(self._lines, "")):
            parts.append(line.encode("utf-8", "backslashreplace"))
            there += len(parts[-1])
        data = b"".join(parts)
        found, self._ready = data[:wanted], data[wanted:]
        return found

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True
