"""Refused rows come back in the user's own file, with why; corrected there, it imports."""

import csv
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font, PatternFill
from sqlalchemy import Engine

from domain.errors import WrongCall
from store.registry.importing import import_registry
from store.registry.report import ImportReport
from store.registry.returned import give_back, refuse_overwriting
from store.registry.splice import COLOUR
from tests.actors import TEST
from tests.store.registry.sheets import workbook

HEAD = ["设备编号", "型号", "已检定"]


def brought(books: Engine, *files: Path) -> ImportReport:
    return import_registry(books, list(files), by=TEST)


def returned(books: Engine, folder: Path, *files: Path, language: str = "zh") -> list[Path]:
    folder.mkdir()
    report = brought(books, *files)
    return give_back(list(files), report.refused, folder, lambda text: text.to(language))


def cells(path: Path, sheet: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path)[sheet].iter_rows()]


def colour(cell: Any) -> str:
    return str(cell.fill.fgColor.rgb) if cell.fill.fill_type else ""


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A workbook of devices with two wrong rows, formats, a chart, notes and a formula of another sheet."""
    rows: dict[str, list[list[Any]]] = {
        "说明": [["怎样填写", "=1+1"]],
        "设备": [
            HEAD,
            ["d1", "TH", "是"],
            ["d\u200b2", "TH", "也许"],
            ["d3", None, None],
            ["d4", None, "maybe"],
        ],
        "测点": [["设备", "通道"]],
    }
    book = workbook(tmp_path / "city.xlsx", rows)
    sheet = book["设备"]
    sheet["A2"].font, sheet["C3"].fill = Font(italic=True), PatternFill("solid", fgColor="FFFFFF00")
    sheet["C3"].number_format = "@"
    sheet.column_dimensions["A"].width = 30
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=3))
    book["说明"].add_chart(chart, "D4")
    book.save(tmp_path / "city.xlsx")
    return tmp_path / "city.xlsx"


def test_a_workbook_says_in_a_column_of_its_own_why_rows_are_refused(
    sqlite_books: Engine, tmp_path: Path, city: Path
) -> None:
    (made,) = returned(sqlite_books, tmp_path / "back", city)
    assert made == tmp_path / "back" / "city.xlsx"
    found = cells(made, "设备")
    assert [row[:3] for row in found] == [row[:3] for row in cells(city, "设备")]
    assert found[0][3] == "被拒原因"
    assert (found[1][3], found[3][3]) == (None, None)
    assert found[2][3].startswith("设备编号：名称不能有看不见的字符")
    assert "已检定：" in found[2][3]
    assert "已检定：" in found[4][3]
    assert cells(made, "测点")[0][2].startswith("被拒原因：")


def test_refused_cells_are_coloured_and_nothing_else_is_touched(
    sqlite_books: Engine, tmp_path: Path, city: Path
) -> None:
    (made,) = returned(sqlite_books, tmp_path / "back", city)
    sheet, before = (openpyxl.load_workbook(path)["设备"] for path in (made, city))
    coloured = {cell.coordinate for row in sheet for cell in row if colour(cell) == COLOUR}
    assert coloured == {"A3", "C3", "C5"}
    assert sheet["C3"].number_format == "@"
    for row in before:
        for cell in row:
            same = sheet[cell.coordinate]
            assert repr(same.font) == repr(cell.font)
            assert same.coordinate in coloured or repr(same.fill) == repr(cell.fill)
    assert sheet.column_dimensions["A"].width == 30
    with ZipFile(city) as one, ZipFile(made) as other:
        assert one.namelist() == other.namelist()
        changed = {each for each in one.namelist() if one.read(each) != other.read(each)}
    assert changed == {"xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml", "xl/styles.xml"}


def test_the_returned_workbook_imports_once_it_is_corrected_and_its_marks_go(
    sqlite_books: Engine, tmp_path: Path, city: Path
) -> None:
    (made,) = returned(sqlite_books, tmp_path / "back", city)
    book = openpyxl.load_workbook(made)
    book["设备"]["A3"], book["设备"]["C3"] = "d2", "否"
    del book["测点"]
    book.save(made)
    (again,) = returned(sqlite_books, tmp_path / "again", made)
    sheet = openpyxl.load_workbook(again)["设备"]
    assert {cell.coordinate for row in sheet for cell in row if colour(cell) == COLOUR} == {"C5"}
    assert (colour(sheet["C3"]), sheet["D3"].value) == ("FFFFFF00", None)
    book = openpyxl.load_workbook(again)
    book["设备"]["C5"] = "是"
    book.save(again)
    report = brought(sqlite_books, again)
    assert report.refused == ()
    assert report.counts["devices"].unchanged + report.counts["devices"].added == 4


def test_a_csv_comes_back_in_its_encoding_and_delimiter_with_the_reasons_first(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "设备.csv"
    path.write_bytes("设备编号;型号;已检定\nd1;热表;是\nd2;热表;也许\nd3;1;2;3\n".encode("gbk"))
    (made,) = returned(sqlite_books, tmp_path / "back", path)
    with made.open(encoding="gbk", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0] == ["被拒原因", *HEAD]
    assert rows[1] == ["", "d1", "热表", "是"]
    assert rows[2][0].startswith("已检定：")
    assert rows[3][1:] == ["d3", "1", "2", "3"]
    made.write_bytes(
        made.read_bytes()
        .replace("也许".encode("gbk"), "否".encode("gbk"))
        .replace(b"d3;1;2;3", b"d3;1;;")
    )
    assert brought(sqlite_books, made).refused == ()
    assert returned(sqlite_books, tmp_path / "none", made) == []


def test_a_header_that_was_refused_says_so_and_is_read_once_it_is_right(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    workbook(tmp_path / "c.xlsx", {"devices": [["code", "modle", "verified"], ["d1", "TH", True]]})
    (made,) = returned(sqlite_books, tmp_path / "back", tmp_path / "c.xlsx", language="en")
    sheet = openpyxl.load_workbook(made)["devices"]
    assert str(sheet["D1"].value).startswith(
        "why refused: modle: is not a column of this kind; did you mean model?"
    )
    assert colour(sheet["B1"]) == COLOUR
    book = openpyxl.load_workbook(made)
    book["devices"]["B1"] = "model"
    book.save(made)
    assert brought(sqlite_books, made).refused == ()


def test_nothing_of_the_users_is_written_over(tmp_path: Path, city: Path) -> None:
    with pytest.raises(WrongCall, match=r"is there already, and may have been corrected"):
        refuse_overwriting([city], city.parent)
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "city.xlsx"
    other.write_bytes(city.read_bytes())
    with pytest.raises(WrongCall, match="have the same name"):
        refuse_overwriting([city, other], tmp_path / "back")


def test_titles_above_the_header_stay_and_the_reasons_stand_in_its_row(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    rows = [["设备清单"], [], HEAD, ["d1", "TH", "是"], ["d2", "TH", "也许"]]
    workbook(tmp_path / "c.xlsx", {"设备": rows})
    text = "".join(",".join(row) + "\n" for row in rows)
    (tmp_path / "设备.csv").write_text(text.replace("d1", "d3"), "utf-8")
    given = returned(sqlite_books, tmp_path / "back", tmp_path / "c.xlsx", tmp_path / "设备.csv")
    title, _, head, good, wrong = cells(given[0], "设备")
    assert (title[0], head[3], good[3]) == ("设备清单", "被拒原因", None)
    assert "已检定" in wrong[3]
    lines = given[1].read_text("utf-8-sig").splitlines()
    assert [each.split(",")[0] for each in lines[:4]] == ["", "", "被拒原因", ""]
    assert lines[4].split(",")[0]
    book = openpyxl.load_workbook(given[0])
    book["设备"]["C5"].value = "是"
    book.save(tmp_path / "c2.xlsx")
    assert brought(sqlite_books, tmp_path / "c2.xlsx").refused == ()
