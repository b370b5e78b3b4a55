"""Every approval is an entry of the chain, also one that changes no sum."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.orm import Session

from analytics.ledger.approval_entry import APPROVAL, COVERED
from analytics.ledger.entries import approve
from analytics.ledger.hashes import GENESIS, entry_hash
from analytics.ledger.verify import COLUMNS, verify
from domain.actor import By, user
from store.books.ledger import LedgerEntry
from tests.analytics.books import NOW, drafted


def approved(books: Engine, reason: str = "") -> int:
    run = drafted(books)
    approve(books, run, By(user("Li Wei"), NOW, reason))
    return run


def approval(books: Engine, run: int) -> LedgerEntry:
    with Session(books) as session:
        return session.scalars(
            select(LedgerEntry).where(LedgerEntry.run_id == run, LedgerEntry.kind == APPROVAL)
        ).one()


def test_an_approval_that_changes_no_sum_is_an_entry_that_says_what_was_approved(
    books: Engine,
) -> None:
    approved(books)
    second = approved(books, "looked at again")
    entry = approval(books, second)
    assert (entry.number, str(entry.amount), entry.household_id) == (6, "0.00", None)
    assert (str(entry.drafted_by), str(entry.approved_by)) == ("user:tester", "user:Li Wei")
    assert entry.body["entries"] == {"count": 0, "added": "0.00"}
    assert entry.body["total"] == "180.00"
    assert entry.body["approval_reason"] == "looked at again"
    assert entry.body["approved_at"] == NOW.isoformat()
    assert COVERED.keys() <= entry.body.keys()
    assert verify(books) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("settlement_run SET approval_reason = 'x' WHERE id = 2", "reason of the approval is x"),
        ("settlement_run SET total = '1.00' WHERE id = 1", "total is 1.00, approved 180.00"),
        ("settlement_run SET results_sha256 = 'x' WHERE id = 1", "hash of the results is x"),
        ("settlement_run SET snapshot_sha256 = 'x' WHERE id = 2", "hash of the snapshot is x"),
        ("settlement_run SET approved_at = '2020-01-01' WHERE id = 2", "time of the approval is"),
        ("settlement_run SET made_at = '2020-01-01' WHERE id = 2", "time of the draft is 2020"),
        ("settlement_run SET rules = 1 WHERE id = 2", "version of the rules is 1, approved"),
        ("settlement_run SET households = 3 WHERE id = 2", "households is 3, approved 4"),
        ("settlement_run SET state = 'draft' WHERE id = 2", "run 2, which is not approved"),
        ("settlement_run SET approved_by = 'user:Wu' WHERE id = 2", "user:tester and user:Wu"),
        ("settlement_result SET reason = 'x' WHERE run_id = 2 AND household_id = 13", "results or"),
        ("settlement_result SET steps = '[]' WHERE run_id = 1 AND household_id = 13", "results or"),
        ("settlement_line SET amount = '9.00' WHERE id = 1", "results or lines of run 1"),
        ("settlement_line SET clause = 'art. 1' WHERE id = 5", "results or lines of run 2"),
        ("frozen_input SET content = x'00' WHERE kind = 'policy'", "the kept policy was changed"),
        ("ledger_entry SET body = '{}' WHERE number = 6", "not what was hashed"),
        ("ledger_entry SET kind = 'refund' WHERE number = 6", "not what was hashed"),
    ],
)
def test_what_an_approval_covers_can_not_be_changed(books: Engine, change: str, why: str) -> None:
    approved(books), approved(books)
    with books.begin() as link:
        link.execute(text(f"UPDATE {change}"))
    broken = verify(books)
    assert broken is not None
    assert why in str(broken.why)
    assert (broken.company, broken.number in (5, 6)) == ("co", True)
    assert broken.kind == ("refund" if "kind =" in change and "ledger" in change else APPROVAL)


def _cut(session: Session) -> None:
    session.execute(delete(LedgerEntry).where(LedgerEntry.number == 6))


def _cut_inside(session: Session) -> None:
    session.execute(delete(LedgerEntry).where(LedgerEntry.number == 5))


def _cut_and_numbered_anew(session: Session) -> None:
    _cut_inside(session)
    session.execute(update(LedgerEntry).where(LedgerEntry.number == 6).values(number=5))


def _exchanged(session: Session) -> None:
    """The bodies of two approvals."""
    one, other = (
        session.scalars(select(LedgerEntry).where(LedgerEntry.number == n)).one() for n in (5, 6)
    )
    one.body, other.body = other.body, one.body


def _reordered(session: Session) -> None:
    """The approval goes before the refunds that it wrote, with hashes as they must be."""
    rows = list(session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)))
    head = GENESIS
    for row in rows:
        row.number += 100
    session.flush()
    for number, row in enumerate([rows[4], *rows[:4], rows[5]], 1):
        row.number, row.previous_hash = number, head
        head = row.hash = entry_hash({key: getattr(row, key) for key in COLUMNS})


@pytest.mark.parametrize(
    ("tamper", "number", "why"),
    [
        (_cut, 6, "the approval of run 2 is missing"),
        (_cut_inside, 5, "entry 5 is missing, the next is 6: the approval of run 1 is not there"),
        (_cut_and_numbered_anew, 5, "does not follow the entry before it"),
        (_exchanged, 5, "its content is not what was hashed"),
        (_reordered, 1, "it wrote 4 entries over 180.00, the chain has 0 over 0.00 of run 1"),
    ],
)
def test_an_approval_removed_exchanged_or_reordered_is_found_at_its_entry(
    books: Engine, tamper: Callable[[Session], None], number: int, why: str
) -> None:
    approved(books), approved(books)
    with Session(books) as session, session.begin():
        tamper(session)
    broken = verify(books)
    assert broken is not None
    assert (broken.number, str(broken.why), broken.kind) == (number, why, APPROVAL)


def test_an_entry_behind_the_approval_of_its_run_is_found(books: Engine) -> None:
    run = approved(books)
    with Session(books) as session, session.begin():
        first = session.scalars(select(LedgerEntry).where(LedgerEntry.number == 1)).one()
        row = {key: getattr(first, key) for key in COLUMNS}
        row |= {"id": 99, "number": 6, "previous_hash": approval(books, run).hash}
        session.add(LedgerEntry(**{**row, "hash": entry_hash(row)}))
    broken = verify(books)
    assert broken is not None
    assert (broken.number, str(broken.why)) == (6, "it stands behind the approval of its run 1")
