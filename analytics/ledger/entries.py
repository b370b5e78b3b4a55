"""The ledger: approved refunds as append-only entries in a hash chain, one chain a company.

An entry's amount is what it adds to what the household is owed, so the entries of a season
sum to its last approved run; a correction names the entry it corrects. Behind them stands the
approval that wrote them, or that wrote none.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from analytics.law.deadlines import Deadline
from analytics.law.policy import of_season
from analytics.ledger.approval import check_approver
from analytics.ledger.approval_entry import approval_entry
from analytics.ledger.as_drafted import refuse_changed_draft
from analytics.ledger.change_faults import refuse_unrecorded
from analytics.ledger.changed_rules import refuse_other_rules
from analytics.ledger.confirmed import refuse_unconfirmed
from analytics.ledger.drafts import allowed_runs
from analytics.ledger.due_days import due_of, due_said
from analytics.ledger.ended_facts import refuse_ended
from analytics.ledger.hashes import GENESIS, VERSION, entry_hash
from analytics.ledger.kept_results import Hashed
from analytics.ledger.postings import CORRECTION, ZERO, Posting, postings
from analytics.ledger.sealed import sealed
from domain.actor import Actor, By
from domain.errors import WrongCall
from domain.language import msg
from store.books.ledger import APPROVED, WHAT_IF, LedgerEntry, SettlementRun
from store.books.registry import Season
from store.evidence.since import last_change


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval wrote."""

    run: int
    already: bool  # it had been approved before, and nothing was done
    refunds: int
    corrections: int
    added: Decimal  # sum of the new entries
    currency: str
    head: str  # hash of the ledger's last entry
    drafted_by: Actor
    approved_by: Actor
    approved_at: datetime | None  # None: before it was kept
    #: By when its refunds are paid: day, clause, whether the days off were published; None: no act says.
    due: dict[str, Any] | None


def approve(
    engine: Engine, run_id: int, by: By, approvals: int = 1, folder: Path | None = None
) -> Approved:
    """Writes a draft's refunds into the ledger, and corrections of what earlier runs said.

    One approver at a time; a second approval of the same run does nothing. With 2 `approvals`
    drafter and approver are different people. Raises WrongCall where they are not, and where
    the run is unknown, older than the season's last approved one, made under another policy
    than the season's own (shipped, or of the `folder`), or no longer what was drafted; and, without
    a reason, where facts that it took have ended or rules that it was computed by have changed since, or
    evidence that no approval has seen was changed unrecorded.
    """
    with Session(engine) as session, session.begin():
        hold_ledger(session)
        run = session.scalar(
            select(SettlementRun).where(SettlementRun.id == run_id).with_for_update()
        )
        last_change(session.connection())  # what is checked below stands until the commit
        if run is None:
            known = session.scalars(select(SettlementRun.id).order_by(SettlementRun.id.desc()))
            raise WrongCall(
                msg(
                    "run {run} is not in the books; {allowed}",
                    run=run_id,
                    allowed=allowed_runs(list(known)),
                )
            )
        company = session.get_one(Season, run.season_id).company_id
        last, head = chain_end(session, company)
        session.refresh(run)
        if run.state == APPROVED:
            return _approved(run, 0, 0, ZERO, head, due_said(session, run), already=True)
        _refuse_what_if(session, run, folder)
        _refuse_older(session, run)
        check_approver(run.id, run.drafted_by, by.actor, approvals)
        refuse_changed_draft(engine, run)
        refuse_unconfirmed(engine, session, run)
        refuse_ended(engine, run, by.reason)
        refuse_other_rules(engine, run, by.reason)
        refuse_unrecorded(engine, run, company, by.reason)
        run.approved_by, run.approved_at, run.approval_reason = by.actor, by.at, by.reason
        entries, kept = _entries(session, run)
        due = due_of(session, run, folder)
        entries.append(approval_entry(session, run, entries, kept, sealed(session, company), due))
        head = chained(entries, by.at, last, head)
        give_place(session, company, entries)
        session.execute(insert(LedgerEntry), entries)
        run.state = APPROVED
        corrections = sum(entry["kind"] == CORRECTION for entry in entries)
        added = sum((entry["amount"] for entry in entries), ZERO)
        return _approved(run, len(entries) - 1 - corrections, corrections, added, head, due)


