"""What rows of the registry were, step by step, by the values that recorded changes found."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from analytics.ledger.change_faults import change_faults
from store.books.registry import Place, Series
from store.evidence.before import Before
from tests.store.evidence.test_seal import D2, H1, OLD, books, bring

__all__ = ["books"]  # a fixture


def found(books: Engine, table: Any, row: int, after: int = 0) -> list[Mapping[str, str]]:
    """What changes after a change found in a row, the newest first."""
    with books.connect() as link:
        before = Before.of(link, table, after)
        values = link.execute(select(table).where(table.c.id == row)).one()._mapping
        steps = before.changes_of(values)
        assert [*steps] == sorted(steps, reverse=True)
        whole: dict[str, str] = {}
        for each in steps.values():
            whole |= each
        assert before.of_row(values) == whole
        return [*steps.values()]


def test_each_change_says_what_it_found(books: Engine, tmp_path: Path) -> None:
    place = Place.__table__
    assert found(books, place, 11) == []
    bring(books, tmp_path, places=[H1 | {"name": "5-2"}])
    bring(books, tmp_path, places=[H1 | {"name": "5-3", "parent": "B2"}])
    newest, first = found(books, place, 11)
    assert (newest["name"], newest["parent_id"], newest["change_id"]) == ("5-2", "5", "2")
    assert (first["name"], first["change_id"]) == ("H1", "1")
    assert found(books, place, 11, after=2) == [newest]
    assert found(books, place, 12) == []


def test_a_key_of_several_parts_finds_its_row(books: Engine, tmp_path: Path) -> None:
    bring(books, tmp_path, series=[D2 | {"place": "H1-bed", "since": OLD}])
    (step,) = found(books, Series.__table__, 2)
    assert step["place_id"] == "22"


def test_a_channel_that_has_what_stands_between_parts_of_a_key_finds_its_row(
    books: Engine, tmp_path: Path
) -> None:
    """The newest change of it was taken back in no row, and its rows were said to be gone."""
    own = {"channel": "a / b", "place": "H1-bed", "since": OLD}
    bring(books, tmp_path, series=[D2 | own])
    bring(books, tmp_path, series=[D2 | own | {"interval_s": "600"}])
    with books.connect() as link:
        (row,) = link.scalars(select(Series.id).where(Series.channel == "a / b"))
    (step,) = found(books, Series.__table__, row)
    assert step["interval_s"] == "900"
    assert [*change_faults(books)] == []


def test_a_number_that_is_written_otherwise_is_no_change(books: Engine, tmp_path: Path) -> None:
    """Beside a change of its row the cell was written anew, and no change said so."""
    bring(books, tmp_path, places=[H1 | {"area_m2": "65.5"}])
    bring(books, tmp_path, places=[H1 | {"area_m2": "65.50", "name": "Wang"}])
    newest, _ = found(books, Place.__table__, 11)
    assert "area_m2" not in newest
    with books.connect() as link:
        (area,) = link.scalars(select(Place.area_m2).where(Place.id == 11))
    assert str(area) == "65.5"
    assert [*change_faults(books)] == []
