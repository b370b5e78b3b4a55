"""Refused rows come back as a file like the one they came in."""

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import ingest.files.report as report_module
from ingest.files.mapping import check_mapping
from ingest.files.report import Returned
from ingest.files.returned import give_back
from ingest.files.run import import_files
from store.readings.readings import Readings
from tests.ingest.files.small_files import INDEX, LONG, WIDE, readings, run
from tests.ingest.small import NOW

__all__ = ["readings"]  # fixtures


def bring(
    readings: Readings, files: list[Path], values: dict[str, Any], out: Path
) -> tuple[list[Path], Returned]:
    mapping, returned = check_mapping(values, "mapping.toml"), Returned()
    import_files(files, mapping, readings, INDEX, 3, NOW, returned=returned)
    out.mkdir(exist_ok=True)
    return give_back(files, mapping, returned, out, lambda text: text.to("en")), returned


def table(path: Path, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf8", ","), ("gbk", ";"), ("utf-16", "\t")])
def test_rows_come_back_whole_with_their_reasons_and_can_be_imported_once_put_right(
    readings: Readings, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    text = (
        "日报\n\n房间,时间,channel,value,备注\nA1,2026-11-22 06:00,t,20,好\n"
        'A1,noon,t,21,"两\n行"\nX9,2026-11-22 06:00,t,22,无\nX9,2026-11-22 07:00,t,23,\n'
        "A1,2026-11-22 07:00,t,warm,\ntoo,few\n合计,,,40,\n"
    ).replace(",", delimiter)
    values = {
        **LONG, "zone": "UTC", "encoding": encoding, "delimiter": delimiter,
        "columns": {"device": "房间", "time": "时间", "channel": "channel", "value": "value"},
    }  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    [made], _ = bring(readings, [path], values, tmp_path / "out")
    assert made.name == "a.csv.refused.csv"
    shown = "utf-8-sig" if encoding == "utf8" else encoding
    header, *rows = table(made, shown, delimiter)
    assert header == ["why refused", "房间", "时间", "channel", "value", "备注"]
    assert [row[1:] for row in rows] == [
        ["A1", "noon", "t", "21", "两\n行"], ["X9", "2026-11-22 06:00", "t", "22", "无"],
        ["X9", "2026-11-22 07:00", "t", "23", ""], ["A1", "2026-11-22 07:00", "t", "warm", ""], ["too", "few"],
    ]  # fmt: skip
    for row, says in zip(rows, ["时间: not a time", "value: device 'X9'", "value: device 'X9'", "value: no value", "2 cells, the header has 5"], strict=True):  # fmt: skip
        assert row[0].startswith(says)
    right = made.read_bytes().decode(shown).replace("X9", "B2").replace("warm", "19")
    made.write_bytes(right.replace("noon", "2026-11-22 08:00").encode(shown))
    report = run(readings, made, values)
    assert (report.readings, report.refused) == (4, 1)


def test_a_row_with_several_reasons_names_them_all_and_units_come_back_too(
    readings: Readings, tmp_path: Path
) -> None:
    values = {**WIDE, "channels": {"t_sup": {}, "p": {}}}
    path = tmp_path / "a.csv"
    path.write_text("time,t_sup,p\n,℃,MPa\n2026-11-22T06:00:00Z,x,y\n", encoding="utf-8")
    [made], _ = bring(readings, [path], values, tmp_path / "out")
    header, units, row = table(made)
    assert (header, units) == (["why refused", "time", "t_sup", "p"], ["", "", "℃", "MPa"])
    assert row[0].startswith("t_sup: no value of a temperature")
    assert "; p: no value of a pressure" in row[0]


def test_sheets_and_parquet_files_come_back_as_csv_under_names_of_their_own(
    readings: Readings, tmp_path: Path
) -> None:
    names = ["device", "channel", "time", "value"]
    row = ["A1", "t", "noon", "20"]
    made = openpyxl.Workbook()
    made.worksheets[0].title = "一/号"[0]
    made.worksheets[0].append(names)
    made.worksheets[0].append(row)
    made.save(tmp_path / "a.xlsx")
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        columns = {name: [cell, cell] for name, cell in zip(names, row, strict=True)}
        pq.write_table(pa.table(columns), tmp_path / folder / "a.parquet")
    files = [tmp_path / "a.xlsx", tmp_path / "one/a.parquet", tmp_path / "two/a.parquet"]
    found, _ = bring(readings, files, LONG, tmp_path / "out")
    assert [path.name for path in found] == [
        "a.xlsx_一.refused.csv", "a.parquet.refused.csv", "a.parquet-2.refused.csv"]  # fmt: skip
    assert [[each[1:] for each in table(path)[1:]] for path in found] == [[row], [row] * 2, [row] * 2]  # fmt: skip


def test_rows_beyond_the_bound_are_counted(
    readings: Readings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_module, "MOST_RETURNED", 3)
    path = tmp_path / "a.csv"
    path.write_text("device,channel,time,value\n" + "A1,t,noon,1\n" * 5, encoding="utf-8")
    [made], returned = bring(readings, [path], LONG, tmp_path / "out")
    assert (len(table(made)), returned.lost) == (4, 2)
    path.write_text("device,channel,time,value\n", encoding="utf-8")
    assert bring(readings, [path], LONG, tmp_path / "out")[0] == []
