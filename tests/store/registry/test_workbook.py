"""What a spreadsheet program makes of cells is taken as people see it, or refused with what to do."""

import re
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sqlalchemy import Engine, select

from store.books.registry import Device, Place
from store.registry.importing import check_registry, import_registry
from store.registry.report import ImportReport
from store.registry.rows import Present
from tests.actors import TEST
from tests.store.registry.sheets import workbook

PLACES = [
    "code",
    "kind",
    "parent",
    "name",
    "name_en",
    "address",
    "area_m2",
    "room_use",
    "since",
    "until",
]
DEVICES = ["code", "model", "verified"]
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def company(since: Any, code: Any = "demo") -> list[Any]:
    return [code, "company", None, "示范", None, None, None, None, since, None]


def came_in(books: Engine, path: Path, zone: ZoneInfo = SHANGHAI) -> ImportReport:
    return import_registry(books, [path], by=TEST, present=Present(zone))


def since(books: Engine) -> datetime:
    with books.connect() as link:
        return link.execute(select(Place.since)).scalar_one().replace(tzinfo=UTC)


def why(report: ImportReport) -> list[str]:
    return [str(each) for each in report.refused]


def local(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - as a spreadsheet has it


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904], ids=["1900", "1904"])
def test_a_date_cell_is_local_time_of_the_city_whatever_day_its_workbook_counts_from(
    sqlite_books: Engine, tmp_path: Path, epoch: Any
) -> None:
    book = workbook(tmp_path / "c.xlsx", {"places": [PLACES]})
    if epoch is not None:
        book.epoch = epoch
    book["places"].append(company(local(2025, 11, 15, 8)))
    book.save(tmp_path / "c.xlsx")
    report = came_in(sqlite_books, tmp_path / "c.xlsx")
    assert (report.refused, report.local_times) == ((), 1)
    assert since(sqlite_books) == datetime(2025, 11, 15, tzinfo=UTC)


@pytest.mark.parametrize("day", [1, 31, 59])
def test_days_before_the_one_that_excel_invented_are_those_that_it_shows(
    sqlite_books: Engine, tmp_path: Path, day: int
) -> None:
    book = workbook(tmp_path / "c.xlsx", {"places": [PLACES, company(None)]})
    book["places"]["I2"].value = day
    book["places"]["I2"].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "c.xlsx")
    assert came_in(sqlite_books, tmp_path / "c.xlsx", ZoneInfo("Etc/GMT")).refused == ()
    assert (since(sqlite_books) - datetime(1899, 12, 31, tzinfo=UTC)).days == day


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (local(2025, 3, 30, 2, 30), "is not one time: the clocks of Europe/Berlin change then"),
        (local(2025, 10, 26, 2, 30), "is not one time: the clocks of Europe/Berlin change then"),
    ],
)
def test_a_date_cell_in_a_skipped_or_repeated_hour_is_refused(
    sqlite_books: Engine, tmp_path: Path, at: datetime, says: str
) -> None:
    workbook(tmp_path / "c.xlsx", {"places": [PLACES, company(at)]})
    (row,) = came_in(sqlite_books, tmp_path / "c.xlsx", BERLIN).refused
    assert str(row.why).startswith(says)


@pytest.mark.parametrize("value", [local(2026, 1, 2), time(9, 30)])
@pytest.mark.parametrize("column", [0, 3])
def test_a_code_or_name_that_the_spreadsheet_made_a_date_is_refused(
    sqlite_books: Engine, tmp_path: Path, value: Any, column: int
) -> None:
    row = company("2025-01-01")
    row[column] = value
    workbook(tmp_path / "c.xlsx", {"places": [PLACES, row]})
    (said,) = why(came_in(sqlite_books, tmp_path / "c.xlsx"))
    assert "is a date or time to the spreadsheet; format the column as text" in said


def test_a_code_keeps_the_zeros_that_its_format_shows(sqlite_books: Engine, tmp_path: Path) -> None:
    book = workbook(tmp_path / "c.xlsx", {"devices": [DEVICES, [123, None, True], [7, None, None]]})
    book["devices"]["A2"].number_format = "00000"
    book.save(tmp_path / "c.xlsx")
    assert came_in(sqlite_books, tmp_path / "c.xlsx").refused == ()
    with sqlite_books.connect() as link:
        assert link.execute(select(Device.code, Device.verified)).all() == [
            ("00123", True), ("7", False),
        ]  # fmt: skip


def test_a_long_number_of_which_the_spreadsheet_lost_digits_is_refused(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        DEVICES,
        [86012345678901234, None, True],
        [860123456789012, None, True],
    ]
    workbook(tmp_path / "c.xlsx", {"devices": rows})
    (said,) = why(came_in(sqlite_books, tmp_path / "c.xlsx"))
    assert "row 2" in said
    assert "more than 15 digits, of which a spreadsheet loses the last" in said


