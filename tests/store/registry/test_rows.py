"""A refused row takes those with it that depend on it, and no others."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from store.books.facts import Contract
from store.books.registry import Device, Place
from store.registry.importing import import_registry
from store.registry.rows import Known
from tests.actors import TEST
from tests.store.city import AUTUMN, change, city, write_city
from tests.store.registry.imports import Import, count, load, said

__all__ = ["load"]  # fixtures


def test_a_refused_row_takes_those_that_depend_on_it_and_no_others(
    books: Engine, load: Import
) -> None:
    report = load(change(city(), "places", "B1", "kind", "house"))
    gone = {each.row: each for each in report.refused if each.file == "places.csv"}
    assert "depends on a refused row: places.csv row 7" in str(gone[9].why)  # H1 below B1
    assert "depends on a refused row: places.csv row 9" in str(gone[2].why)  # its bedroom
    assert report.counts["places"].added == 14 - 7
    assert report.counts["places"].refused == 7
    assert report.counts["series"].added == 1  # the station's
    assert report.counts["contracts"].refused == 2
    assert count(books, Place) == 7
    assert count(books, Device) == 5
    assert count(books, Contract) == 0


def test_a_refused_change_leaves_the_old_row_and_what_hangs_below(
    books: Engine, load: Import
) -> None:
    load(city())
    rows = change(city(), "places", "B1", "since", "never")
    rows["places"].append(["H9", "household", "B1", "", "", "", "", "", AUTUMN, ""])
    report = load(rows)
    assert said(report) == [("places.csv", 7, "since", "never")]
    assert report.counts["places"].added == 1


def test_the_same_row_twice_counts_once(load: Import) -> None:
    rows = city()
    rows["devices"].append(list(rows["devices"][0]))
    report = load(rows)
    assert report.refused == ()
    assert (report.counts["devices"].added, report.counts["devices"].repeated) == (5, 1)


def test_two_rows_that_differ_under_one_code_are_both_refused(load: Import) -> None:
    rows = city()
    rows["devices"].append(["bath", "TH-9", "true"])
    report = load(rows)
    assert [row for file, row, _, _ in said(report) if file == "devices.csv"] == [5, 7]
    assert (
        str(report.refused[0].why)
        == "says something else about bath than devices.csv row 7; keep one"
    )


class Counted(dict[str, int]):
    """Counts how often all of it is looked through."""

    looked = 0

    def items(self) -> Any:
        self.looked += 1
        return super().items()


def test_codes_of_ids_are_found_without_a_look_through_all_for_each() -> None:
    """A file that moved 1,000 homes looked 2,000 times through all places of the city."""
    known, ids = Known(), Counted({f"H{i}": i for i in range(1000)})
    known.ids["places"] = ids
    assert [known.code("places", i) for i in range(1000)] == list(ids)
    assert ids.looked == 1
    ids["H7"], ids["new"] = 2000, 7  # a later version, and a place that was learned since
    assert [known.code("places", i) for i in (2000, 7, 5)] == ["H7", "new", "H5"]
    assert ids.looked == 2
    assert (known.code("places", None), known.code("places", 9999)) == ("", "")


def test_what_needs_a_file_that_was_not_read_says_so(books: Engine, tmp_path: Path) -> None:
    """Its header is wrong: that its codes are unknown is no fault of the others."""
    folder = write_city(tmp_path / "city", city())
    places = folder / "places.csv"
    places.write_text(places.read_text("utf-8").replace("kind", "sort", 1), "utf-8")
    report = import_registry(books, [folder], by=TEST)
    whys = {str(each.why) for each in report.refused if each.file == "series.csv"}
    assert whys == {"depends on places.csv, of which nothing was read"}


def test_a_number_in_full_width_and_one_with_its_columns_unit_are_numbers(
    books: Engine, load: Import
) -> None:
    rows = change(city(), "places", "H1", "area_m2", "６５．５㎡")
    rows = change(rows, "places", "H2", "area_m2", "70 平米")
    report = load(rows)
    assert report.refused == ()
    with Session(books) as session:
        areas = session.scalars(
            select(Place.area_m2).where(Place.code.in_(["H1", "H2"])).order_by(Place.code)
        )
        assert [*areas] == [Decimal("65.5"), Decimal(70)]


def test_a_number_with_another_unit_is_refused(load: Import) -> None:
    report = load(change(city(), "places", "H1", "area_m2", "700 ft2"))
    assert ("area_m2", "700 ft2") in [each[2:] for each in said(report)]
