"""An approval says by when its refunds are paid, also when it is looked at again."""

from datetime import date

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from analytics.ledger.approval_entry import APPROVAL
from analytics.ledger.due_days import due_fault, due_of, due_said
from analytics.ledger.entries import approve
from analytics.ledger.verify import verify
from store.books import registry as reg
from store.books.cells import write
from store.books.changes import RegistryEdit
from store.books.ledger import LedgerEntry, SettlementRun
from tests.actors import at, changing
from tests.analytics.books import NOW, drafted, local


@pytest.fixture
def approved(books: Engine) -> Engine:
    done = approve(books, drafted(books), at(NOW))
    assert done.due is not None
    assert done.due["day"] == date(2025, 5, 15), "two months after the last day, 15 March"
    return books


def test_an_approval_that_was_made_before_says_the_same_day(approved: Engine) -> None:
    again = approve(approved, 1, at(NOW))
    assert again.already
    assert again.due is not None
    assert (again.due["day"], again.due["clause"]) == (date(2025, 5, 15), "art. 21 ¶2")
    with Session(approved) as session:
        run = session.get_one(SettlementRun, 1)
        assert due_said(session, run) == due_of(session, run)


def test_a_season_whose_end_was_changed_by_a_recorded_change_holds(approved: Engine) -> None:
    with changing(approved) as session:
        season = session.get_one(reg.Season, 1)
        was, season.until = season.until, local(2, month=4)
        session.flush()
        session.add(
            RegistryEdit(
                change_id=season.change_id, kind="seasons", key=season.code, column="until",
                before=write(was), after=write(season.until),
            )
        )  # fmt: skip
    assert verify(approved) is None


@pytest.mark.parametrize(
    ("version", "due", "faulty"),
    [
        (4, {}, False),  # from before it was written
        (5, {}, True),
        (5, {"due": None}, True),
        (5, {"due": {"day": "2025-05-12", "clause": "art. 21 ¶2", "published": True}}, True),
        (5, {"due": {"day": "2025-05-12", "clause": "art. 21 ¶2", "published": False}}, False),
    ],
)
def test_a_day_that_the_act_does_not_say_is_a_fault_unless_days_off_were_published_since(
    approved: Engine, version: int, due: dict[str, object], faulty: bool
) -> None:
    with Session(approved) as session:
        entry = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == APPROVAL)).one()
        body = {name: value for name, value in entry.body.items() if name != "due"}
        entry.version, entry.body = version, {**body, **due}
        assert bool(due_fault(session, session.get_one(SettlementRun, 1), entry)) is faulty


def test_a_policy_that_is_kept_no_more_leaves_the_seasons_own(approved: Engine) -> None:
    with approved.begin() as link:
        link.execute(text("UPDATE settlement_run SET policy_sha256 = 'gone'"))
    with Session(approved) as session:
        found = due_of(session, session.get_one(SettlementRun, 1))
        assert found is not None
        assert found.day == date(2025, 5, 15)
