"""Sheets and columns are found by our names and by what companies write; what is not certain is refused."""

import csv
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.language import msg
from domain.tree import PlaceKind
from store.registry.aliases import LEVELS, LOOSE, plain_word
from store.registry.export import export_registry
from store.registry.header import (
    Named,
    SheetName,
    header_at,
    heading,
    sheet_heading,
    sheet_named,
    words_of,
)
from store.registry.importing import import_registry
from store.registry.kinds import KIND_OF, KINDS
from store.registry.values import Choice
from tests.actors import TEST
from tests.books import new_books
from tests.store.city import city_without_runs, write_city
from tests.store.registry.sheets import workbook


def in_chinese(kind: Any, row: list[str]) -> list[str]:
    """The row with the words of closed lists in Chinese."""
    cells = []
    for column, cell in zip(kind.columns, row, strict=False):
        if isinstance(column.parse, Choice) and cell:
            cell = column.parse.named(cell, True)  # noqa: PLW2901 - as a person writes it
        cells.append({"true": "是", "false": "否"}.get(cell, cell))
    return cells


def written(folder: Path, books: Engine) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in export_registry(books, folder)}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_city_in_chinese_is_the_same_city(
    sqlite_books: Engine, tmp_path: Path, form: str
) -> None:
    rows, sheets = city_without_runs(), {}
    for kind in KINDS:
        lines = rows.get(kind.name, [])
        width = max(map(len, lines), default=len(kind.names))
        head = [heading(kind, name, chinese=True) for name in kind.names[:width]]
        sheets[sheet_heading(kind, chinese=True)] = [
            head,
            *(in_chinese(kind, each) for each in lines),
        ]
    if form == "xlsx":
        workbook(tmp_path / "city.xlsx", sheets)
        files = [tmp_path / "city.xlsx"]
    else:
        files = []
        for name, lines in sheets.items():
            files.append(tmp_path / f"{name}.csv")
            files[-1].write_text("".join("\t".join(row) + "\n" for row in lines), "utf-8")
    assert import_registry(sqlite_books, files, by=TEST).refused == ()
    in_english = new_books(tmp_path / "en.db")
    assert import_registry(in_english, [write_city(tmp_path / "c", rows)], by=TEST).clean
    assert written(tmp_path / "zh", sqlite_books) == written(tmp_path / "en", in_english)
    in_english.dispose()


def test_no_word_of_a_kind_means_two_of_its_columns() -> None:
    levels = [("places", each.value) for each in PlaceKind]
    for name, level in [*((kind.name, "") for kind in KINDS), *levels]:
        kind = next(each for each in KINDS if each.name == name)
        words = [
            (plain_word(word), column.name)
            for column in kind.columns
            for word in words_of(Named(kind, level), column)
        ]
        of_one = dict(words)
        assert [(word, column) for word, column in words if of_one[word] != column] == []


def test_sheets_are_named_by_their_kind_in_both_languages_and_by_a_kind_of_place() -> None:
    for kind in KINDS:
        for name in (
            kind.name,
            kind.name.replace("_", " ").title(),
            sheet_heading(kind, chinese=True),
        ):
            assert sheet_named(name) == Named(kind)
    assert sheet_named("换热站") == Named(KINDS[0], "station")
    assert {each for each in LEVELS if sheet_named(LEVELS[each][0]) is None} == set()
    assert sheet_named("rooms") is None


