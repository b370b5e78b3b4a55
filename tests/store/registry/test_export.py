"""What is exported imports again to the same registry."""

import random
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine

from domain.errors import WrongCall
from store.registry import export as registry_export
from store.registry.export import export_registry
from store.registry.importing import import_registry
from store.registry.kinds import KIND_OF, KINDS
from tests.actors import TEST
from tests.books import new_books
from tests.store.city import City, city, write_city

TEXT = (
    "a", "Z", "9", " ", ",", ";", '"', "'", "=", "+", "-", "@", "<", "&", "\\", "/", "#", "_x0041_",
    "热", "𠮷", "é", "e\u0301", "\u200b", "\ufeff", "😀", "=1+1", "true", "0012", "1e5", "NULL", "㎡",
)  # fmt: skip
FREE = {
    "places": ("name", "name_en", "address"), "devices": ("model",), "requests": ("by",),
    "measurements": ("signed_by",), "outages": ("evidence",), "user_faults": ("evidence", "clause"),
    "refusals": ("evidence",),
}  # fmt: skip


def scribbled(seed: int) -> City:
    """The city with random text wherever text is free, and random numbers and times."""
    dice = random.Random(seed)
    rows = city()
    for kind, names in FREE.items():
        for row in rows[kind]:
            for name in names:
                words = "".join(dice.choices(TEXT, k=dice.randint(1, 7)))
                row[KIND_OF[kind].at[name]] = words[:39] + "a."  # a clause says something
    for row in rows["places"]:
        row[KIND_OF["places"].at["area_m2"]] = (
            f"{dice.randint(1, 99999)}.{dice.randint(0, 9999):04}"
        )
        hours = dice.randint(-11, 13)
        row[KIND_OF["places"].at["since"]] = (
            f"2025-0{dice.randint(1, 9)}-0{dice.randint(1, 9)}T0{dice.randint(0, 9)}:30:00."
            f"{dice.randint(0, 999_999):06}{hours:+03}:30"
        )
    return rows


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("seed", range(4))
def test_an_export_imports_again_to_the_same_registry(tmp_path: Path, form: str, seed: int) -> None:
    first = new_books(tmp_path / "first.db")
    second = new_books(tmp_path / "second.db")
    report = import_registry(
        first, [write_city(tmp_path / "city", scribbled(seed), "utf-8-sig")], by=TEST
    )
    assert report.refused == ()
    export_registry(first, tmp_path / "out", form)
    again = import_registry(second, [tmp_path / "out"], by=TEST)
    assert again.refused == ()
    assert again.total("added") == report.total("added")
    here, there = tmp_path / "here", tmp_path / "there"
    export_registry(first, here)
    export_registry(second, there)
    assert {path.name: path.read_bytes() for path in here.iterdir()} == {
        path.name: path.read_bytes() for path in there.iterdir()
    }
    unchanged = import_registry(first, [tmp_path / "out"], by=TEST)
    assert unchanged.total("unchanged") == report.total("added")
    first.dispose()
    second.dispose()


def test_both_servers_export_the_same_bytes(
    books: Engine, sqlite_books: Engine, tmp_path: Path
) -> None:
    folder = write_city(tmp_path / "city", city())
    for name, engine in (("a", books), ("b", sqlite_books)):
        import_registry(engine, [folder], by=TEST)
        export_registry(engine, tmp_path / name)
    for kind in KINDS:
        file = f"{kind.name}.csv"
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_an_empty_registry_exports_headers_that_show_what_is_wanted(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    paths = export_registry(sqlite_books, tmp_path / "out")
    assert [path.name for path in paths] == [f"{kind.name}.csv" for kind in KINDS]
    text = (tmp_path / "out" / "tariffs.csv").read_text(encoding="utf-8-sig")
    assert text == "code,price,currency\n"


def test_a_name_that_looks_like_a_formula_stays_text_in_a_workbook(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    rows = city()
    rows["devices"][0][1] = '=HYPERLINK("http://x")'
    import_registry(sqlite_books, [write_city(tmp_path / "city", rows)], by=TEST)
    [path] = export_registry(sqlite_books, tmp_path, "xlsx")
    cells = [cell for row in openpyxl.load_workbook(path)["devices"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if str(cell.value).startswith("=")] == ["s"]


def test_another_format_or_an_impossible_folder_is_a_wrong_call(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    with pytest.raises(WrongCall, match="allowed: csv, xlsx"):
        export_registry(sqlite_books, tmp_path, "json")
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongCall, match="can't be made"):
        export_registry(sqlite_books, tmp_path / "file" / "out")


def test_more_rows_than_a_sheet_holds_are_a_wrong_call(
    sqlite_books: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_registry(sqlite_books, [write_city(tmp_path / "city", city())], by=TEST)
    monkeypatch.setattr(registry_export, "SHEET_ROWS", 10)
    with pytest.raises(WrongCall, match="14 places are too many for a sheet; export as csv"):
        export_registry(sqlite_books, tmp_path, "xlsx")
