"""One thing has one code, in whatever width or composition a file writes it."""

import unicodedata
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from store.books.registry import Place
from store.registry.export import export_registry
from store.registry.importing import import_registry
from store.registry.report import ImportReport
from tests.actors import TEST
from tests.store.city import City, city_without_runs, write_city


def brought(books: Engine, folder: Path, rows: City) -> ImportReport:
    return import_registry(books, [write_city(folder, rows)], by=TEST)


def codes(books: Engine) -> set[str]:
    with books.connect() as link:
        return set(link.scalars(select(Place.code)))


def test_a_city_in_full_width_and_apart_is_the_same_city(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    rows = city_without_runs()
    assert brought(sqlite_books, tmp_path / "a", rows).refused == ()
    before = codes(sqlite_books)
    wide = city_without_runs()
    for row in wide["places"]:
        row[0], row[2] = row[0].replace("H1", "Ｈ１"), row[2].replace("H1", "Ｈ１")
        row[2] = "\u3000Ｓ１\u00a0" if row[2] == "S1" else row[2]
    wide["requests"][0][0] = "Ｈ１"
    report = brought(sqlite_books, tmp_path / "b", wide)
    assert report.refused == ()
    assert report.total("added") == report.total("changed") == 0
    assert report.made_plain == 7  # four rows of H1 and below, two stations of S1, the request
    assert codes(sqlite_books) == before


def test_marks_apart_from_their_letters_are_composed(sqlite_books: Engine, tmp_path: Path) -> None:
    rows = {"places": city_without_runs()["places"][1:2]}
    rows["places"][0][0] = unicodedata.normalize("NFD", "Wärme")
    assert brought(sqlite_books, tmp_path / "a", rows).made_plain == 1
    assert codes(sqlite_books) == {"Wärme"}


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("de\u200bmo", r"'de\u200bmo'"),
        ("demo\ufeff", r"'demo\ufeff'"),
        ("\u202edemo", r"'\u202edemo'"),
        ("de\u00a0mo", r"'de\xa0mo'"),
        ("de\u3000mo", r"'de\u3000mo'"),
    ],
)
def test_a_code_with_what_cannot_be_seen_is_refused_and_shown_escaped(
    sqlite_books: Engine, tmp_path: Path, code: str, shown: str
) -> None:
    rows = {"places": city_without_runs()["places"][1:2]}
    rows["places"][0][0] = code
    (row,) = brought(sqlite_books, tmp_path / "a", rows).refused
    assert f"places.csv row 2, code = {shown}: a code has no blanks" in str(row)


def test_two_codes_that_come_to_one_are_both_refused_even_where_the_rows_are_equal(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    row = city_without_runs()["places"][1]
    twice = {"places": [row, ["ｄｅｍｏ", *row[1:]]]}
    assert [str(each) for each in brought(sqlite_books, tmp_path / "a", twice).refused] == [
        "places.csv row 2, code = 'demo': is the same code as 'ｄｅｍｏ' in places.csv row 3, demo; keep one",
        "places.csv row 3, code = 'ｄｅｍｏ': is the same code as 'demo' in places.csv row 2, demo; keep one",
    ]
    assert codes(sqlite_books) == set()


def test_a_code_that_the_registry_has_in_full_width_stays_and_its_files_import_again(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    brought(sqlite_books, tmp_path / "a", city_without_runs())
    with sqlite_books.begin() as link:  # of a version that kept it so
        link.exec_driver_sql("UPDATE place SET code = 'Ｈ１' WHERE code = 'H1'")
    export_registry(sqlite_books, tmp_path / "out")
    report = import_registry(sqlite_books, [tmp_path / "out"], by=TEST)
    assert report.refused == ()
    assert report.total("added") == report.total("changed") == report.made_plain == 0


def test_names_of_devices_stay_as_the_devices_say_them(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    report = brought(sqlite_books, tmp_path / "a", {"devices": [["Ｄ１", "", "true"]]})
    assert (report.refused, report.made_plain) == ((), 0)
