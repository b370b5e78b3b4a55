"""The places of a company, and those that have left it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.actor import By
from store.evidence.networks import network_since
from store.evidence.since import Since, last_change
from store.registry.importing import import_registry
from store.registry.places import tree
from tests.actors import TESTER, WHEN
from tests.store.city import AUTUMN, Row, city_without_runs, write_city

OTHER: list[Row] = [
    ["other", "company", "", "", "", "", "", "", AUTUMN, ""],
    ["O1", "station", "other", "", "", "", "", "", AUTUMN, ""],
    ["O2", "building", "O1", "", "", "", "", "", AUTUMN, ""],
    ["O3", "household", "O2", "", "", "", "", "", AUTUMN, ""],
]


@pytest.fixture
def books(sqlite_books: Engine, tmp_path: Path) -> Engine:
    rows = city_without_runs()
    _load(sqlite_books, tmp_path / "first", [*rows["places"], *OTHER])
    return sqlite_books


def _load(books: Engine, folder: Path, places: list[Row]) -> None:
    by = By(TESTER, WHEN, "is there")
    assert import_registry(books, [write_city(folder, {"places": places})], by=by).clean


def _moved(books: Engine, folder: Path, code: str, parent: str) -> Since:
    """Moves a place -> the point before it."""
    own = [*city_without_runs()["places"], *OTHER]
    row = next(each for each in own if each[0] == code)
    with books.begin() as link:
        point = Since(WHEN, last_change(link))
    _load(books, folder / f"{point.change}", [[*row[:2], parent, *row[3:]]])
    return point


def _codes(books: Engine, company: str, since: Since) -> set[str]:
    places = tree(books)
    return {*network_since(books, places, int(places.ids[places.by_code[company]]), since).codes}


def test_what_left_with_what_is_below_it_is_the_company_s_since_the_point_before(
    books: Engine, tmp_path: Path
) -> None:
    before = _moved(books, tmp_path, "B2", "O1")
    after = _moved(books, tmp_path, "B2", "other")
    assert {"B2", "H3", "H3-bed"} <= _codes(books, "demo", before)
    assert not {"B2", "H3", "H3-bed"} & _codes(books, "demo", after)
    assert {"B2", "H3", "H3-bed"} <= _codes(books, "other", after)


def test_what_was_never_its_own_is_not_though_it_stands_where_something_was(
    books: Engine, tmp_path: Path
) -> None:
    before = _moved(books, tmp_path, "B2", "O1")
    _moved(books, tmp_path, "O3", "B2")
    _moved(books, tmp_path, "O3", "O2")
    found = _codes(books, "demo", before)
    assert "H3" in found
    assert "O3" not in found


def test_a_home_of_what_left_that_was_moved_behind_it_is_its_own_too(
    books: Engine, tmp_path: Path
) -> None:
    before = _moved(books, tmp_path, "S1-02", "other")
    _moved(books, tmp_path, "H3", "O2")
    assert {"S1-02", "B2", "H3"} <= _codes(books, "demo", before)
