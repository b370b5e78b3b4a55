"""The sheets of a workbook that are of a kind, as rows of text; what can't be taken as it stands says why."""

import re
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, time, timedelta
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from domain.language import Text, msg
from store.registry.aliases import NOTES, plain_word
from store.registry.header import Named, header_at, sheet_named
from store.registry.kinds import KIND_OF
from store.registry.report import Refusals

#: What a workbook's parts may come to, unpacked: 200,000 households fill less.
MOST_UNPACKED = 512 * 1024**2
#: What reading a damaged workbook raises; what is no XML raises a SyntaxError.
DAMAGED = (BadZipFile, KeyError, ValueError, OSError, zlib.error, SyntaxError)
#: The first whole number of which a spreadsheet does not keep all digits.
TOO_LONG = 10**15
NO_VALUE = msg(
    "has no value: an error, or a formula that no spreadsheet program has computed; allowed: a value"
)
A_DATE = msg(
    "is a date or time to the spreadsheet; format the column as text and write again what was meant"
)
DIGITS_LOST = msg(
    "is a number of more than 15 digits, of which a spreadsheet loses the last; format the column as text "
    "and write it again"
)
_LEADING_ZEROS = re.compile(r"0{2,}")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_PIECE, _LONGEST = 1 << 20, 100


class Unfit(str):
    """A cell that is no value for most columns: `why`; a date is one where a time is expected."""

    why: Text
    is_time: bool

    def __new__(cls, text: str, why: Text, *, is_time: bool = False) -> "Unfit":
        made = super().__new__(cls, text)
        made.why, made.is_time = why, is_time
        return made


def read_workbook(path: Path, refusals: Refusals) -> Iterator[tuple[str, Named, list[list[str]]]]:
    """(`city.xlsx[places]`, what the sheet is, its rows from the first on) of each sheet of a kind.

    Sheets with notes for people, empty ones and hidden ones of no kind are passed over; what else is of no kind
    is refused, and so is a hidden sheet of a kind: nobody sees what it brings.
    """
    import openpyxl

    with ExitStack() as held:  # a workbook that can't be loaded leaves its file open
        try:
            if (size := _unpacked(path)) > MOST_UNPACKED:
                refusals.add(path.name, 0, "", "", _too_large(size))
                return
            book, formulas = (
                openpyxl.load_workbook(
                    held.enter_context(path.open("rb")), read_only=True, data_only=each
                )
                for each in (True, False)
            )
        except DAMAGED as error:
            refusals.add(path.name, 0, "", "", msg("is not an XLSX workbook: {error}", error=error))
            return
        found = len(refusals.rows)
        for sheet in book.worksheets:
            label, named = f"{path.name}[{sheet.title}]", sheet_named(sheet.title)
            try:
                if named is None:
                    _pass_over(label, sheet, refusals)
                elif sheet.sheet_state != "visible":
                    why = msg("is a hidden sheet: show it, or remove it")
                    refusals.add(label, 0, "", "", why)
                else:
                    found = -1
                    yield label, named, _rows(named, sheet, formulas[sheet.title])
            except DAMAGED as error:
                why = msg("is not an XLSX workbook: {error}", error=error)
                refusals.add(label, 0, "", "", why)
        if found == len(refusals.rows):
            refusals.add(path.name, 0, "", "", _no_kind())


def _pass_over(label: str, sheet: Any, refusals: Refusals) -> None:
    """Refuses a sheet of no kind, but for those that nobody means to bring in."""
    if sheet.sheet_state != "visible" or plain_word(sheet.title) in map(plain_word, NOTES):
        return
    sheet.reset_dimensions()
    if any(cell.value is not None for row in sheet.iter_rows() for cell in row):
        refusals.add(label, 0, "", "", _no_kind())


def _no_kind() -> Text:
    return msg("the sheet's name is not a kind; allowed: {allowed}", allowed=", ".join(KIND_OF))


def _rows(named: Named, values: Any, formulas: Any) -> list[list[str]]:
    for each in (values, formulas):
        each.reset_dimensions()  # the size that a sheet states may be a template's, or the whole grid
    rows = [
        [_cell(value, written) for value, written in zip(row, beside, strict=True)]
        for row, beside in zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    ]
    _fill_merged(rows, values, header_at(named, rows) + 1)
    return rows


def _cell(cell: Any, written: Any) -> str:
    """A spreadsheet's cell as CSV would have it; `written` is the same with its formula."""
    if cell.data_type == "e":
        return Unfit(cell.value, NO_VALUE)
    if cell.value is None and written.data_type == "f":
        return Unfit(str(getattr(written.value, "text", written.value)), NO_VALUE)
    match cell.value:
        case None:
            return ""
        case bool() as value:
            return "true" if value else "false"
        case int() | float() as value:
            return _number(value, cell.number_format or "")
        case date() as value:  # a datetime, too
            return Unfit(value.isoformat(), A_DATE, is_time=True)
        case time() | timedelta() as value:
            return Unfit(str(value), A_DATE, is_time=True)
        case value:
            return str(value)


def _number(value: float, shown_as: str) -> str:
    """A number with the zeros or the % that its format shows."""
    if not float(value).is_integer():
        return f"{value * 100:.15g}%" if "%" in shown_as else format(value, ".15g")
    if abs(value) >= TOO_LONG:
        return Unfit(str(int(value)), DIGITS_LOST)
    if "%" in shown_as:
        return f"{int(value) * 100}%"
    digits = str(int(value))
    return digits.zfill(len(shown_as)) if _LEADING_ZEROS.fullmatch(shown_as) else digits


def _fill_merged(rows: list[list[str]], sheet: Any, head: int) -> None:
    """A cell merged down its column is the value of each of its rows; one across columns is that of none.

    What is merged in row `head` or above it is a header or a title.
    """
    from openpyxl.worksheet.cell_range import CellRange

    for merged in _merged(sheet):
        left, top, right, bottom = CellRange(merged).bounds
        first = rows[top - 1][left - 1] if top <= len(rows) and left <= len(rows[top - 1]) else ""
        if top <= head or not first:
            continue
        why = msg("is merged with other columns; undo that, and write each cell")
        value = first if left == right else Unfit(first, why)
        for row in rows[top - 1 : bottom]:
            row.extend([""] * (right - len(row)))
            row[left - 1 : right] = [value] * (right - left + 1)


def _merged(sheet: Any) -> list[str]:
    """The ranges of merged cells, which stand behind all rows; nothing that reads row by row has them."""
    with sheet._get_source() as part:
        return _found(part)


def _found(part: IO[bytes]) -> list[str]:
    ranges, before = dict[str, None](), b""
    while piece := part.read(_PIECE):
        text = before + piece
        ranges |= {each.decode(): None for each in _MERGED.findall(text)}
        before = text[-_LONGEST:]
    return list(ranges)


def _unpacked(path: Path) -> int:
    """What the parts of a workbook come to by its own directory, behind which none is ever read."""
    with ZipFile(path) as parts:
        return sum(each.file_size for each in parts.infolist())


def _too_large(size: int) -> Text:
    return msg(
        "unpacks to {size} MB; allowed: at most {most} MB; remove sheets and cells without content, or "
        "give one CSV file for each kind",
        size=-(-size // 1024**2), most=MOST_UNPACKED // 1024**2,
    )  # fmt: skip
