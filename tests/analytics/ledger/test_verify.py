"""The ledger shows a changed actor; `test_entries` has the other ways to break it."""

import pytest
from sqlalchemy import Engine, text

from analytics.ledger.entries import approve
from analytics.ledger.verify import verify
from tests.actors import at
from tests.analytics.books import NOW, drafted


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