def _approved(
    run: SettlementRun, refunds: int, corrections: int, added: Decimal, head: str,
    due: Deadline | None, *, already: bool = False,
) -> Approved:  # fmt: skip
    assert run.approved_by is not None  # a check of the table
    return Approved(
        run.id, already, refunds, corrections, added, run.currency, head,
        run.drafted_by, run.approved_by, run.approved_at, due and due._asdict(),
    )  # fmt: skip


def hold_ledger(session: Session) -> None:
    """Nobody else writes into the ledger until this transaction ends.

    Before any row is locked, and before the registry (`store.evidence.since.last_change`): entries lock the
    rows that they name, so that in another order two would wait for each other. SQLite has one lock, which
    the first write takes.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE ledger_entry IN EXCLUSIVE MODE"))


def chain_end(session: Session, company: int) -> tuple[int, str]:
    """(number, hash) of the last entry of a company's chain, or of what the chain goes on from."""
    for chain in (LedgerEntry.company_id == company, LedgerEntry.company_id.is_(None)):
        query = select(LedgerEntry).where(chain).order_by(LedgerEntry.number.desc()).limit(1)
        if (last := session.scalar(query)) is not None:
            return last.number, last.hash
    return 0, GENESIS


def give_place(session: Session, company: int, entries: list[dict[str, Any]]) -> None:
    """The entries' chain and their rows in the table; not hashed, the season says the company."""
    row = session.scalar(select(func.max(LedgerEntry.id))) or 0
    for i, entry in enumerate(entries, 1):
        entry |= {"id": row + i, "company_id": company}


def _refuse_what_if(session: Session, run: SettlementRun, folder: Path | None) -> None:
    season = session.get_one(Season, run.season_id)
    own = of_season(season.policy, folder)
    as_named = (run.policy, run.policy_sha256) == (own.policy.id, own.sha256)
    if run.state == WHAT_IF or not as_named:
        raise WrongCall(
            msg(
                "run {id} is a what-if under policy {policy} ({sha256}); allowed: a "
                "draft under the season's own policy {own} as it is now; make one with: "
                "heatwatch settle draft --season {season}",
                id=run.id,
                policy=run.policy,
                sha256=run.policy_sha256[:12],
                own=season.policy,
                season=season.code,
            )
        )


def _refuse_older(session: Session, run: SettlementRun) -> None:
    newer = session.scalar(
        select(func.max(SettlementRun.id)).where(
            SettlementRun.season_id == run.season_id,
            SettlementRun.state == APPROVED,
            SettlementRun.id > run.id,
        )
    )
    if newer is not None:
        raise WrongCall(
            msg(
                "run {id} is older than run {newer}, which is approved; make a new draft",
                id=run.id,
                newer=newer,
            )
        )


def _entries(session: Session, run: SettlementRun) -> tuple[list[dict[str, Any]], str]:
    """The rows that bring the ledger from what it says to what the run says; the hash of its results."""
    hashed = Hashed()
    entries = [_entry(run, each) for each in postings(session, run, hashed, VERSION)]
    return entries, hashed.sha256()


def chained(entries: list[dict[str, Any]], now: datetime, number: int, head: str) -> str:
    """Gives entries their numbers and hashes behind the chain's end -> the new head."""
    for entry in entries:
        number += 1
        entry |= {"made_at": now.astimezone(UTC), "number": number, "previous_hash": head}
        head = entry["hash"] = entry_hash(entry)
    return head


def _entry(run: SettlementRun, posting: Posting) -> dict[str, Any]:
    return {
        "kind": posting.kind,
        "household_id": posting.household,
        "season_id": run.season_id,
        "run_id": run.id,
        "amount": posting.amount,
        "currency": run.currency,
        "body": posting.body,
        "corrects": posting.corrects,
        "drafted_by": run.drafted_by,
        "approved_by": run.approved_by,
        "version": VERSION,
    }
