"""A draft that was changed in the books is not approved; nothing of it is written."""

import pytest
from sqlalchemy import Engine, text

from analytics.ledger.draft_hash import is_as_drafted
from analytics.ledger.entries import approve
from analytics.ledger.verify import verify
from domain.errors import WrongCall
from tests.actors import at, changing
from tests.analytics.books import NOW, drafted


@pytest.mark.parametrize(
    "changes",
    [
        ("settlement_result SET total = '9050.00' WHERE id = 1", "settlement_run SET total = '9180.00'"),
        ("settlement_run SET total = '9180.00'",),
        ("settlement_run SET households = households + 1",),
        ("settlement_run SET undetermined = undetermined + 1",),
        ("settlement_result SET reason = 'no_fee' WHERE id = 1",),
        ("settlement_result SET steps = '[]' WHERE id = 1",),
        ("settlement_line SET share = '1' WHERE id = 1",),
        ("settlement_line SET amount = '9.00' WHERE id = 1",),  # a flat one has nothing else
        ("settlement_result SET steps = replace(steps, '20.00', '21.00') WHERE id = 1",),  # formulas
        ("settlement_line SET clause = 'none' WHERE id = 1",),
        ("frozen_input SET kind = 'policy'",),
        ("settlement_run SET drafted_by = 'user:Zhao'",),
        ("settlement_run SET last_change = 99",),
        ("settlement_run SET made_at = '2026-01-01 00:00:00'",),
        ("settlement_run SET flush = flush + 1",),
        ("settlement_run SET rules = rules - 1",),
        ("settlement_run SET rules = NULL",),
        ("settlement_run SET currency = 'EUR'",),
        ("settlement_run SET drafted_sha256 = NULL, drafted_by = 'user:Zhao'",),
    ],
)  # fmt: skip
def test_a_draft_changed_in_the_books_is_not_approved(
    books: Engine, changes: tuple[str, ...]
) -> None:
    run = drafted(books)
    with books.begin() as link:
        for each in changes:
            link.execute(text(f"UPDATE {each}"))
    with pytest.raises(WrongCall, match="was changed after it was drafted"):
        approve(books, run, at(NOW))
    with books.connect() as link:
        assert link.execute(text("SELECT count(*) FROM ledger_entry")).scalar() == 0
        assert link.execute(text("SELECT state FROM settlement_run")).scalar() == "draft"


def test_a_what_if_does_not_become_a_draft(books: Engine) -> None:
    run = drafted(books)
    with books.begin() as link:
        link.execute(text("UPDATE settlement_run SET state = 'what_if'"))
    assert not is_as_drafted(books, run)


def test_a_draft_with_a_result_removed_is_not_approved(books: Engine) -> None:
    run = drafted(books)
    with books.begin() as link:
        link.execute(text("DELETE FROM settlement_line WHERE result_id = 1"))
        link.execute(text("DELETE FROM settlement_result WHERE id = 1"))
    with pytest.raises(WrongCall, match="was changed after it was drafted"):
        approve(books, run, at(NOW))


def test_a_household_that_has_another_code_by_now_is_approved_all_the_same(books: Engine) -> None:
    run = drafted(books)
    with changing(books) as session:
        session.execute(text("UPDATE place SET code = 'H1-new' WHERE code = 'H1'"))
    approve(books, run, at(NOW))
    assert verify(books) is None
