"""The migrations make what the code says, and a difference is found."""

import pytest
from sqlalchemy import Engine, text

from store.books.revise import differences, write


def test_the_migrations_make_exactly_the_tables_of_the_code(books: Engine) -> None:
    missing = differences(books).upgrade_ops
    assert missing is not None
    assert missing.as_diffs() == []


def test_no_migration_is_written_when_none_is_needed() -> None:
    with pytest.raises(ValueError, match="nothing to write"):
        write("nothing")


def test_a_table_that_no_migration_makes_is_found(books: Engine) -> None:
    with books.begin() as connection:
        connection.execute(text("ALTER TABLE device DROP COLUMN model"))
    missing = differences(books).upgrade_ops
    assert missing is not None
    assert [diff[0] for diff in missing.as_diffs()] == ["add_column"]
