"""The ledger shows a changed actor; `test_entries` has the other ways to break it."""

import pytest
from sqlalchemy import Engine, text

from analytics.ledger.entries import approve
from analytics.ledger.verify import verify
from store.books.registry import Place
from tests.actors import at
from tests.analytics.books import NOW, add, drafted


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("ledger_entry SET approved_by = 'user:Wu' WHERE number = 2", "not what was hashed"),
        ("ledger_entry SET drafted_by = 'user:Wu' WHERE number = 2", "not what was hashed"),
        ("ledger_entry SET version = 1 WHERE number = 2", "not what was hashed"),
        ("settlement_run SET approved_by = 'user:Wu'", "run 1 says user:tester and user:Wu"),
        ("settlement_run SET drafted_by = 'user:Wu'", "run 1 says user:Wu and user:tester"),
    ],
)
def test_a_changed_actor_breaks_the_ledger(books: Engine, change: str, why: str) -> None:
    approve(books, drafted(books), at(NOW))
    assert verify(books) is None
    with books.begin() as link:
        link.execute(text(f"UPDATE {change}"))
    broken = verify(books)
    assert broken is not None
    assert why in str(broken.why)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("DELETE FROM settlement_run", "its run 1 is not in the books"),
        ("DELETE FROM season", "its season is not in the books"),
        ("UPDATE ledger_entry SET body = '{' WHERE number = 2", "of table ledger_entry can't be"),
        ("UPDATE ledger_entry SET amount = 'x' WHERE number = 2", "of table ledger_entry can't be"),
        ("UPDATE ledger_entry SET made_at = 'x' WHERE number = 2", "ledger_entry can't be"),
        ("UPDATE settlement_run SET approved_by = 'nobody:'", "of table settlement_run can't be"),
        ("UPDATE settlement_run SET total = ''", "of table settlement_run can't be"),
        (
            "UPDATE settlement_result SET steps = '[' WHERE id = 2",
            "row 2 of table settlement_result",
        ),
        ("UPDATE settlement_line SET amount = '-' WHERE id = 1", "row 1 of table settlement_line"),
    ],
)
def test_rows_that_are_gone_or_hold_no_values_break_the_ledger(
    books: Engine, change: str, why: str
) -> None:
    approve(books, drafted(books), at(NOW))
    _behind_its_back(books, change)
    broken = verify(books)
    assert broken is not None
    assert why in str(broken.why)


def test_the_chain_of_a_company_whose_place_is_gone_is_checked_all_the_same(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    _behind_its_back(books, "DELETE FROM place WHERE kind = 'company'")
    assert verify(books) is None
    _behind_its_back(books, "UPDATE ledger_entry SET amount = '1.00' WHERE number = 2")
    broken = verify(books)
    assert broken is not None
    assert (broken.number, str(broken.why)) == (2, "its content is not what was hashed")


def test_a_company_with_neither_season_nor_entry_holds(books: Engine) -> None:
    add(books, Place(id=900, code="new-co", kind="company", name="新热力", since=NOW))
    assert verify(books, 900) is None


def _behind_its_back(books: Engine, change: str) -> None:
    """Changes the file as another program would, that minds no foreign keys."""
    with books.connect() as link:
        held = link.connection.driver_connection
        assert held is not None
        held.execute("PRAGMA foreign_keys = OFF")
        held.execute("PRAGMA ignore_check_constraints = ON")
        link.execute(text(change))
        link.commit()
        held.execute("PRAGMA foreign_keys = ON")
