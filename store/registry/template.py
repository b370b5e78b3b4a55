"""A workbook to be filled in: a sheet for each kind with its headers, what each takes, and rows as examples."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.language import Text, joined, msg
from store.registry.aliases import UNITS, YES_OR_NO, of_column
from store.registry.examples import EXAMPLES
from store.registry.header import heading, sheet_heading
from store.registry.kinds import KIND_OF, Column, Kind
from store.registry.terms import agreed_temperature, decided_temperature, own_bands
from store.registry.values import (
    Choice,
    Takes,
    amount_with_unit,
    currency,
    instant,
    yes_or_no,
    zone,
)

NOTES, LISTS = msg("Notes"), "lists"
Rows = Sequence[Sequence[Any]]
_ARE_EXAMPLES = msg("The rows of each sheet are examples: replace them by your own.")
ROWS = 5000  # with formats and lists to choose from
TEXT, TIME = "@", "yyyy-mm-dd hh:mm"
_HEAD, _NEEDED = "FFDDEBF7", "FFFFE699"  # fills of headers: may be empty, must be filled in
_SAYS: dict[Any, Text] = {
    instant: msg("a date or time; local to the city where it has no offset"),
    currency: msg("a currency of ISO 4217, such as CNY"),
    zone: msg("an IANA time zone, such as Asia/Shanghai"),
    agreed_temperature: msg("a temperature in °C"),
    decided_temperature: msg("a temperature in °C"),
    amount_with_unit: msg("what the register rolls over at, with its unit: 100000 MWh"),
    own_bands: msg(
        "below which temperature what share is refunded, the warmest first: 20:1/3; 16:1"
    ),
}


def write_template(
    path: Path,
    kinds: Sequence[Kind],
    language: str,
    rows: Mapping[str, Rows] = EXAMPLES,
    about: Text = _ARE_EXAMPLES,
) -> None:
    """Writes the workbook; its headers and values are Chinese where the language is `zh`, else ours.

    Parameters
    ----------
    rows : mapping of kind to rows
        Cells by the kind's columns, "" where one is to be filled in.
    about : Text
        What the first note says of the rows.
    """
    from openpyxl import Workbook

    book = Workbook()
    notes = book.worksheets[0]
    notes.title = NOTES.to(language)
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for kind in kinds:
        _sheet(book, kind, rows[kind.name], lists, language)
    _notes(notes, kinds, language, about)
    part = path.with_name(f"{path.name}.part")
    book.save(part)
    part.replace(path)


def taken(column: Column, language: str) -> Text:
    """What a cell of a column may hold, whether it may be empty, and its unit."""
    chinese = language == "zh"
    says: Text | str = ""
    if isinstance(column.parse, Choice):
        names = ", ".join(column.parse.named(each, chinese) for each in column.parse.allowed)
        says = msg("one of: {allowed}", allowed=names)
    elif column.parse is yes_or_no:
        says = msg("one of: {allowed}", allowed=", ".join(_yes_no(language)))
    else:
        says = column.parse.says if isinstance(column.parse, Takes) else _SAYS[column.parse]
    parts: list[Text | str] = [says]
    if column.refers:
        parts.append(
            msg(
                "of a row of the sheet {sheet}, or in the registry",
                sheet=_sheet_name(column.refers, chinese),
            )
        )
    parts.append(msg("may be empty") if column.may_be_empty else msg("must be filled in"))
    return joined("; ", parts)


def _sheet_name(kind: str, chinese: bool) -> str:
    return sheet_heading(KIND_OF[kind], chinese=chinese)


def _yes_no(language: str) -> tuple[str, str]:
    at = 0 if language == "zh" else 1
    return YES_OR_NO["true"][at], YES_OR_NO["false"][at]


def _head(kind: Kind, column: Column, language: str) -> str:
    """The header, with its unit."""
    units = of_column(UNITS, kind.name, column.name)
    name = heading(kind, column.name, chinese=language == "zh")
    return f"{name}({units[0]})" if units and language == "zh" else name


def _sheet(book: Any, kind: Kind, rows: Rows, lists: Any, language: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(sheet_heading(kind, chinese=language == "zh"))
    sheet.append([_head(kind, column, language) for column in kind.columns])
    for row in rows:
        sheet.append(
            [_value(column, cell, language) for column, cell in zip(kind.columns, row, strict=True)]
        )
    for at, column in enumerate(kind.columns, 1):
        head, letter = sheet.cell(1, at), get_column_letter(at)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor=_HEAD if column.may_be_empty else _NEEDED)
        head.comment = Comment(
            taken(column, language).to(language), "heatwatch", width=320, height=120
        )
        form = _format(column)
        sheet.column_dimensions[letter].number_format = form
        for number in range(2, sheet.max_row + 1):
            sheet.cell(number, at).number_format = form
        sheet.column_dimensions[letter].width = _width(sheet, at, column)
        _choices(sheet, lists, letter, column, language)
    sheet.freeze_panes = "A2"


def _value(column: Column, cell: Any, language: str) -> Any:
    """A cell as a person fills it in; None: empty."""
    if cell == "":
        return None
    if isinstance(column.parse, Choice):
        return column.parse.named(cell, language == "zh")
    if column.parse is yes_or_no:
        return _yes_no(language)[cell == "false"]
    return cell


def _format(column: Column) -> str:
    """Text keeps the zeros of codes; a date is shown as one."""
    if column.parse is instant:
        return TIME
    return "General" if _is_number(column) else TEXT


def _is_number(column: Column) -> bool:
    parse = column.parse
    told = isinstance(parse, Takes) and "number" in parse.says.message
    return told or parse in (agreed_temperature, decided_temperature)


def _width(sheet: Any, at: int, column: Column) -> int:
    """Characters; a Chinese one is two wide."""
    cells = [sheet.cell(row, at).value for row in range(1, sheet.max_row + 1)]
    shown = [
        "2025-11-15 00:00" if isinstance(each, datetime) else str(each or "") for each in cells
    ]
    least = 17 if column.parse is instant else 8
    return max(least, *(sum(1 + (not c.isascii()) for c in each) + 2 for each in shown))


def _choices(sheet: Any, lists: Any, letter: str, column: Column, language: str) -> None:
    """A list to choose from in every cell of a column with a closed list."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if isinstance(column.parse, Choice):
        allowed = [column.parse.named(each, language == "zh") for each in column.parse.allowed]
    elif column.parse is yes_or_no:
        allowed = [*_yes_no(language)]
    else:
        return
    at = lists.max_column + (lists.cell(1, 1).value is not None)
    for row, each in enumerate(allowed, 1):
        lists.cell(row, at).value = each
    where = get_column_letter(at)
    source = f"{LISTS}!${where}$1:${where}${len(allowed)}"
    choice = DataValidation(
        type="list", formula1=source, allow_blank=column.may_be_empty, showErrorMessage=True
    )
    choice.add(f"{letter}2:{letter}{ROWS}")
    sheet.add_data_validation(choice)


def _notes(sheet: Any, kinds: Sequence[Kind], language: str, about: Text) -> None:
    from openpyxl.styles import Alignment, Font

    lines = (
        about,
        msg("Yellow headers must be filled in. Sheets that you don't need may be removed."),
        msg("Check the workbook with: heatwatch registry check FILE.xlsx"),
    )
    for line in lines:
        sheet.append([line.to(language)])
    sheet.append([])
    sheet.append(
        [each.to(language) for each in (msg("sheet"), msg("column"), msg("what it takes"))]
    )
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for kind in kinds:
        for column in kind.columns:
            name = sheet_heading(kind, chinese=language == "zh")
            says = taken(column, language).to(language)
            sheet.append([name, _head(kind, column, language), says])
    for letter, width in zip("ABC", (20, 24, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=6, min_col=3, max_col=3):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
