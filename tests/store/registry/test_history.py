"""The registry's history, on both servers."""

from pathlib import Path

from sqlalchemy import Engine

from domain.actor import By, user
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
    assert [each.change for each in history(books, "H1")] == [newest.change]
    assert [each.change for each in history(books, "H2")] == [first.change]
    assert history(books, "nobody") == []
    assert [each.change for each in history(books, limit=1)] == [newest.change]
