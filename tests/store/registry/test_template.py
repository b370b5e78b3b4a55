"""The template imports as it is, to the same city in both languages, and can be filled in without a mistake."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import Engine

from store.registry.examples import EXAMPLES
from store.registry.export import export_registry
from store.registry.header import sheet_heading
from store.registry.importing import import_registry
from store.registry.kinds import KIND_OF, KINDS
from store.registry.rows import Present
from store.registry.template import LISTS, TEXT, TIME, write_template
from store.registry.values import Choice, instant
from tests.actors import TEST
from tests.books import new_books


def made(folder: Path, language: str) -> Path:
    path = folder / f"city-{language}.xlsx"
    write_template(path, KINDS, language)
    return path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_examples_import_as_they_are(
    sqlite_books: Engine, tmp_path: Path, language: str
) -> None:
    present = Present(ZoneInfo("Asia/Shanghai"))
    report = import_registry(sqlite_books, [made(tmp_path, language)], by=TEST, present=present)
    assert (report.refused, report.doubtful) == ((), ())
    assert {kind: counts.added for kind, counts in report.counts.items()} == {
        kind: len(rows) for kind, rows in EXAMPLES.items()
    }
    out = {
        path.stem: path.read_text("utf-8")
        for path in export_registry(sqlite_books, tmp_path / "out")
    }
    assert "00301,household,S01-03,101室,Flat 101,,89.5,,2025-08-31T16:00:00Z," in out["places"]
    other = new_books(tmp_path / "other.db")
    import_registry(
        other, [made(tmp_path, "zh" if language == "en" else "en")], by=TEST, present=present
    )
    assert out == {
        path.stem: path.read_text("utf-8") for path in export_registry(other, tmp_path / "too")
    }
    other.dispose()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_codes_are_text_dates_are_dates_and_closed_lists_can_be_chosen_from(
    tmp_path: Path, language: str
) -> None:
    book = openpyxl.load_workbook(made(tmp_path, language))
    lists = book[LISTS]
    assert lists.sheet_state == "hidden"
    for kind in KINDS:
        sheet = book[sheet_heading(kind, chinese=language == "zh")]
        choices = {
            str(each.sqref)[0]: each.formula1 for each in sheet.data_validations.dataValidation
        }
        for at, column in enumerate(kind.columns, 1):
            letter = openpyxl.utils.get_column_letter(at)
            form = sheet.column_dimensions[letter].number_format
            if column.refers or column.name == "code":
                assert form == TEXT
            if column.parse is instant:
                assert form == TIME
            if isinstance(column.parse, Choice):
                where = choices[letter].removeprefix(f"{LISTS}!").replace("$", "")
                words = [row[0].value for row in lists[where]]
                assert [column.parse(word) for word in words] == list(column.parse.allowed)
            assert sheet.cell(1, at).comment is not None
            wide = max(width(sheet.cell(row, at)) for row in range(1, sheet.max_row + 1))
            assert sheet.column_dimensions[letter].width >= wide


def width(cell: Any) -> int:
    return sum(1 + (not each.isascii()) for each in str(cell.value or "")[:16])


def test_the_notes_tell_every_column(
    tmp_path: Path,
) -> None:
    notes = openpyxl.load_workbook(made(tmp_path, "zh"))["说明"]
    told = list(notes.iter_rows(min_row=6, values_only=True))
    assert len(told) == sum(len(kind.columns) for kind in KINDS)
    assert all(row[2] for row in told)
    assert told[1][:2] == ("位置", "类型")
    assert str(told[1][2]).startswith("只能为：供热企业, 热源, 换热站")


def test_a_template_of_some_kinds_has_their_sheets_alone(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", [KIND_OF["requests"]], "en")
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames == ["Notes", LISTS, "requests"]
