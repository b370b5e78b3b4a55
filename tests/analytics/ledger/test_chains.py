"""Each company has its own chain; what stands in one chain from before stays, and is gone on from."""

from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from analytics.ledger.entries import approve, chain_end
from analytics.ledger.hashes import GENESIS, entry_hash
from analytics.ledger.verify import COLUMNS, verify
from domain.actor import user
from heatwatch.services.settling import draft
from heatwatch.wiring import World
from store.books.ledger import LedgerEntry, SettlementRun
from store.books.migrate import script_directory
from tests.actors import at
from tests.tiny import NOW
from tests.two_companies import SECOND_SEASON, both

SEASONS = ("2025-26", SECOND_SEASON)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Both companies' seasons are approved."""
    world = both(tmp_path).together
    for season in SEASONS:
        made = draft(world, season, user("tester"))
        approve(world.books, made.run, at(NOW, "approver"))
    return world


def entries(world: World, company: int) -> list[LedgerEntry]:
    query = select(LedgerEntry).where(LedgerEntry.company_id == company)
    with Session(world.books) as session:
        return list(session.scalars(query.order_by(LedgerEntry.number)))


def test_each_company_has_a_chain_from_its_own_beginning(world: World) -> None:
    for company in (1, 101):
        first, approval = entries(world, company)
        assert (first.number, first.previous_hash) == (1, GENESIS)
        assert (approval.kind, approval.household_id) == ("approval", None)
        with Session(world.books) as session:
            assert chain_end(session, company) == (2, approval.hash)
        assert verify(world.books, company) is None
    assert verify(world.books) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("amount = '1.00' WHERE company_id = 101", "not what was hashed"),
        ("number = 7 WHERE company_id = 101 AND number = 1", "entry 1 is missing"),
        ("company_id = 101, number = number + 2 WHERE company_id = 1", "does not follow"),
        ("company_id = NULL WHERE company_id = 101", "entry 3 is missing"),
    ],
    ids=["amount", "number", "moved-into-anothers-chain", "named-no-company"],
)
def test_what_is_wrong_in_one_chain_is_found(world: World, change: str, why: str) -> None:
    with world.books.begin() as link:
        link.execute(text(f"UPDATE ledger_entry SET {change}"))
    broken = verify(world.books)
    assert broken is not None
    assert why in str(broken.why)
    assert broken.company in ("demo", "other")


def test_only_the_chain_of_the_company_that_is_named_is_checked(world: World) -> None:
    with world.books.begin() as link:
        link.execute(text("UPDATE ledger_entry SET amount = '1.00' WHERE company_id = 101"))
    assert verify(world.books, 1) is None
    broken = verify(world.books, 101)
    assert broken is not None
    assert (broken.number, broken.kind) == (1, "refund")


def test_an_entry_under_another_company_than_its_seasons_is_found(world: World) -> None:
    with world.books.begin() as link:
        link.execute(text("UPDATE season SET company_id = 101 WHERE code = '2025-26'"))
    broken = verify(world.books)
    assert broken is not None
    assert str(broken.why) == "its season is another company's"


def test_entries_of_several_companies_in_one_chain_hold_and_are_gone_on_from(world: World) -> None:
    with Session(world.books) as session, session.begin():
        session.execute(delete(LedgerEntry).where(LedgerEntry.kind == "approval"))
        unkept = {"rules": None, "last_change": None, "results_version": None}
        session.execute(update(SettlementRun).values(unkept))  # nobody kept them then
        (first,), (second,) = (
            session.scalars(select(LedgerEntry).where(LedgerEntry.company_id == company)).all()
            for company in (1, 101)
        )
        first.company_id = second.company_id = None
        first.version = second.version = 2  # as before approvals were entries
        second.number = 2
        first.hash = entry_hash({key: getattr(first, key) for key in COLUMNS})
        second.previous_hash = first.hash
        second.hash = entry_hash({key: getattr(second, key) for key in COLUMNS})
        ends = {chain_end(session, company) for company in (1, 101)}
        assert ends == {(2, second.hash)}
    broken = verify(world.books)
    assert broken is not None
    assert (broken.number, broken.kind, broken.company) == (3, "approval", "demo")
    with world.books.begin() as link:  # what the upgrade does
        script_directory().get_revision("0008").module.enter_approvals(link, NOW)
    assert verify(world.books) is None
    with Session(world.books) as session:
        assert [chain_end(session, company)[0] for company in (1, 101)] == [3, 3]