def test_a_percentage_is_what_the_cell_shows(sqlite_books: Engine, tmp_path: Path) -> None:
    head = [
        "household",
        "since",
        "until",
        "state",
        "payer",
        "subsidy_percent",
        "subsidy_by",
        "document",
    ]
    row = ["H1", "2026-01-13", None, "moved_in", "王五", 0.07, "民政局", None]
    book = workbook(tmp_path / "c.xlsx", {"fee_spans": [head, row]})
    book["fee_spans"]["F2"].number_format = "0.0%"
    book.save(tmp_path / "c.xlsx")
    report = came_in(sqlite_books, tmp_path / "c.xlsx")
    assert [each.column for each in report.refused] == ["household"]  # 7 % of nobody who is there
    book["fee_spans"]["F2"].value = 7
    book.save(tmp_path / "c.xlsx")
    report = came_in(sqlite_books, tmp_path / "c.xlsx")
    assert ("subsidy_percent", "700%") in {(each.column, each.value) for each in report.refused}


def test_a_formula_is_its_value_where_a_program_has_computed_it(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "c.xlsx"
    workbook(path, {"devices": [DEVICES, ['="d"&1', "TH", True]]})
    with ZipFile(path) as parts:
        kept = {each: parts.read(each) for each in parts.namelist()}
    with ZipFile(path, "w") as parts:
        for name, data in kept.items():
            parts.writestr(
                name,
                re.sub(
                    rb"<c r=\"A2\"><f>(.*?)</f><v ?/?>(</v>)?",
                    rb'<c r="A2" t="str"><f>\1</f><v>d1</v>',
                    data,
                ),
            )
    assert came_in(sqlite_books, path).refused == ()
    with sqlite_books.connect() as link:
        assert link.execute(select(Device.code)).scalar_one() == "d1"


def test_a_cell_merged_down_its_column_is_the_value_of_each_row(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    book = workbook(
        tmp_path / "c.xlsx",
        {"devices": [DEVICES, ["d1", "TH-1", True], ["d2", None, True], ["d3", None, True]]},
    )
    book["devices"].merge_cells("B2:B3")
    book.save(tmp_path / "c.xlsx")
    assert came_in(sqlite_books, tmp_path / "c.xlsx").refused == ()
    with sqlite_books.connect() as link:
        models = link.execute(select(Device.model).order_by(Device.code)).scalars().all()
    assert models == ["TH-1", "TH-1", ""]


def test_a_cell_merged_across_columns_refuses_its_row(sqlite_books: Engine, tmp_path: Path) -> None:
    book = workbook(
        tmp_path / "c.xlsx", {"devices": [DEVICES, ["d1", None, True], ["d2", "TH", True]]}
    )
    book["devices"].merge_cells("A2:B2")
    book.save(tmp_path / "c.xlsx")
    report = came_in(sqlite_books, tmp_path / "c.xlsx")
    assert {each.row for each in report.refused} == {2}
    assert "is merged with other columns" in str(report.refused[0].why)
    assert report.counts["devices"].added == 1


def test_empty_sheets_notes_charts_and_hidden_lists_are_passed_over(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    rows: dict[str, list[list[Any]]] = {
        "说明": [["怎样填写"]], "devices": [DEVICES, ["d1", None, True], [None], [None, "", None]],
        "Sheet2": [], "lists": [["是"], ["否"]],
    }  # fmt: skip
    book = workbook(tmp_path / "c.xlsx", rows)
    book["lists"].sheet_state = "hidden"
    book.create_chartsheet("Chart1").add_chart(BarChart())
    book.save(tmp_path / "c.xlsx")
    report = came_in(sqlite_books, tmp_path / "c.xlsx")
    assert (report.refused, report.counts["devices"].added) == ((), 1)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_of_a_kind_is_refused(
    sqlite_books: Engine, tmp_path: Path, state: str
) -> None:
    book = workbook(tmp_path / "c.xlsx", {"Sheet1": [], "devices": [DEVICES, ["d1", None, True]]})
    book["devices"].sheet_state = state
    book.save(tmp_path / "c.xlsx")
    assert why(came_in(sqlite_books, tmp_path / "c.xlsx")) == [
        "c.xlsx[devices]: is a hidden sheet: show it, or remove it"
    ]


def test_a_workbook_without_any_sheet_of_a_kind_is_refused(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    workbook(tmp_path / "c.xlsx", {"Sheet1": []})
    (said,) = why(check_registry(sqlite_books, [tmp_path / "c.xlsx"]))
    assert said.startswith("c.xlsx: the sheet's name is not a kind")


def test_merged_titles_and_headers_are_no_values_of_rows(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [["Devices"], [], ["code", "model"], [], ["d1", "TH"], ["d2", None]]
    book = workbook(tmp_path / "c.xlsx", {"devices": rows})
    for merged in ("A1:B2", "A3:A4", "B3:B4", "B5:B6"):
        book["devices"].merge_cells(merged)
    book.save(tmp_path / "c.xlsx")
    report = import_registry(sqlite_books, [tmp_path / "c.xlsx"], by=TEST)
    assert report.refused == ()
    with sqlite_books.connect() as link:
        found = link.execute(select(Device.code, Device.model).order_by(Device.code)).all()
    assert [tuple(each) for each in found] == [("d1", "TH"), ("d2", "TH")]
