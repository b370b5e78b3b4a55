"""Exports of InfluxDB."""

import gzip
from pathlib import Path
from typing import Any

import pytest

import ingest.files.influx as influx_module
from domain.errors import WrongCall
from ingest.files.influx import Point, read_point
from store.readings.readings import Readings
from tests.ingest.files.small_files import at, lake_rows, readings, run
from tests.ingest.files.test_returned import bring

__all__ = ["readings"]  # fixtures

LINES: dict[str, Any] = {
    "layout": "wide", "format": "line_protocol", "columns": {"device": "room"},
    "channels": {"temp": {"channel": "t", "unit": "Cel"}},
}  # fmt: skip
LONG_LINES: dict[str, Any] = {
    "layout": "long", "format": "line_protocol",
    "columns": {"device": "room", "channel": "_field", "value": "_value"},
}  # fmt: skip
ANNOTATED: dict[str, Any] = {
    "layout": "long", "format": "annotated_csv",
    "columns": {"time": "_time", "device": "room", "channel": "_field", "value": "_value"},
}  # fmt: skip
NS = 1_795_327_200_000_000_000  # 2026-11-22T06:00:00Z


@pytest.mark.parametrize(
    ("line", "point"),
    [
        ("m t=1 5", Point("m", {}, {"t": "1"}, "5")),
        ("m,a=b,c=d t=-1.5e1,n=3i,u=7u,s=\"x, \\\"y\\\" =\",f=true", Point("m", {"a": "b", "c": "d"}, {"t": "-1.5e1", "n": "3", "u": "7", "s": 'x, "y" =', "f": "true"}, "")),
        (r"my\ m\,x,k\=1=v\ 2 t\,1=2   -5 ", Point("my m,x", {"k=1": "v 2"}, {"t,1": "2"}, "-5")),
        ("温度,房间=甲 值=20.5 7", Point("温度", {"房间": "甲"}, {"值": "20.5"}, "7")),
        ("m", None), ("m t", None), ("m t=", None), ("m t=1 x", None), ("m,a t=1 5", None),
        ('m t="open 5', None), ("m t=1,  5", None), ("m t=1 5 6", None), ("", None), ("\\", None),
    ],
)  # fmt: skip
def test_a_line_is_read_with_tags_fields_escapes_and_time(line: str, point: Point | None) -> None:
    assert read_point(line) == point


TEXT = f"""# DDL
CREATE DATABASE city WITH NAME autogen
# CONTEXT-DATABASE: city

rooms,room=A1 temp=20.5,rh=40 {NS}
rooms,room=A1 temp=20.75 {NS + 60 * 10**9}
rooms,room=B2 temp=19i {NS // 1000}
rooms,room=A1 rh=41 {NS}
cpu,host=x usage=3 {NS}
rooms,room=X9 temp=1 {NS}
rooms,room=A1 temp=warm
rooms,room=A1 temp
"""


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_line_protocol_is_read_by_field_and_what_is_none_is_refused_by_line(
    readings: Readings, tmp_path: Path, packed: bool
) -> None:
    path = tmp_path / ("a.lp.gz" if packed else "a.lp")
    path.write_bytes(gzip.compress(TEXT.encode()) if packed else TEXT.encode())
    report = run(readings, path, LINES)
    assert [row[:3] for row in lake_rows(readings)] == [
        (1, at(6), 20_500), (1, at(6, 1), 20_750), (2, at(6), 19_000)]  # fmt: skip
    assert sorted(cell.row for cell in report.listed) == [10, 11, 12]
    assert (report.left_out, report.marked) == (2, {"CLOCK_CORRECTED": 1})
    assert run(readings, path, {**LINES, "measurement": "cpu"}).left_out == 7


def test_line_protocol_is_read_long_with_a_precision_of_its_own(
    readings: Readings, tmp_path: Path
) -> None:
    text = f"rooms,room=A1 t=20.5 {NS // 10**9}\nstation,room=S1 t_sup=55,p=4 {NS // 10**9}\n"
    report = run(readings, tmp_path / "a.lp", {**LONG_LINES, "time_unit": "s"}, text)
    assert (report.readings, report.refused, report.marked) == (3, 0, {})


CSV = """#group,false,false,true,true,false,false,true,true,true
#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,dateTime:RFC3339,double,string,string,string
#default,_result,,,,,,,,A1
,result,table,_start,_stop,_time,_value,_field,_measurement,room
,,0,2026-11-22T00:00:00Z,2026-11-23T00:00:00Z,2026-11-22T06:00:00Z,20.5,t,rooms,A1
,,0,2026-11-22T00:00:00Z,2026-11-23T00:00:00Z,2026-11-22T06:01:00.123456789Z,20.75,t,rooms,

#group,false,false,true,false,true,true,false
#datatype,string,long,string,dateTime:RFC3339,string,string,double
#default,_result,,,,,,
,result,table,room,_time,_field,_measurement,_value
,,1,S1,2026-11-22T06:00:00Z,t_sup,station,55
,,1,S1,2026-11-22T06:00:00Z,t_sup,station,hot
,,1,S1,2026-11-22T06:00:00Z
"""


def test_annotated_csv_is_read_table_by_table_with_its_defaults(
    readings: Readings, tmp_path: Path
) -> None:
    report = run(readings, tmp_path / "a.csv", ANNOTATED, CSV)
    assert [row[2] for row in lake_rows(readings)] == [20_500, 20_750, 55_000]
    assert sorted(cell.row for cell in report.listed) == [13, 14]
    report = run(readings, tmp_path / "a.csv", {**ANNOTATED, "measurement": "station"}, CSV)
    assert (report.left_out, report.known, report.refused) == (3, 1, 1)
    wrong = {**ANNOTATED, "columns": ANNOTATED["columns"] | {"device": "host"}}
    with pytest.raises(WrongCall, match=r"no column 'host'; it has ''?, result|no column 'host'"):
        run(readings, tmp_path / "a.csv", wrong, CSV)


def test_refused_points_come_back_in_their_own_format(readings: Readings, tmp_path: Path) -> None:
    for name, text, values in (("a.lp", TEXT, LINES), ("b.csv", CSV, ANNOTATED)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        [made], _ = bring(readings, [tmp_path / name], values, tmp_path / "out")
        written = made.read_text("utf-8-sig")
        assert "why refused" in written
        put_right = written.replace("X9", "B2").replace("warm", f"21 {NS}").replace("hot", "56")
        made.write_text(put_right, encoding="utf-8")
        report = run(readings, made, values)
        assert (report.readings, report.refused) == ((2, 1) if name == "a.lp" else (1, 1))


def test_a_line_without_end_is_refused(
    readings: Readings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(influx_module, "MOST_LINE", 100)
    with pytest.raises(WrongCall, match="line 2 is longer than 100 characters"):
        run(readings, tmp_path / "a.lp", LINES, f"rooms t=1 {NS}\nrooms " + "x" * 1000)


def test_many_points_come_in_batches(
    readings: Readings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(influx_module, "BATCH_ROWS", 3)
    text = "".join(f"rooms,room=A1 temp={i} {NS + i * 10**9}\n" for i in range(10)) + "x\n"
    report = run(readings, tmp_path / "a.lp", LINES, text)
    assert (report.readings, [cell.row for cell in report.listed]) == (10, [11])
