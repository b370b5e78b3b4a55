"""A ledger written anew from its beginning shows in what its runs keep, or in a head kept elsewhere."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from analytics.ledger.damage import Damage
from analytics.ledger.entries import approve
from analytics.ledger.verify import verify
from heatwatch.evaluate.forge import approvals_anew, chained_anew
from store.books.ledger import LedgerEntry, SettlementResult, SettlementRun
from tests.actors import at
from tests.analytics.books import NOW, drafted


@pytest.mark.parametrize(
    ("change", "damage"),
    [
        ("settlement_result SET reason = 'x' WHERE household_id = 13", Damage.RESULTS),
        ("settlement_line SET clause = 'art. 1'", Damage.RESULTS),
        ("frozen_input SET content = x'00' WHERE kind = 'snapshot'", Damage.INPUTS),
        ("frozen_input SET kind = 'other' WHERE kind = 'policy'", Damage.INPUTS),
        ("season SET zone = 'Asia/Urumqi'", Damage.SEASON),
        ("settlement_run SET flush = 4", Damage.RUN),
        ("settlement_run SET approved_by = 'user:Wu'", Damage.ACTOR),
    ],
)
def test_the_kind_of_damage_is_named(books: Engine, change: str, damage: Damage) -> None:
    approve(books, drafted(books), at(NOW))
    with books.begin() as link:
        link.execute(text(f"UPDATE {change}"))
    broken = verify(books)
    assert broken is not None
    assert broken.damage is damage


def _cut(session: Session) -> None:
    """The second run as if it had never been approved."""
    session.execute(text("DELETE FROM ledger_entry WHERE run_id = 2"))
    session.execute(text("UPDATE settlement_run SET state = 'draft' WHERE id = 2"))


def _all_anew(session: Session) -> None:
    """Ten more for H1: in result, run, approval and entry, with every hash as it must be."""
    result = session.scalars(select(SettlementResult).where(SettlementResult.run_id == 1)).first()
    assert result is not None
    result.total += Decimal(10)
    run = session.get_one(SettlementRun, 1)
    run.total += Decimal(10)
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.number == 1)).one()
    entry.amount += Decimal(10)
    entry.body = {**entry.body, "total": str(result.total)}
    session.execute(text("DELETE FROM ledger_entry WHERE run_id = 2"))
    session.execute(text("UPDATE settlement_run SET state = 'draft' WHERE id = 2"))
    approvals_anew(session)
    approval = session.scalars(select(LedgerEntry).where(LedgerEntry.number == 5)).one()
    approval.body = {**approval.body, "entries": {"count": 4, "added": str(run.total)}}
    session.flush()
    chained_anew(session)


@pytest.mark.parametrize("tamper", [_cut, _all_anew])
def test_a_ledger_cut_or_written_anew_as_a_whole_shows_in_a_head_that_was_kept(
    books: Engine, tamper: object
) -> None:
    first = approve(books, drafted(books), at(NOW))
    second = approve(books, drafted(books), at(NOW))
    assert verify(books, heads=[first.head, second.head]) is None
    assert verify(books, 1, [first.head]) is None
    with Session(books) as session, session.begin():
        assert callable(tamper)
        tamper(session)
    assert verify(books) is None
    broken = verify(books, heads=[second.head])
    assert broken is not None
    assert (broken.damage, broken.number) == (Damage.HEAD, 6)
    assert second.head in str(broken.why)
