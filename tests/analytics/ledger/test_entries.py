"""Books to snapshot, drafts to ledger: frozen, chained, corrected by new entries, told when broken."""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from analytics.facts.snapshot import take
from analytics.law.policy import PolicyFile, load, parse
from analytics.ledger.drafts import kept, newest, runs
from analytics.ledger.entries import approve
from analytics.ledger.verify import verify
from domain.errors import WrongCall
from store.books import registry as reg
from store.books.ledger import LedgerEntry, SettlementRun
from tests.actors import at, changing
from tests.analytics.books import NOW, SEASON, add, drafted, local, settled
from tests.analytics.law.test_policy import at_20_degrees, text

LATER = NOW + timedelta(days=1)


def entries(engine: Engine) -> list[LedgerEntry]:
    with Session(engine) as session:
        return list(session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)))


# -- the snapshot ---------------------------------------------------------------------------


def test_a_snapshot_takes_contracts_rooms_requests_and_the_outages_above(books: Engine) -> None:
    snapshot = take(books, SEASON, NOW)
    assert snapshot.code == ("H1", "H2", "H3", "H4")
    assert snapshot.room_code == ("H1-bed", "H2-bed", "H3-bed", "H4-bed")  # no bathroom
    assert snapshot.series.columns[0].tolist() == [1, 2, 3, 4]  # 9 is not verified, 1 is
    assert snapshot.consent.tolist() == [False, True, False, False]
    assert snapshot.outages.count().tolist() == [0, 0, 1, 1]
    assert snapshot.requests.count().tolist() == [1, 0, 0, 1]


def test_the_same_books_give_the_same_snapshot_and_any_fact_changes_its_hash(books: Engine) -> None:
    first = take(books, SEASON, NOW).sha256()
    assert take(books, SEASON, NOW).sha256() == first
    add(books, reg.MeasurementRecord(room_id=21, at=local(11, 9), celsius=Decimal("13.5")))
    second = take(books, SEASON, NOW).sha256()
    add(books, reg.UserFault(household_id=11, since=local(12), clause="art. 35", evidence="seen"))
    third = take(books, SEASON, NOW).sha256()
    assert len({first, second, third}) == 3


def test_acts_faults_and_refusals_reach_the_settlement(books: Engine) -> None:
    add(
        books,
        reg.MeasurementRecord(room_id=21, at=local(11, 9), celsius=Decimal("13.5")),
        reg.UserFault(
            household_id=11, since=local(13), until=None, clause="art. 35", evidence="a valve"
        ),
    )
    result = settled(books).results[0]
    assert [(str(line.first), str(line.share)) for line in result.lines] == [
        ("2025-01-10", "1/2"),
        ("2025-01-11", "1"),
        ("2025-01-12", "1/2"),
    ]


@pytest.mark.parametrize(("minutes", "stops"), [(0, 1), (59, 1), (60, 2)])
def test_supply_that_is_back_for_less_than_an_hour_ends_no_stop(
    books: Engine, minutes: int, stops: int
) -> None:
    """Regulations.md 7.9, also where one record is the station's and the other the building's."""
    back = local(20, 18)
    again = back + timedelta(minutes=minutes)
    add(
        books,
        reg.OutageRecord(
            place_id=6, since=again, until=again + timedelta(hours=3), cause="operator"
        ),
    )
    assert take(books, SEASON, NOW).outages.count().tolist() == [0, 0, stops, stops]


def test_facts_after_now_are_not_in_the_snapshot(books: Engine) -> None:
    snapshot = take(books, SEASON, local(5))
    assert snapshot.requests.count().sum() == 0
    assert snapshot.outages.count().sum() == 0


def test_an_unknown_season_names_those_there_are(books: Engine) -> None:
    with pytest.raises(WrongCall, match="'2030' is not known; allowed: 2024-25"):
        take(books, "2030", NOW)


# -- drafts ---------------------------------------------------------------------------------


