"""By when an approved run's refunds are paid: as its approval wrote it, and whether that still fits."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.law.deadlines import Deadline, due
from analytics.law.policy import PolicyFile, of_season, parse
from analytics.ledger import frozen_inputs as inputs
from analytics.ledger.hashes import DUE
from domain.language import Text, msg
from domain.time import Span
from domain.workdays import WorkDays
from store.books.changes import RegistryEdit
from store.books.ledger import LedgerEntry, SettlementRun
from store.books.registry import Season


def due_of(session: Session, run: SettlementRun, folder: Path | None = None) -> Deadline | None:
    """Under the policy that was kept with the run; None where its act sets no limit."""
    season = session.get_one(Season, run.season_id)
    last = (season.until - timedelta(microseconds=1)).astimezone(ZoneInfo(season.zone)).date()
    span = Span(season.since, season.until)
    law = _policy(session, run, season, folder).policy.in_season(span, season.zone)
    return due(law.settle, last, WorkDays(season.zone))


def _policy(
    session: Session, run: SettlementRun, season: Season, folder: Path | None
) -> PolicyFile:
    try:
        kept = inputs.raw(session, inputs.POLICY, run.policy_sha256)
    except inputs.Unkept:  # of a run from before, or changed since: `settle verify` says so
        return of_season(season.policy, folder)
    return parse(kept, f"policy {run.policy_sha256[:12]}", kept=True)


def due_written(deadline: Deadline | None) -> dict[str, Any] | None:
    """As an approval's body writes it."""
    return None if deadline is None else {**deadline._asdict(), "day": deadline.day.isoformat()}


def due_said(session: Session, run: SettlementRun) -> Deadline | None:
    """What the approval of an approved run says; None: of no day, or it is from before that was written."""
    entry = LedgerEntry
    query = select(entry.body).where(entry.run_id == run.id, entry.kind == "approval")
    said = (session.scalar(query) or {}).get("due")
    return None if said is None else Deadline(**{**said, "day": date.fromisoformat(said["day"])})


def due_fault(session: Session, run: SettlementRun, entry: LedgerEntry) -> Text | None:
    """What an approval says of the day by which its refunds are paid that its act does not; None: nothing.

    Days off that were published since may have moved it; a season's recorded change of end as well.
    """
    if entry.version < DUE:
        return None
    found, now = entry.body.get("due", ""), due_written(due_of(session, run))
    if found == now or _may_have_moved(session, run, found):
        return None
    return msg(
        "the approval of run {run} says that its refunds are paid by {found}, the act says {due}",
        run=run.id, found=_day(found), due=_day(now),
    )  # fmt: skip


def _may_have_moved(session: Session, run: SettlementRun, found: object) -> bool:
    if isinstance(found, Mapping) and found.get("published") is False:
        return True
    code, edit = session.get_one(Season, run.season_id).code, RegistryEdit
    changed = select(edit.id).where(
        edit.kind == "seasons", edit.key == code, edit.column.in_(("until", "zone"))
    )
    return session.execute(changed.limit(1)).first() is not None


def _day(body: object) -> str:
    return str(body.get("day", "-")) if isinstance(body, Mapping) else "-"
