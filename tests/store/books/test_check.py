"""Rows that name rows that are gone, and a file with damaged pages, are named."""

import sqlite3
from pathlib import Path

from store.books.check import faults
from tests.analytics.books import fill
from tests.books import new_books


def test_books_as_they_should_be_have_no_faults(tmp_path: Path) -> None:
    books = new_books(tmp_path / "books.db")
    fill(books)
    assert list(faults(books)) == []
    books.dispose()


def test_rows_that_name_one_that_is_gone_are_counted_by_table(tmp_path: Path) -> None:
    books = new_books(tmp_path / "books.db")
    fill(books)
    with sqlite3.connect(tmp_path / "books.db") as link:
        link.execute("DELETE FROM device WHERE id IN (1, 2)")
    (found,) = faults(books)
    assert str(found) == "2 rows of table series name a row of table device that is gone"
    books.dispose()


def test_a_damaged_page_is_named_with_how_to_fix_it(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    books = new_books(path)
    fill(books)
    with books.connect() as link:
        page = link.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_place_kind'"
        ).scalar_one()
        size = link.exec_driver_sql("PRAGMA page_size").scalar_one()
    books.dispose()  # the last one to leave puts everything into the file
    with path.open("r+b") as file:
        file.seek((page - 1) * size + size - 40)
        file.write(b"\xff" * 40)
    found = [str(each) for each in faults(books)]
    assert found
    assert all("store.books is damaged" in each and "back from a copy" in each for each in found)
    books.dispose()
