"""What a run says of itself stays what it was drafted with; its approval changes nothing of that."""

from datetime import timedelta
from importlib import import_module

import pytest
from sqlalchemy import Engine, select, text

from analytics.ledger.draft_hash import is_as_drafted
from analytics.ledger.entries import approve
from tests.actors import at
from tests.analytics.books import NOW, drafted


def test_a_draft_and_its_approval_are_as_drafted(books: Engine) -> None:
    run = drafted(books)
    assert is_as_drafted(books, run)
    approve(books, run, at(NOW + timedelta(days=1)))
    assert is_as_drafted(books, run)


@pytest.mark.parametrize("column", ["households", "undetermined", "results_version"])
def test_a_number_that_is_another_is_not(books: Engine, column: str) -> None:
    run = drafted(books)
    with books.begin() as link:
        link.execute(text(f"UPDATE settlement_run SET {column} = {column} + 1"))
    assert not is_as_drafted(books, run)


def test_runs_from_before_get_the_same_hash_by_their_migration(books: Engine) -> None:
    drafted(books)
    versions = "store.books.migrations.versions"
    script = import_module(f"{versions}.0039_a_draft_has_a_hash_of_its_row")
    with books.connect() as link:
        (row,) = link.execute(select(script.RUN)).mappings()
        assert script.hash_of(row) == row["drafted_sha256"]