def test_a_draft_keeps_every_household_with_its_reason_lines_and_steps(books: Engine) -> None:
    run = drafted(books)
    found = {each.household: each for each in kept(books, run)}
    told = {code: (str(each.total), each.reason) for code, each in found.items()}
    assert told == {
        "H1": ("50.00", "paid"),
        "H2": ("100.00", "paid"),
        "H3": ("15.00", "paid"),  # 18 h without heat; the cold without a request pays nothing
        "H4": ("15.00", "paid"),
    }
    assert [line["clause"] for line in found["H3"].lines] == ["art. 25"]
    assert all(each.steps for each in found.values())
    kept_run = newest(books, SEASON)
    assert (kept_run.run, kept_run.state, str(kept_run.total)) == (run, "draft", "180.00")
    assert kept_run.policy_sha256 == load("CN-HA-2018").sha256


def test_contracts_in_two_currencies_are_not_added_up(books: Engine) -> None:
    with changing(books) as session:
        session.execute(update(reg.Contract).where(reg.Contract.id == 1).values(currency="EUR"))
    with pytest.raises(WrongCall, match="CNY, EUR; allowed: one currency"):
        drafted(books)


def test_a_season_without_a_run_says_how_to_make_one(books: Engine) -> None:
    with pytest.raises(WrongCall, match="heatwatch settle draft"):
        newest(books, SEASON)
    drafted(books)
    with pytest.raises(WrongCall, match="has no run 99"):
        newest(books, SEASON, 99)


# -- the ledger -----------------------------------------------------------------------------


def check_approval(books: Engine) -> None:
    run = drafted(books)
    done = approve(books, run, at(LATER))
    assert (done.refunds, done.corrections, str(done.added)) == (4, 0, "180.00")
    again = approve(books, run, at(LATER))
    assert (again.already, again.refunds, again.head) == (True, 0, done.head)
    assert [each.number for each in entries(books)] == [1, 2, 3, 4]
    assert verify(books) is None
    assert newest(books, SEASON).state == "approved"


def test_approving_writes_a_chain_and_approving_twice_does_nothing(books: Engine) -> None:
    check_approval(books)


def test_approving_on_postgresql_writes_the_same(on_postgres: Engine) -> None:
    check_approval(on_postgres)


def test_a_later_run_that_differs_is_a_correction_that_names_the_old_entry(books: Engine) -> None:
    approve(books, drafted(books), at(LATER))
    add(books, reg.MeasurementRecord(room_id=21, at=local(11, 9), celsius=Decimal("13.5")))
    with changing(books) as session:
        session.execute(delete(reg.Request).where(reg.Request.household_id == 14))
        session.execute(delete(reg.Contract).where(reg.Contract.household_id == 13))
    done = approve(books, drafted(books), at(LATER))
    assert (done.refunds, done.corrections, str(done.added)) == (0, 2, "-5.00")
    new = entries(books)[4:]
    assert [(each.kind, each.corrects, str(each.amount)) for each in new] == [
        ("correction", 1, "10.00"),
        ("correction", 3, "-15.00"),
    ]
    assert [each.body["total"] for each in new] == ["60.00", "0.00"]
    assert new[1].body["reason"] == "no_contract"
    assert verify(books) is None


def test_a_later_run_that_agrees_adds_nothing(books: Engine) -> None:
    approve(books, drafted(books), at(LATER))
    done = approve(books, drafted(books), at(LATER))
    assert (done.already, done.refunds, done.corrections) == (False, 0, 0)
    assert verify(books) is None


def test_a_draft_older_than_the_approved_run_is_refused(books: Engine) -> None:
    old, new = drafted(books), drafted(books)
    approve(books, new, at(LATER))
    with pytest.raises(WrongCall, match=f"run {old} is older than run {new}"):
        approve(books, old, at(LATER))


def test_an_unknown_run_is_refused(books: Engine) -> None:
    old, new = drafted(books), drafted(books)
    with pytest.raises(WrongCall, match=f"run 77 is not in the books; allowed: {new}, {old}$"):
        approve(books, 77, at(LATER))


Tamper = Callable[[Session], object]


def _change_amount(session: Session) -> None:
    session.execute(
        update(LedgerEntry).where(LedgerEntry.number == 2).values(amount=Decimal("1.00"))
    )


