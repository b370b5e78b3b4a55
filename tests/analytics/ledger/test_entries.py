"""Books to snapshot, drafts to ledger: frozen, chained, corrected by new entries, told when broken."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.orm import Session

from analytics.law.policy import PolicyFile, parse
from analytics.ledger.drafts import newest, runs
from analytics.ledger.entries import Approved, approve
from analytics.ledger.paying import export
from analytics.ledger.verify import verify
from domain.actor import By
from domain.errors import WrongCall
from domain.language import Text, msg
from store.books import facts
from store.books import registry as reg
from store.books.ledger import LedgerEntry, SettlementRun
from store.registry.importing import import_registry
from tests.actors import at, changing
from tests.analytics.books import NOW, SEASON, add, colder_record, drafted, local
from tests.analytics.law.test_policy import at_20_degrees
from tests.analytics.law.test_policy import text as policy_text

LATER = NOW + timedelta(days=1)


def entries(engine: Engine) -> list[LedgerEntry]:
    with Session(engine) as session:
        return list(session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)))


# -- drafts ---------------------------------------------------------------------------------


# -- the ledger -----------------------------------------------------------------------------


def check_approval(books: Engine) -> None:
    run = drafted(books)
    done = approve(books, run, at(LATER))
    assert (done.refunds, done.corrections, str(done.added)) == (4, 0, "180.00")
    again = approve(books, run, at(LATER))
    assert (again.already, again.refunds, again.head) == (True, 0, done.head)
    assert [(each.number, each.kind) for each in entries(books)] == [
        (1, "refund"), (2, "refund"), (3, "refund"), (4, "refund"), (5, "approval"),
    ]  # fmt: skip
    assert verify(books) is None
    assert newest(books, SEASON).state == "approved"


def test_approving_writes_a_chain_and_approving_twice_does_nothing(books: Engine) -> None:
    check_approval(books)


def test_approving_on_postgresql_writes_the_same(on_postgres: Engine) -> None:
    check_approval(on_postgres)


def test_a_later_run_that_differs_is_a_correction_that_names_the_old_entry(books: Engine) -> None:
    approve(books, drafted(books), at(LATER))
    add(
        books,
        facts.MeasurementRecord(
            room_id=21, at=local(11, 9), celsius=Decimal("13.5"), signed_by="Li; Wu"
        ),
    )
    with changing(books) as session:
        session.execute(delete(facts.Request).where(facts.Request.household_id == 14))
        session.execute(delete(facts.Contract).where(facts.Contract.household_id == 13))
    done = approve(books, drafted(books), at(LATER, reason="taken out by hand"))
    assert (done.refunds, done.corrections, str(done.added)) == (0, 2, "-5.00")
    *new, approval = entries(books)[5:]
    assert approval.body["entries"] == {"count": 2, "added": "-5.00"}
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
    session.execute(delete(LedgerEntry).where(LedgerEntry.number >= 4))


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
    assert [each.kind for each in entries(books)] == ["refund"] * 4 + ["approval"]
    assert verify(books) is None


def test_of_many_approvals_at_once_one_writes(books: Engine) -> None:
    check_two_approvers(books)


def test_of_many_approvals_at_once_on_postgresql_one_writes(on_postgres: Engine) -> None:
    check_two_approvers(on_postgres)


def test_what_an_approval_checks_stands_until_it_is_written(
    on_postgres: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a fact that is withdrawn between the check and the commit would be paid without a reason."""
    run = drafted(on_postgres)
    with ThreadPoolExecutor(1) as clerk:
        later: list[Future[None]] = []

        def check(*_: object) -> None:
            later.append(clerk.submit(add, on_postgres, colder_record()))
            with pytest.raises(NotYet):
                later[0].result(0.5)

        monkeypatch.setattr("analytics.ledger.entries.refuse_ended", check)
        approve(on_postgres, run, at(LATER))
        later[0].result(10)


@pytest.mark.parametrize("engine", ["books", "on_postgres"])
def test_an_import_that_began_before_an_approval_is_in_the_books_before_it(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Else it would be judged by what was approved then, and written behind the approval without a reason."""
    books: Engine = request.getfixturevalue(engine)
    run, path = drafted(books), tmp_path / "series.csv"
    path.write_text(
        "device,channel,role,place,interval_s,since,until\n"
        "d1,t,room_temperature,H1-bed,900,2024-01-01T00:00Z,2025-01-05T00:00Z\n"
    )
    with ThreadPoolExecutor(1) as approver:
        waiting: list[Future[Approved]] = []

        def judged(what: Text, *_: int) -> None:
            if what == msg("checked"):
                waiting.append(approver.submit(approve, books, run, at(LATER)))
                with pytest.raises(NotYet):
                    waiting[0].result(0.5)

        report = import_registry(books, [path], by=at(LATER), progress=judged)
        assert not report.refused
        with pytest.raises(WrongCall, match="series d1 / t"):
            waiting[0].result(10)


@pytest.mark.parametrize("writer", ["approve", "export"])
def test_who_waits_for_the_ledger_keeps_nobody_from_a_row(on_postgres: Engine, writer: str) -> None:
    """Entries lock season and run, which they name: two writers would wait for each other for good."""
    run = drafted(on_postgres)
    if writer == "export":
        approve(on_postgres, run, at(LATER))
    with ThreadPoolExecutor(1) as clerk, on_postgres.connect() as link:
        link.execute(text("LOCK TABLE ledger_entry IN EXCLUSIVE MODE"))
        done = clerk.submit(
            approve if writer == "approve" else _export, on_postgres, run, at(LATER)
        )
        with pytest.raises(NotYet):
            done.result(0.5)
        for row in ("season", f"settlement_run WHERE id = {run}"):
            link.execute(text(f"SELECT 1 FROM {row} FOR KEY SHARE NOWAIT"))
        link.rollback()
        done.result(10)


def _export(books: Engine, _run: int, by: By) -> None:
    export(books, SEASON, by, lambda _: None, lambda *_: "")


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
    changed = parse(policy_text().encode() + b"\n", "mine.toml")
    assert changed.policy.id == "CN-HA-2018"
    with pytest.raises(WrongCall, match="is a what-if"):
        approve(books, what_if(books, changed), at(LATER))


def test_a_draft_whose_season_has_another_policy_since_is_refused(books: Engine) -> None:
    run = drafted(books)
    with changing(books) as session:
        session.execute(update(reg.Season).values(policy="CN-HA-LY-2018"))
    with pytest.raises(WrongCall, match="allowed: a draft under the season's own policy"):
        approve(books, run, at(LATER))
