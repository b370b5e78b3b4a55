"""Files as people bring them: each comes in right, or the error says file, row, column, value, allowed."""

import csv
import io
import json
import re
import shutil
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from heatwatch.cli.app import run
from tests.servers.programs import ROOT

FIRST_CITY = ROOT / "examples" / "first-city"
ROWS = [["time", "flat_a", "flat_b"]] + [
    [f"2025-01-08 0{i // 4}:{15 * (i % 4):02d}:00", f"{20 + i / 10:.1f}", "21.0"] for i in range(8)
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first") / "city"
    shutil.copytree(FIRST_CITY, folder)
    assert (
        run(["registry", "import", str(folder / "registry"), "-c", f"{folder}/heatwatch.toml"]) == 0
    )
    return folder


@pytest.fixture
def city(whole: Path, tmp_path: Path) -> Path:
    """The first city with its registry, to itself."""
    return Path(shutil.copytree(whole, tmp_path / "city"))


def rows(delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\n" for row in ROWS)


def cell(row: int, column: int, value: str) -> bytes:
    changed = [list(each) for each in ROWS]
    changed[row][column] = value
    return "".join(",".join(each) + "\n" for each in changed).encode()


#: File and change of the mapping -> exit code and what is said, or how many readings come in.
READINGS: dict[str, tuple[bytes, tuple[str, str], int, str]] = {
    "as it should be": (rows().encode(), ("", ""), 0, "16"),
    "byte order mark": (rows().encode("utf-8-sig"), ("", ""), 0, "16"),
    "blank lines before": (b"\n\n" + rows().encode(), ("", ""), 0, "16"),
    "rows twice": ((rows() + rows().split("\n", 1)[1]).encode(), ("", ""), 0, "16"),
    "a column more": (rows().replace("\n", ",x\n").encode(), ("", ""), 0, "16"),
    "only a header": (rows().split("\n", 1)[0].encode() + b"\n", ("", ""), 0, "0"),
    "a sign of degrees in one character": (rows().encode(), ('"Cel"', '"℃"'), 0, "16"),
    "GBK": (rows().replace("flat_b", "乙").encode("gbk"), ("", ""), 2, "rooms.csv.*looks like 'gbk'"),
    "UTF-16": (rows().encode("utf-16"), ("", ""), 2, "rooms.csv.*looks like 'utf-16'"),
    "semicolons": (rows(";").encode(), ("", ""), 2, "is the mapping's delimiter = ';'"),
    "tabs": (rows("\t").encode(), ("", ""), 2, r"is the mapping's delimiter = '\\t'"),
    "a decimal comma": (cell(1, 1, "20,5"), ("", ""), 3, r"2  = 2025-01-08 00:00:00,20,5,21.0: .*comma.*20\.5"),
    "a quoted decimal comma": (cell(1, 1, '"20,5"'), ("", ""), 3, "2 flat_a = 20,5: .*allowed: digits"),
    "thousands": (cell(1, 1, '"1,020.5"'), ("", ""), 3, r"2 flat_a = 1,020\.5: .*thousands"),
    "a formula": (cell(3, 1, "=A1+1"), ("", ""), 3, r"4 flat_a = =A1\+1: .*formula"),
    "an error": (cell(3, 1, "#N/A"), ("", ""), 3, "4 flat_a = #N/A: .*allowed: digits"),
    "a unit": (cell(3, 1, "20.5 °C"), ("", ""), 3, "4 flat_a = 20.5 °C: .*unit"),
    "a day's number": (cell(1, 0, "45665.25"), ("", ""), 3, r"2 time = 45665\.25: .*e\.g\. 2024-11-17"),
    "a day with slashes": (cell(1, 0, "2025/1/8"), ("", ""), 3, "2 time = 2025/1/8: .*e.g. 2024"),
    "the future": (cell(1, 0, "2235-01-08 00:00:00"), ("", ""), 3, "2 time = .*1970 to 2199"),
    "a column less": (b"time,flat_b\n2025-01-08 00:00:00,21\n", ("", ""), 2, "no column 'flat_a'; it has time, flat_b"),
    "a column renamed": (rows().replace("flat_a", "flat-a").encode(), ("", ""), 2, "did you mean 'flat-a'"),
    "a title above": (b"Rooms,,\n" + rows().encode(), ("", ""), 0, "16"),
    "titles above, some blank": ("供热日报表\n\n制表人：张三,,\n".encode() + rows().encode(), ("", ""), 0, "16"),
    "a row of units": (rows().replace("\n", "\n,℃,(℃)\n", 1).encode(), ("", ""), 0, "16"),
    "a row of other units": (rows().replace("\n", "\n,MPa,℃\n", 1).encode(), ("", ""), 2, "flat_a' is in 'MPa' by its row of units, and in 'Cel'.*allowed: the same"),
    "a row of words": (rows().replace("\n", "\n,warm,cold\n", 1).encode(), ("", ""), 3, "2 time = : not a time"),
    "a row of units, one of them not known": (rows().replace("\n", "\n,ºX,℃\n", 1).encode(), ("", ""), 0, "16"),
    "totals below": ((rows() + "合计,160,160\n平均值：,20,\n,,\nTotal:,1,1\n").encode(), ("", ""), 0, "16"),
    "delimiters behind": (rows().replace("\n", ",,\n").encode(), ("", ""), 0, "16"),
    "delimiters behind the rows": (rows().replace("\n", ", \t,\n").replace(", \t,", "", 1).encode(), ("", ""), 0, "16"),
    "something behind a row": (rows().replace("21.0\n", "21.0,x\n", 1).encode(), ("", ""), 3, "2  = .*4 cells, the header has 3"),
    "tabs in cells": (rows().replace(",", "\t, ").encode(), ("", ""), 0, "16"),
    "a quote that nothing closes": (cell(1, 1, '"20.5'), ("", ""), 3, "cells, the header has"),
    "no value": (cell(1, 1, "--"), ("", ""), 0, "15"),
    "not available": (cell(1, 1, " N/A "), ("", ""), 0, "15"),
    "no value of its own": (cell(1, 1, "坏"), ("zone =", 'blanks = ["坏"]\nzone ='), 0, "15"),
    "decimal commas": (rows(";").replace(".", ",").encode(), ("zone =", 'decimal = ","\ndelimiter = ";"\nzone ='), 0, "16"),
    "a point among decimal commas": ((rows(";").replace(".", ",") + "2025-01-09 00:00:00;20.5;20,5\n").encode(), ("zone =", 'decimal = ","\ndelimiter = ";"\nzone ='), 3, r"10 flat_a = 20\.5: "),
    "one mark for both": (rows().encode(), ("zone =", 'decimal = ","\nthousands = ","\nzone ='), 2, "allowed: two marks"),
    "empty": (b"", ("", ""), 2, "is empty; allowed: a header"),
    "another quantity": (rows().encode(), ('"Cel"', '"bar"'), 2, "'bar' measures pressure, not temperature; allowed: Cel"),
    "a mass": (rows().encode(), ('"Cel"', '"t/h"'), 2, "'t/h' is a mass.*allowed: 'm3/h'"),
    "a unit mistyped": (rows().encode(), ('"Cel"', '"Cell"'), 2, "did you mean 'Cel'"),
    "a key mistyped": (rows().encode(), ("unit =", "unti ="), 2, "did you mean .*unit"),
    "a device mistyped": (rows().encode(), ('device = "A"', 'device = "a"'), 3, "'a' is not in the registry; did you mean 'A'"),
}  # fmt: skip


@pytest.mark.parametrize("name", READINGS)
def test_readings_come_in_or_say_why(
    name: str, city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, (old, new), code, says = READINGS[name]
    mapping = (city / "rooms.toml").read_text("utf-8")
    assert old in mapping
    (city / "rooms.toml").write_text(mapping.replace(old, new) if old else mapping, "utf-8")
    (city / "rooms.csv").write_bytes(data)
    found, said = bring(
        city, capsys, "readings", "--mapping", f"{city}/rooms.toml", f"{city}/rooms.csv"
    )
    assert found == code, said
    assert re.search(f"^{says} new" if code == 0 else says, said), said


def bring(
    city: Path, capsys: pytest.CaptureFixture[str], kind: str, *files: str
) -> tuple[int, str]:
    """Exit code, and what is said: how many are new, each refusal, and the error."""
    capsys.readouterr()
    where = ["--json", "--lang", "en", "-c", f"{city}/heatwatch.toml"]
    code = run([kind, "import", *files, *where])
    said = capsys.readouterr()
    if not said.out.strip():
        return code, said.err
    report = json.loads(said.out)
    lines = [
        f"{Path(each['file']).name} {each['row']} {each['column']} = {each['value']}: {each['why']}"
        for each in report.get("listed", report.get("refused"))
    ]
    new = report.get(
        "readings",
        sum(c["added"] + c["changed"] + c["unchanged"] for c in report.get("counts", {}).values()),
    )
    return code, "\n".join([f"{new} new", *lines, said.err])


REGISTRY = {path.stem: path.read_text("utf-8") for path in (FIRST_CITY / "registry").glob("*.csv")}


def changed(kind: str, old: str, new: str, encoding: str = "utf-8") -> tuple[str, bytes]:
    assert old in REGISTRY[kind]
    return f"{kind}.csv", REGISTRY[kind].replace(old, new).encode(encoding)


def sheet(kind: str, **cells: Any) -> tuple[str, bytes]:
    """A workbook with these cells changed; `A0`: a title above."""
    book = openpyxl.Workbook()
    there = book.worksheets[0]
    there.title = kind
    for row in csv.reader(io.StringIO(REGISTRY[kind])):
        there.append(row)
    for at, value in cells.items():
        if at == "A0":
            there.insert_rows(1)
            there["A1"] = value
            there.merge_cells("A1:F1")
        else:
            there[at] = value
    data = io.BytesIO()
    book.save(data)
    return "city.xlsx", data.getvalue()


DATE = datetime.fromisoformat("2025-01-10T09:30")
#: File -> exit code and what is said, or how many rows are right.
FILES: dict[str, tuple[tuple[str, bytes], int, str]] = {
    "GBK": (changed("places", "", "", "gbk"), 0, "8"),
    "UTF-16": (changed("places", "", "", "utf-16"), 0, "8"),
    "UTF-16 without mark": (changed("places", "", "", "utf-16-le"), 0, "8"),
    "byte order mark": (changed("places", "", "", "utf-8-sig"), 0, "8"),
    "semicolons": (changed("contracts", ",", ";"), 0, "2"),
    "tabs": (changed("contracts", ",", "\t"), 0, "2"),
    "a decimal comma": (changed("contracts", "2420.00", "2420,00"), 3, "contracts.csv 2 .*7 cells .*a comma inside a cell"),
    "a quoted decimal comma": (changed("contracts", "2420.00", '"2420,00"'), 3, "2 season_fee = 2420,00: .*such as 18.5, without comma"),
    "thousands": (changed("contracts", "2420.00", "2 420.00"), 3, "2 season_fee = 2 420.00: .*without comma, blank"),
    "a unit": (changed("contracts", "2420.00", "2420元"), 3, "2 season_fee = 2420元: .*unit"),
    "a formula in CSV": (changed("contracts", "2420.00", "=A1"), 3, "2 season_fee = =A1: .*formula"),
    "a column less": (("requests.csv", b"household,by\nA,resident\n"), 3, "requests.csv 1 .*lacks at; it has household, by; the columns are: household, at; may be left out: by"),
    "a column that may be left out": (("requests.csv", b"household,at\nA,2025-01-10T09:30:00+08:00\n"), 0, "1"),
    "a column more": (("requests.csv", b"household,at,by,x\n"), 3, "1 x = x: is not a column of this kind; the columns are"),
    "a column renamed": (changed("requests", "household", "houshold"), 3, "houshold: .*did you mean household"),
    "a title above": (("contracts.csv", b"Contracts,,,,,\n" + REGISTRY["contracts"].encode()), 0, "2"),
    "titles above a header with tabs": (("contracts.csv", b"Contracts\n\n" + REGISTRY["contracts"].replace(",", "\t").encode()), 0, "2"),
    "a title and no header": (("contracts.csv", b"Contracts,,,,,\nA,2024,std,2420.00,CNY,true\n"), 3, "first row is no header of this kind, but 'contracts'"),
    "a total below": (("contracts.csv", REGISTRY["contracts"].encode() + "合计,,,4840.00,,\n".encode()), 0, "2"),
    "empty": (("requests.csv", b""), 3, "requests.csv 1 .*the file is empty; the columns are: household"),
    "only a header": (("requests.csv", b"household,at,by\n"), 0, "0"),
    "a row twice": (("requests.csv", (REGISTRY["requests"] + REGISTRY["requests"].split("\n")[1]).encode()), 0, "1"),
    "a local time": (changed("requests", "+08:00", ""), 0, r"1 new\n1 time without an offset is taken as local time of Asia/Shanghai"),
    "a local time as people write it": (changed("requests", "2025-01-10T09:30:00+08:00", "2025/1/10 9:30"), 0, r"1 new\n1 time without an offset is taken as local time of Asia/Shanghai"),
    "a Chinese time": (changed("requests", "2025-01-10T09:30:00+08:00", "2025年1月10日 9时30分"), 0, r"1 new\n1 time without an offset"),
    "a day first": (changed("requests", "2025-01-10T09:30:00+08:00", "10/1/2025 9:30"), 3, "2 at = 10/1/2025 9:30: is not a time"),
    "a day's number": (changed("requests", "2025-01-10T09:30:00+08:00", "45667.4"), 3, "2 at = 45667.4: is not a time; expected one like"),
    "the future": (changed("requests", "2025", "2095"), 3, "2 at = 2095-01-10.*has not happened yet; allowed: up to now"),
    "a code mistyped": (("requests.csv", b"household,at,by\nA-livng,2025-01-10T09:30:00+08:00,\n"), 3, "2 household = A-livng: .*did you mean A-living"),
    "a role mistyped": (changed("series", "room_temperature", "Room_temprature"), 3, "2 role = .*did you mean room_temperature"),
    "a currency as people write it": (changed("contracts", "CNY", "元"), 0, "2"),
    "a sign of several currencies": (changed("contracts", "CNY", "￥"), 3, "2 currency = ￥: is the sign of several currencies; write the code: CNY, JPY"),
    "no currency": (changed("contracts", "CNY", "QQQ"), 3, "2 currency = QQQ: is not a currency of ISO 4217; expected a code such as CNY"),
    "a date of a workbook": (sheet("requests", B2=DATE), 0, r"1 new\n1 time without an offset is taken as local time of Asia/Shanghai"),
    "a day of a workbook": (sheet("requests", B2=date(2025, 1, 10)), 0, r"1 new\n1 time without an offset is taken as local time of Asia/Shanghai"),
    "an hour of a workbook": (sheet("requests", B2=time(9, 30)), 3, "2 at = 09:30:00: is not a time"),
    "a number of a workbook": (sheet("contracts", D2=2420.0), 0, "2"),
    "a formula of a workbook": (sheet("contracts", D2="=2000+420"), 3, r"2 season_fee = =2000\+420: has no value: .*formula"),
    "a name by formula": (sheet("places", D2='="a"'), 3, r'2 name = ="a": has no value: .*formula'),
    "an error of a workbook": (sheet("places", D2="#REF!"), 3, "2 name = #REF!: has no value: an error"),
    "Chinese headers": (("测温申请.csv", "住户,申请时间,受理人\nA,2025-01-10T09:30:00+08:00,resident\n".encode("gbk")), 0, "1"),
    "a Chinese header mistyped": (("测温申请.csv", "住户,申情时间,受理人\n".encode()), 3, "1 申情时间 = .*did you mean 申请时间"),
    "a Chinese value": (changed("places", "living", "客厅"), 0, "8"),
    "a Chinese value mistyped": (changed("places", "living", "客庭"), 3, "room_use = 客庭: is not known; allowed: 卧室, 起居室, .*did you mean 客厅"),
    "a code in full width": (changed("requests", "\nA,", "\nＡ,"), 0, r"1 new\n1 row has a code in full width"),
    "a code with a blank that has no width": (changed("requests", "\nA,", "\nA\u200b,"), 3, r"2 household = A\u200b: a code has no blanks, no characters that can't be seen"),
    "a code made a date": (sheet("requests", A2=DATE), 3, "2 household = 2025-01-10T09:30:00: is a date or time to the spreadsheet"),
    "a merged title": (sheet("contracts", A0="Contracts"), 0, "2"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_registry_files_come_in_or_say_why(
    name: str, city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file, data), code, says = FILES[name]
    (city / file).write_bytes(data)
    found, said = bring(city, capsys, "registry", f"{city}/{file}")
    assert found == code, said
    if code == 0 and "new" not in says:
        says = f"{says} new"
    assert re.search(f"^{says}" if code == 0 else says, said), said