def _change_body(session: Session) -> None:
    entry = session.get_one(LedgerEntry, 3)
    entry.body = {**entry.body, "reason": "paid twice"}


def _cut_inside(session: Session) -> None:
    session.execute(delete(LedgerEntry).where(LedgerEntry.number == 2))


def _cut_the_end(session: Session) -> None:
    session.execute(delete(LedgerEntry).where(LedgerEntry.number == 4))


def _swap_hash(session: Session) -> None:
    session.execute(
        update(LedgerEntry).where(LedgerEntry.number == 2).values(previous_hash="f" * 64)
    )


@pytest.mark.parametrize(
    ("tamper", "number", "why"),
    [
        (_change_amount, 2, "not what was hashed"),
        (_change_body, 3, "not what was hashed"),
        (_cut_inside, 2, "is missing"),
        (_cut_the_end, 4, "sum to 165.00, run 1 approved 180.00"),
        (_swap_hash, 2, "does not follow"),
    ],
)
def test_tampering_is_found_at_its_entry(
    books: Engine, tamper: Tamper, number: int, why: str
) -> None:
    approve(books, drafted(books), at(LATER))
    with changing(books) as session:
        tamper(session)
    broken = verify(books)
    assert broken is not None
    assert why in str(broken.why)
    assert broken.number == number


def check_two_approvers(books: Engine) -> None:
    """Of many approvals at once one writes, and the chain holds."""
    run = drafted(books)
    done = []
    workers = [
        threading.Thread(target=lambda: done.append(approve(books, run, at(LATER))))
        for _ in range(6)
    ]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(each.refunds for each in done) == [0, 0, 0, 0, 0, 4]
    assert len(entries(books)) == 4
    assert verify(books) is None


def test_of_many_approvals_at_once_one_writes(books: Engine) -> None:
    check_two_approvers(books)


def test_of_many_approvals_at_once_on_postgresql_one_writes(on_postgres: Engine) -> None:
    check_two_approvers(on_postgres)


def test_an_approval_that_fails_leaves_nothing_behind(
    books: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = drafted(books)
    monkeypatch.setattr(
        "analytics.ledger.entries.entry_hash", lambda _: "same"
    )  # hashes must differ
    with pytest.raises(Exception, match="UNIQUE"):
        approve(books, run, at(LATER))
    with Session(books) as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 0
        assert session.get_one(SettlementRun, run).state == "draft"
    assert [each.run for each in runs(books)] == [run]


# -- a what-if is never owed ----------------------------------------------------------------


def warmer() -> PolicyFile:
    return parse(at_20_degrees().encode(), "mine.toml")


def what_if(engine: Engine, policy: PolicyFile) -> int:
    return drafted(engine, policy)


def test_a_what_if_is_refused_by_approve_and_not_taken_for_the_draft(books: Engine) -> None:
    what_if(books, warmer())
    with pytest.raises(WrongCall, match="has no run yet"):
        newest(books, SEASON)
    run, other = drafted(books), what_if(books, warmer())
    assert newest(books, SEASON).run == run
    assert newest(books, SEASON, other).state == "what_if"
    with pytest.raises(WrongCall, match=f"run {other} is a what-if under policy CN-HA-2018-at-20"):
        approve(books, other, at(LATER))
    assert entries(books) == []


def test_the_seasons_policy_with_one_byte_changed_is_a_what_if(books: Engine) -> None:
    changed = parse(text().encode() + b"\n", "mine.toml")
    assert changed.policy.id == "CN-HA-2018"
    with pytest.raises(WrongCall, match="is a what-if"):
        approve(books, what_if(books, changed), at(LATER))


def test_a_draft_whose_season_has_another_policy_since_is_refused(books: Engine) -> None:
    run = drafted(books)
    with changing(books) as session:
        session.execute(update(reg.Season).values(policy="CN-HA-LY-2018"))
    with pytest.raises(WrongCall, match="allowed: a draft under the season's own policy"):
        approve(books, run, at(LATER))