HEADERS = {
    "a mistake": ("设备", ["编号", "型好", "已检定"], "型好", "is not a column of this kind; did you mean 型号?"),
    "one too many": ("设备", ["编号", "型号", "已检定", "备注"], "备注", "is not a column of this kind; the columns are: 设备编号; may be left out: 型号, 已检定"),
    "a number of many things": ("供用热合同", ["编号", "采暖季", "收费标准", "采暖费", "币种", "长期授权"], "编号", "may be several columns: 住户, 采暖季, 收费标准; write which"),
    "a time of a span": ("检定证书", ["设备", "时间", "结束", "证书编号"], "时间", "may be several columns: 开始, 结束; write which"),
    "the same twice": ("设备", ["编号", "code", "型号", "已检定"], "编号", "编号, code are the same column, code"),
    "one that lacks": ("检定证书", ["设备", "结束"], "", "the header lacks 开始, 证书编号; it has 设备, 结束"),
    "another unit": ("测点序列", ["设备", "通道", "测点类型", "位置", "上报间隔(分钟)", "开始", "结束"], "上报间隔(分钟)", "is in 分钟; allowed: 秒, s, sec"),
    "a unit where there is none": ("设备", ["编号(米)", "型号", "已检定"], "编号(米)", "is not a column of this kind"),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_is_not_certain_is_refused_with_the_nearest(
    sqlite_books: Engine, tmp_path: Path, name: str
) -> None:
    sheet, head, column, why = HEADERS[name]
    workbook(tmp_path / "c.xlsx", {sheet: [head, ["x"] * len(head)]})
    first = import_registry(sqlite_books, [tmp_path / "c.xlsx"], by=TEST).refused[0]
    assert (first.row, first.column) == (1, column)
    assert str(first.why).startswith(why)


def test_headers_are_read_with_units_stars_widths_and_what_must_be_filled_in(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    head = [
        "*编号",
        "类型（必填）",
        "上级",
        "名称",
        "英文名称",
        "地址",
        "面积（㎡）",
        "房间用途(选填)",
        "开始",
        "结束\u200b",
    ]
    row = ["demo", "供热企业", "", "示范", "", "", "", "", "2025-01-01T00:00Z", ""]
    home = ["H1", "住户", "demo", "", "", "", "60.5", "", "2025-01-01T00:00Z", ""]
    workbook(tmp_path / "c.xlsx", {"位置": [head, row, home]})
    assert import_registry(sqlite_books, [tmp_path / "c.xlsx"], by=TEST).refused == ()


def test_a_sheet_of_one_kind_of_place_needs_no_column_of_it_nor_what_may_be_empty(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    since = "2025-01-01T00:00Z"
    sheets = {
        "供热企业": [["编号", "名称", "启用时间"], ["demo", "示范", since]],
        "换热站": [
            ["换热站编号", "换热站名称", "所属", "启用时间"],
            ["S1", "一号站", "demo", since],
        ],
        "楼栋": [["楼栋编号", "名称", "换热站编号", "启用时间"], ["B1", "1号楼", "S1", since]],
        "住户": [["户号", "楼栋", "面积(平方米)", "启用时间"]],
        "房间": [["编号", "住户编号", "房间用途", "启用时间"], ["H1-1", "B1", "客厅", since]],
    }
    sheets["住户"][0][0] = "住户编号"
    sheets["住户"].append(["H1", "B1", "89.5", since])
    workbook(tmp_path / "c.xlsx", sheets)
    report = import_registry(sqlite_books, [tmp_path / "c.xlsx"], by=TEST)
    assert report.refused == ()
    assert report.counts["places"].added == 5


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("换热占", "is not known; allowed: 供热企业, 热源, 换热站, 分区, 楼栋, 住户, 房间; did you mean 换热站?"),
        ("单元", "is no level here: what lies below it belongs to the place above it; allowed: 供热企业"),
        ("statoin", "is not known; allowed: company, source, station"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_known_is_refused_with_the_nearest_in_its_language(
    sqlite_books: Engine, tmp_path: Path, cell: str, why: str
) -> None:
    head = ["编号", "类型", "上级", "名称", "英文名称", "地址", "面积", "房间用途", "开始", "结束"]
    row = ["S1", cell, "", "", "", "", "", "", "2025-01-01T00:00Z", ""]
    workbook(tmp_path / "c.xlsx", {"位置": [head, row]})
    first = import_registry(sqlite_books, [tmp_path / "c.xlsx"], by=TEST).refused[0]
    assert (first.column, first.value) == ("类型", cell)
    assert str(first.why).startswith(why)


def test_what_may_mean_several_columns_is_written_as_headers_are() -> None:
    assert [
        each
        for names in LOOSE.values()
        for each in names
        if not any(each in kind.at for kind in KINDS)
    ] == []


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([["编号", "型号"], ["d1", "x"]], 0),
        ([["设备清单"], [], ["制表人：李伟", "", "2026-01-10"], ["编号", "型号"], ["d1", "x"]], 3),
        ([["设备清单"], ["code"], ["d1"]], 1),
        ([["code", "colour"], ["d1", "red"], ["model", "verified"]], 2),
        ([["code"], ["d1"], ["编号"]], 0),
        ([["devices of 2026"], ["d1", "x"]], 0),
        ([], 0),
        ([[""]], 0),
        ([[str(n)] for n in range(20)] + [["code", "model"]], 0),
    ],
)
def test_the_header_is_the_first_row_that_names_columns(rows: list[list[str]], at: int) -> None:
    assert header_at(Named(KIND_OF["devices"]), rows) == at


def test_a_kind_is_called_as_the_readers_sheet_is() -> None:
    said = msg(
        "is neither in the registry nor among the files' {kind}{hint}",
        kind=SheetName("places"),
        hint="",
    )
    assert "位置" in said.to("zh")
    assert str(said).endswith("places")


def test_what_may_be_empty_may_be_left_out_and_keeps_what_is_on_record(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    folder = write_city(tmp_path / "a", city_without_runs())
    assert import_registry(sqlite_books, [folder], by=TEST).clean
    before = written(tmp_path / "1", sqlite_books)
    for kind in KINDS:
        path = tmp_path / "1" / f"{kind.name}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        kept = [
            each.name for each in kind.columns if not each.may_be_empty or each.name in kind.key
        ]
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, kept, extrasaction="ignore")
            out.writeheader()
            out.writerows(rows)
    report = import_registry(sqlite_books, [tmp_path / "1"], by=TEST)
    assert report.refused == ()
    assert report.changes == ()
    assert written(tmp_path / "2", sqlite_books) == before
