"""Workbooks as people keep them."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import ingest.files.sheets as sheets_module
from domain.errors import WrongCall
from store.readings.readings import Readings
from tests.ingest.files.small_files import LONG, WIDE, lake_rows, readings, run

__all__ = ["readings"]  # fixtures

MAPPING: dict[str, Any] = {
    **WIDE, "zone": "Asia/Shanghai", "columns": {"time": "时间"},
    "channels": {"供水温度": {"channel": "t_sup", "unit": "Cel"}},
}  # fmt: skip
WHEN = datetime.fromisoformat("2025-01-05T08:00:00")


def book(path: Path, **sheets: list[Any]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        there = made.create_sheet(name)
        for row in rows:
            there.append(row)
    made.save(path)
    return path


def restated(path: Path, dimension: str) -> Path:
    """The workbook, whose sheets state another size, as templates and writers of streams leave it."""
    with zipfile.ZipFile(path) as parts:
        kept = {each: parts.read(each) for each in parts.namelist()}
    with zipfile.ZipFile(path, "w") as parts:
        for name, data in kept.items():
            own = re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{dimension}"'.encode(), data)
            parts.writestr(name, own)
    return path


def test_a_sheet_is_read_with_its_titles_units_dates_and_totals(
    readings: Readings, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [["供热日报"], [], ["时间", "供水温度"], [None, "℃"], [WHEN, 55.1]]
    rows += [[WHEN.replace(hour=9), 55], ["2025/1/5 10:00", "54.5"], [], ["合计", 164.6]]
    rows += [[WHEN.replace(hour=11), "--"], [WHEN.replace(hour=12), "warm"], ["soon", 1]]
    path = book(tmp_path / "a.xlsx", 说明=[["读数导出"]], 一号站=rows)
    report = run(readings, path, MAPPING)
    assert [(row[1].hour, row[2]) for row in lake_rows(readings)] == [
        (0, 55_100), (1, 55_000), (2, 54_500)]  # fmt: skip
    assert (report.left_out, report.refused) == (1, 2)
    assert sorted((each.file, each.row) for each in report.listed) == [
        (f"{path}[一号站]", 11), (f"{path}[一号站]", 12)]  # fmt: skip


@pytest.mark.parametrize("stated", ["A1", "A1:B2", "A1:XFD1048576"])
def test_a_sheet_is_read_whole_whatever_size_it_states(
    readings: Readings, tmp_path: Path, stated: str
) -> None:
    rows: list[list[Any]] = [["时间", "供水温度"]]
    rows += [[WHEN + timedelta(hours=i), 50 + i] for i in range(20)]
    path = restated(book(tmp_path / "a.xlsx", 一号站=rows), stated)
    report = run(readings, path, MAPPING)
    assert (report.readings, report.refused) == (20, 0)


@pytest.mark.parametrize(
    ("more", "time", "value"),
    [
        ({"time_format": "%d.%m.%Y %H:%M"}, WHEN, 55.1),
        ({"time_format": "%d.%m.%Y %H:%M", "decimal": ","}, "5.1.2025 8:00", 55.1),
        ({"decimal": ",", "thousands": ".", "delimiter": ";"}, WHEN, "55,1"),
        ({"time_format": "excel"}, 45662.333333333336, 55.1),
        ({"time_unit": "ms", "encoding": "gbk"}, 1736035200000, 55.1),
    ],
)
def test_cells_of_dates_and_numbers_are_read_whatever_the_mapping_says_of_texts(
    readings: Readings, tmp_path: Path, more: dict[str, Any], time: Any, value: Any
) -> None:
    path = book(tmp_path / "a.xlsx", a=[["时间", "供水温度"], [time, value]])
    report = run(readings, path, {**MAPPING, **more})
    want = (3, datetime(2025, 1, 5, tzinfo=UTC), 55_100)
    assert ([row[:3] for row in lake_rows(readings)], report.refused) == ([want], 0)


def test_a_formula_that_nobody_computed_and_an_error_are_refused(
    readings: Readings, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [["时间", "供水温度"], [WHEN, "=40+2"], [WHEN.replace(hour=9), "#N/A"]]
    path = book(tmp_path / "a.xlsx", a=rows)
    report = run(readings, path, MAPPING)
    assert [(each.row, each.value) for each in report.listed] == [(2, "=40+2"), (3, "#N/A")]


def test_every_sheet_with_the_columns_is_read_and_one_with_some_is_named(
    readings: Readings, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        ["device", "channel", "time", "value"],
        ["A1", "t", "2026-11-22T06:00:00Z", 20],
    ]
    path = book(tmp_path / "a.xlsx", one=rows, two=[*rows[:1], ["B2", *rows[1][1:]]], notes=[["x"]])
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.write(path, "in/a.xlsx")
    (tmp_path / "a.zip").write_bytes(data.getvalue())
    assert run(readings, path, LONG).readings == 2
    assert run(readings, tmp_path / "a.zip", LONG).known == 2
    path = book(tmp_path / "b.xlsx", one=rows, two=[["device", "time"], ["A1", "x"]])
    with pytest.raises(WrongCall, match=r"b\.xlsx\[two\]: no column 'channel', 'value'"):
        run(readings, path, LONG)
    with pytest.raises(WrongCall, match=r"c\.xlsx\[notes\]: no column"):
        run(readings, book(tmp_path / "c.xlsx", notes=[["x"]]), LONG)


def test_what_is_no_workbook_or_unpacks_to_too_much_is_refused(
    readings: Readings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK no workbook")
    with pytest.raises(WrongCall, match="can't be read as a workbook: not an XLSX workbook"):
        run(readings, tmp_path / "a.xlsx", LONG)
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as made:
        made.writestr("[Content_Types].xml", "<x>")
    with pytest.raises(WrongCall, match="not an XLSX workbook"):
        run(readings, tmp_path / "b.xlsx", LONG)
    path = book(tmp_path / "c.xlsx", notes=[["x"]])
    monkeypatch.setattr(sheets_module, "MOST_UNPACKED", 1000)
    with pytest.raises(WrongCall, match="unpacks to 0 MB; allowed: at most"):
        run(readings, path, LONG)
