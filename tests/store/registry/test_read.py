"""How registry files are read: as spreadsheets of several countries write them."""

import re
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from sqlalchemy import Engine

from domain.errors import WrongCall
from store.registry.encoding import decode
from store.registry.importing import check_registry
from store.registry.kinds import KIND_OF
from store.registry.read import gather
from store.registry.report import ImportReport, Refusals
from tests.store.city import city, write_city

HEADER = "code,model,verified\n"


def check(books: Engine, path: Path) -> ImportReport:
    return check_registry(books, [path])


def devices(folder: Path, data: bytes | str) -> Path:
    path = folder / "devices.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_encodings_of_chinese_spreadsheets_are_recognised(
    sqlite_books: Engine, tmp_path: Path, encoding: str, told: str
) -> None:
    report = check(sqlite_books, write_city(tmp_path / "city", city(), encoding))
    assert report.refused == ()
    chinese = {each.file: each.encoding for each in report.files}["places.csv"]
    assert chinese == told


def test_names_survive_a_gbk_file() -> None:
    assert decode("示范热力,幸福路1号".encode("gbk")) == ("示范热力,幸福路1号", "gb18030")


def test_a_utf8_file_with_one_broken_byte_is_refused_and_not_turned_to_garbage(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    data = bytearray(f"{HEADER}d1,温度计一号,true\nd2,温度计二号,true\n".encode())
    data[data.index("二".encode()) + 1] = 0x41
    report = check(sqlite_books, devices(tmp_path, bytes(data)))
    assert str(report.refused[0].why) == (
        "is not text in UTF-8 or GBK: byte 0xe4 in line 3; save it as CSV UTF-8 again"
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_the_delimiters_of_spreadsheets_are_recognised(
    sqlite_books: Engine, tmp_path: Path, delimiter: str
) -> None:
    text = f"{HEADER}d1,TH,true\n".replace(",", delimiter)
    assert check(sqlite_books, devices(tmp_path, text)).counts["devices"].added == 1


def test_columns_may_stand_in_any_order_and_empty_lines_and_cells_around_are_ignored(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    text = "Verified, code ,model,,\n\ntrue,d1,TH,,\n,,,,\n false , d2 ,\u3000,,\n\n"
    report = check(sqlite_books, devices(tmp_path, text))
    assert report.refused == ()
    assert report.counts["devices"].added == 2


@pytest.mark.parametrize(
    ("header", "column", "why"),
    [
        ("code,model,verified,colour", "colour", "is not a column of this kind"),
        ("model,verified", "", "the header lacks code; it has model, verified"),
        ("code,code,model,verified", "code", "stands twice"),
        ("", "", "the file is empty"),
    ],
)
def test_a_wrong_header_refuses_the_whole_file_and_names_the_columns(
    sqlite_books: Engine, tmp_path: Path, header: str, column: str, why: str
) -> None:
    report = check(sqlite_books, devices(tmp_path, f"{header}\nd1,TH,true\n"))
    first = report.refused[0]
    assert (first.row, first.column) == (1, column)
    assert str(first.why).startswith(why)
    assert "the columns are: code; may be left out: model, verified" in str(first.why)
    assert report.counts["devices"].refused == 1


#: Why a row may be too long.
COMMA = "a comma inside a cell needs quotes, and a number is written with a point"


def test_a_row_with_too_many_or_too_few_cells_is_refused_alone(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    report = check(sqlite_books, devices(tmp_path, HEADER + "d1,a,b,true\nd2,TH\nd3,TH,true\n"))
    assert [(each.row, str(each.why)) for each in report.refused] == [
        (2, f"has 4 cells where the header has 3; {COMMA}"),
        (3, "has 2 cells where the header has 3"),
    ]
    counts = report.counts["devices"]
    assert (counts.read, counts.added, counts.refused) == (3, 1, 2)


def test_an_endless_cell_is_refused_where_it_begins(sqlite_books: Engine, tmp_path: Path) -> None:
    text = f'{HEADER}d1,TH,true\nd2,"' + "x" * 200_000
    report = check(sqlite_books, devices(tmp_path, text))
    assert (report.refused[0].row, str(report.refused[0].why)[:22]) == (3, "is not CSV from here o")


def test_an_empty_file_is_refused(sqlite_books: Engine, tmp_path: Path) -> None:
    assert not check(sqlite_books, devices(tmp_path, "")).clean


def test_a_workbook_with_a_sheet_a_kind_is_read(sqlite_books: Engine, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for kind, rows in city().items():
        sheet = book.create_sheet(kind.capitalize())
        for row in [list(KIND_OF[kind].names), *rows]:
            sheet.append([_typed(cell) for cell in row])
    book.save(tmp_path / "city.xlsx")
    report = check(sqlite_books, tmp_path / "city.xlsx")
    assert report.refused == ()
    assert report.total("added") == sum(map(len, city().values()))


@pytest.mark.parametrize("stated", ["A1", "A1:B2", "A1:XFD1048576"])
def test_a_sheet_is_read_whole_whatever_size_it_states(
    sqlite_books: Engine, tmp_path: Path, stated: str
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "devices"
    sheet.append(["code", "model", "verified"])
    for i in range(9):
        sheet.append([f"d{i}", "TH", True])
    book.save(tmp_path / "city.xlsx")
    with ZipFile(tmp_path / "city.xlsx") as parts:
        kept = {each: parts.read(each) for each in parts.namelist()}
    with ZipFile(tmp_path / "city.xlsx", "w") as parts:
        for name, data in kept.items():
            said = f'<dimension ref="{stated}"'.encode()
            parts.writestr(name, re.sub(rb'<dimension ref="[^"]*"', said, data))
    report = check(sqlite_books, tmp_path / "city.xlsx")
    assert (report.refused, report.counts["devices"].added) == ((), 9)


def _typed(cell: str) -> object:
    """As a person's spreadsheet has it: numbers as numbers, true as TRUE, empty as nothing."""
    if cell in {"true", "false"}:
        return cell == "true"
    try:
        return float(cell)
    except ValueError:
        return cell or None


def test_a_date_cell_has_no_offset_and_is_refused_with_what_to_write(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "refusals"
    sheet.append(["household", "at", "evidence"])
    sheet.append(["H1", datetime(2026, 1, 2, 8), ""])  # noqa: DTZ001 - as Excel has it
    book.save(tmp_path / "city.xlsx")
    first = check(sqlite_books, tmp_path / "city.xlsx").refused[0]
    assert (first.file, first.row, first.value) == (
        "city.xlsx[refusals]", 2, "2026-01-02T08:00:00",
    )  # fmt: skip
    assert (
        str(first.why) == "has no offset; expected one like 2026-01-02T08:00:00+08:00, or Z for UTC"
    )


def test_a_sheet_of_another_name_is_refused_and_the_others_are_read(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Rooms"
    book.worksheets[0]["A1"] = "code"
    sheet = book.create_sheet("devices")
    for row in (["code", "model", "verified"], ["d1", None, True]):
        sheet.append(row)
    book.save(tmp_path / "city.xlsx")
    report = check(sqlite_books, tmp_path / "city.xlsx")
    assert [each.file for each in report.refused] == ["city.xlsx[Rooms]"]
    assert "allowed: places, devices" in str(report.refused[0].why)
    assert report.counts["devices"].added == 1


def test_a_file_that_only_claims_to_be_a_workbook_is_refused(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    (tmp_path / "city.xlsx").write_text("code,model")
    report = check(sqlite_books, tmp_path / "city.xlsx")
    assert str(report.refused[0].why).startswith("is not an XLSX workbook")


@pytest.mark.parametrize("rows", [1, 2_000])
def test_a_workbook_with_a_sheet_that_breaks_off_is_refused(
    sqlite_books: Engine, tmp_path: Path, rows: int
) -> None:
    book, path = openpyxl.Workbook(), tmp_path / "city.xlsx"
    book.worksheets[0].title = "devices"
    for i in range(rows):
        book.worksheets[0].append([f"device {i}", "model", "true"] if i else HEADER.split(","))
    book.save(tmp_path / "whole.xlsx")
    with ZipFile(tmp_path / "whole.xlsx") as whole, ZipFile(path, "w") as parts:
        for each in whole.namelist():
            data = whole.read(each)
            parts.writestr(each, data[:-40] if "sheet1" in each else data)
    (row,) = check(sqlite_books, path).refused
    assert str(row.why).startswith("is not an XLSX workbook")


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(
    sqlite_books: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.registry.workbook.MOST_UNPACKED", 2 * 1024**2)
    path = tmp_path / "city.xlsx"
    openpyxl.Workbook().save(path)
    with ZipFile(path, "a", ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/more.xml", bytes(3 * 1024**2))
    assert path.stat().st_size < 1024**2
    (row,) = check(sqlite_books, path).refused
    assert str(row.why).startswith("unpacks to 4 MB; allowed: at most 2 MB")


def test_a_folder_stands_for_the_registry_files_in_it(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", city())
    (folder / "truth.json").write_text("{}")
    (folder / "history.csv").write_text("no registry file")
    refusals = Refusals()
    assert [path.stem for path in gather([folder], refusals)] == sorted(city())
    (row,) = refusals.rows
    assert str(row).startswith("history.csv: is not read: the name decides the kind; allowed: ")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gone.csv", "there is no such file"),
        ("rooms.csv", "the name decides the kind; allowed: places.csv, devices.csv"),
        ("empty", "no registry file in this folder"),
    ],
)
def test_a_file_that_can_not_be_meant_is_a_wrong_call(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "rooms.csv").write_text("code\n")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WrongCall, match=why):
        gather([tmp_path / name], Refusals())


@pytest.mark.parametrize("word", ["合计", "小计：", "Total", "总 计"])
def test_a_total_is_no_row_and_is_told(sqlite_books: Engine, tmp_path: Path, word: str) -> None:
    write_city(tmp_path / "city", city())
    path = tmp_path / "city" / "contracts.csv"
    path.write_text(f"{path.read_text('utf-8')}{word},,,4840.00,,\n", "utf-8")
    report = check(sqlite_books, tmp_path / "city")
    assert report.refused == ()
    [told] = [each for each in report.doubtful if each.file == "contracts.csv"]
    assert (told.row, str(told.why)) == (len(city()["contracts"]) + 2, "is a total, and left out")


def test_a_whole_row_whose_code_is_such_a_word_is_a_row(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    report = check(sqlite_books, devices(tmp_path, f"{HEADER}total,TH,true\n"))
    assert (report.counts["devices"].added, report.doubtful) == (1, ())
