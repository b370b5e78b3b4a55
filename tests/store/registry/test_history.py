"""The registry's history, on both servers."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.actor import By, user
from domain.errors import WrongCall
from store.registry.history import history
from store.registry.importing import import_registry
from tests.actors import TEST, WHEN
from tests.store.city import change, city, write_city

LI = By(user("Li Wei"), WHEN, "measured again")


def test_an_edit_is_shown_with_who_why_and_both_values(books: Engine, tmp_path: Path) -> None:
    import_registry(books, [write_city(tmp_path / "a", city())], by=TEST)
    wider = change(city(), "places", "H1", "area_m2", "91")
    import_registry(books, [write_city(tmp_path / "b", wider)], by=LI)
    newest, first = history(books)
    assert (newest.actor, newest.reason, newest.at) == (user("Li Wei"), "measured again", WHEN)
    assert [(e.kind, e.key, e.column, e.before, e.after) for e in newest.edits] == [
        ("places", "H1", "area_m2", "89.50", "91"),
    ]
    assert (first.actor, first.edits, first.details["places"]["added"]) == (TEST.actor, (), 14)
    assert [each.change for each in history(books, "H1")] == [newest.change, first.change]
    assert [each.change for each in history(books, "H2")] == [first.change]
    with pytest.raises(WrongCall, match=r"no row of the registry has the code .H11.*such as H1"):
        history(books, "H11")
    assert [each.change for each in history(books, limit=1)] == [newest.change]


def test_who_added_a_row_is_known_after_any_number_of_edits(books: Engine, tmp_path: Path) -> None:
    import_registry(books, [write_city(tmp_path / "a", city())], by=TEST)
    for i in range(3):
        other = change(city(), "places", "H1", "area_m2", f"9{i}")
        import_registry(books, [write_city(tmp_path / f"b{i}", other)], by=LI)
    found = history(books, "H1")
    assert [str(each.actor) for each in found] == ["user:Li Wei"] * 3 + [str(TEST.actor)]
    assert [len(each.edits) for each in found] == [1, 1, 1, 0]
