"""What a run posts: each household from what the ledger says to what the run says."""

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from analytics.ledger import approval_entry, entries
from analytics.ledger.entries import approve
from analytics.ledger.hashes import sha256_of
from analytics.ledger.kept_results import Hashed, kept_sha256
from analytics.ledger.postings import beside, postings, standing
from analytics.ledger.verify import verify
from store.books.ledger import LedgerEntry, SettlementRun
from tests.actors import at
from tests.analytics.books import NOW, add, colder_record, drafted, without_contract
from tests.plans import plans_of


def test_two_streams_stand_beside_each_other_by_key() -> None:
    left, right = [(1, "a"), (3, "c"), (4, "d")], [(2, "B"), (3, "C")]
    assert list(beside(iter(left), iter(right))) == [
        (1, "a", None), (2, None, "B"), (3, "c", "C"), (4, "d", None),
    ]  # fmt: skip
    assert list(beside(iter(left[:0]), iter(right[:0]))) == []


def test_a_first_run_posts_refunds_by_the_names_of_their_households(books: Engine) -> None:
    run, hashed = drafted(books), Hashed()
    with Session(books) as session:
        found = list(postings(session, session.get_one(SettlementRun, run), hashed))
        assert hashed.sha256() == kept_sha256(session, run)
    assert [(each.kind, each.body["household"], str(each.amount)) for each in found] == [
        ("refund", "H1", "50.00"), ("refund", "H2", "100.00"), ("refund", "H3", "15.00"),
        ("refund", "H4", "15.00"),
    ]  # fmt: skip
    assert [each.body["name"] for each in found] == ["H1", "H2", "H3", "H4"]


def test_a_correction_says_what_differs_on_which_days(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    add(books, colder_record())
    without_contract(books, 13)
    approve(books, drafted(books), at(NOW, reason="taken out by hand"))
    with Session(books) as session:
        query = select(LedgerEntry).where(LedgerEntry.kind == "correction")
        warmer, gone = session.scalars(query.order_by(LedgerEntry.number))
    assert (warmer.body["before"], warmer.body["total"]) == ("50.00", "60.00")
    (found,) = warmer.body["differences"]
    assert (found["amount"], found["days"]) == ("10.00", ["2025-01-11"])
    assert [each["amount"] for each in gone.body["differences"]] == ["-15.00"]


@pytest.mark.parametrize("version", [5, 6])
def test_the_correction_of_a_household_without_a_contract_is_of_its_own_run(
    books: Engine, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to version 5 it said what the run before had taken; such ledgers still hold."""
    monkeypatch.setattr(entries, "VERSION", version)
    monkeypatch.setattr(approval_entry, "VERSION", version)
    runs = []
    for change in (None, lambda: without_contract(books, 13)):
        if change is not None:
            change()
        runs.append(drafted(books))
        approve(books, runs[-1], at(NOW, reason="taken out by hand"))
    assert verify(books) is None
    with Session(books) as session:
        first, second = (session.get_one(SettlementRun, each) for each in runs)
        query = select(LedgerEntry.body).where(LedgerEntry.kind == "correction")
        body = session.scalars(query).one()
    assert (body["household"], body["reason"], body["name"]) == ("H3", "no_contract", "H3")
    own = (body["snapshot_sha256"], body["undetermined"])
    assert own == ((first if version == 5 else second).snapshot_sha256, False)
    assert (body["steps_sha256"] == sha256_of([])) == (version > 5)


def test_what_the_ledger_says_already_is_not_posted_again(books: Engine) -> None:
    approve(books, drafted(books), at(NOW))
    second = drafted(books)
    with Session(books) as session:
        run = session.get_one(SettlementRun, second)
        assert list(postings(session, run, Hashed())) == []
        session.execute(text("UPDATE settlement_result SET total = '9.00' WHERE run_id = 2"))
        assert len(list(postings(session, run, Hashed()))) == 4


def test_what_stands_is_read_page_by_page_on_an_index(books: Engine) -> None:
    """Each page went through all entries of the season: four times as long for twice the homes."""
    approve(books, drafted(books), at(NOW))
    with Session(books) as session:
        run = session.get_one(SettlementRun, drafted(books))
        with plans_of(session) as plans:
            assert len([*standing(session, run)]) == 4
    assert all("season_id=? AND household_id>?" in plan for plan in plans[:2]), plans
    assert not any("TEMP B-TREE" in plan for plan in plans[:2]), plans
