"""What the database has that heatwatch did not make is found; new books have nothing of it."""

import pytest
from sqlalchemy import Engine, insert, text

from store.books.changes import record
from store.books.facts import Tariff
from store.books.foreign import lost_numbers, odd_times, of_no_change, programs
from store.books.registry import Feed
from tests.actors import TEST

RECORD = "INSERT INTO change_record (id, actor, at, action, reason, files, details) VALUES"


@pytest.fixture
def written(books: Engine) -> Engine:
    with books.begin() as link:
        record(link, TEST, "test")
        link.execute(insert(Feed).values(code="a", live=True))
    return books


def test_new_books_have_nothing_foreign(written: Engine) -> None:
    with written.connect() as link:
        assert programs(link) == []
        assert [*of_no_change(link)] == []
        assert [*lost_numbers(link)] == []


@pytest.mark.parametrize("number", [0, -1])
def test_rows_of_a_number_that_no_change_has_are_counted(written: Engine, number: int) -> None:
    with written.begin() as link:
        link.execute(
            text(f"{RECORD} ({number}, 'user:Wu', '2025-01-01 00:00:00', 'x', '', '[]', '{{}}')")
        )
    with written.connect() as link:
        assert dict(of_no_change(link)) == {"change_record": 1}


def test_a_number_that_was_rolled_back_is_not_lost(written: Engine) -> None:
    with written.connect() as link, link.begin() as transaction:
        record(link, TEST, "test")
        transaction.rollback()
    with written.connect() as link:
        assert [*lost_numbers(link)] == []


def test_an_end_that_no_change_behind_the_row_made_is_counted(written: Engine) -> None:
    with written.begin() as link:
        link.execute(insert(Tariff).values(code="home", price="22", currency="CNY", change_id=1))
    with written.begin() as link:
        link.execute(text("UPDATE tariff SET ended_id = change_id"))
    with written.connect() as link:
        assert dict(of_no_change(link)) == {"tariff": 1}


@pytest.mark.parametrize(
    "text_of_it", ["20250109T160000", "2025-01-09 16:00:00", "2025-01-09T16:00:00.000000"]
)
def test_a_time_in_another_form_is_counted(sqlite_books: Engine, text_of_it: str) -> None:
    """It is the same instant, and stood outside of the season for the query that asks."""
    with sqlite_books.begin() as link:
        record(link, TEST, "test")
    with sqlite_books.connect() as link:
        assert [*odd_times(link)] == []
    with sqlite_books.begin() as link:
        link.execute(text(f"UPDATE change_record SET at = '{text_of_it}'"))
    with sqlite_books.connect() as link:
        assert [*odd_times(link)] == [("change_record", "at", 1)]
