"""Places that would be another company's, with what is on record of a season of the one they leave."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from store.books.changes import record
from store.books.registry import Place
from store.registry.importing import import_registry
from store.registry.report import ImportReport
from tests.actors import TEST
from tests.store.city import AUTUMN, City, Row, city_without_runs, write_city
from tests.store.registry.imports import said

WHY = replace(TEST, reason="is heated by the other")
OTHER: list[Row] = [
    ["other", "company", "", "", "", "", "", "", AUTUMN, ""],
    ["O1", "source", "other", "", "", "", "", "", AUTUMN, ""],
    ["O1-01", "station", "O1", "", "", "", "", "", AUTUMN, ""],
]
OTHERS_SEASON = [
    "other-2025", "other", "CN-HA-2018", "2025-11-15T00:00:00+08:00", "2026-03-16T00:00:00+08:00",
    "Asia/Shanghai", "",
]  # fmt: skip


class Town:
    """A city of two companies in books."""

    def __init__(self, books: Engine, folder: Path) -> None:
        self.books, self._folder, self._imports = books, folder, count()
        rows = city_without_runs()
        rows["places"] += OTHER
        rows["seasons"].append(OTHERS_SEASON)
        self.places = {row[0]: row for row in rows["places"]}
        assert self.load(rows).clean

    def load(self, rows: City) -> ImportReport:
        files = write_city(self._folder / f"{next(self._imports)}", rows)
        return import_registry(self.books, [files], by=WHY)

    def below(self, parent: str, *codes: str) -> list[Row]:
        """Rows of places that are moved."""
        return [[*self.places[code][:2], parent, *self.places[code][3:]] for code in codes]

    def move(self, parent: str, *codes: str, **more: list[Row]) -> ImportReport:
        return self.load({"places": self.below(parent, *codes), **more})

    def parent(self, code: str) -> str | None:
        above = select(Place.parent_id).where(Place.code == code).scalar_subquery()
        with self.books.connect() as link:
            return link.scalar(select(Place.code).where(Place.id == above))


@pytest.fixture
def town(books: Engine, tmp_path: Path) -> Town:
    return Town(books, tmp_path)


@pytest.mark.parametrize("code", ["H1", "B1", "S1-01"])
def test_a_home_with_a_contract_is_not_moved_below_another_company_nor_is_what_is_above_it(
    town: Town, code: str
) -> None:
    before = town.parent(code)
    parent = "O1" if code == "S1-01" else "O1-01"
    report = town.move(parent, code)
    assert said(report) == [("places.csv", 2, "parent", parent)]
    why = str(report.refused[0].why)
    assert "H1 has contracts of season 2025 of company demo" in why
    assert "allowed: below demo; or withdraw" in why
    assert town.parent(code) == before


def test_inside_its_company_and_without_anything_on_record_it_is_moved(town: Town) -> None:
    assert town.move("S1-02", "B1").clean
    new = ["H9", "household", "B2", *town.places["H3"][3:]]
    town.places["H9"] = new
    assert town.load({"places": [new]}).clean
    contract = ["H9", "other-2025", "", "1410", "CNY", ""]
    assert town.move("O1-01", "H9", contracts=[contract]).clean, "with its contract in one import"
    assert town.parent("H9") == "O1-01"


def test_what_moves_with_a_place_that_stays_is_judged_by_where_it_stays(town: Town) -> None:
    rows = [*town.below("O1-01", "B1"), *town.below("B1", "H3")]
    report = town.load({"places": rows})
    assert [(row, column) for _, row, column, _ in said(report)] == [(2, "parent")]
    assert (town.parent("B1"), town.parent("H3")) == ("S1-01", "B1")


def test_a_request_of_a_home_without_a_contract_is_of_the_season_too(town: Town) -> None:
    asked = ["H3", "2025-12-01T08:00:00+08:00", "phone"]
    assert town.load({"requests": [asked]}).clean
    report = town.move("O1-01", "B2")
    assert "H3 has requests of season 2025 of company demo" in str(report.refused[0].why)


def test_who_bears_the_fee_moves_with_the_home(town: Town) -> None:
    span = ["H3", "2025-12-01T08:00:00+08:00", "", "charged", "Wang", "", "", ""]
    assert town.load({"fee_spans": [span]}).clean
    assert town.move("O1-01", "H3").clean


def test_a_home_that_stands_below_another_company_already_returns_to_that_of_its_contracts(
    town: Town,
) -> None:
    with town.books.begin() as link:
        record(link, TEST, "test")
        above = select(Place.id).where(Place.code == "O1-01").scalar_subquery()
        link.execute(update(Place).where(Place.code == "B1").values(parent_id=above))
    assert town.move("O1", "B1").clean, "it leaves no company"
    assert town.move("S1-01", "B1").clean
    assert town.parent("B1") == "S1-01"
