"""Where a season's refunds stand in the books."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analytics.law.deadlines import due
from analytics.ledger.postings import POSTED
from cases.kinds.measurement import NAME as MEASUREMENT
from domain.tree import PlaceKind
from domain.workdays import WorkDays
from reports.figures.views import Refunds
from reports.report import Sources
from store.books.ledger import WHAT_IF, LedgerEntry, SettlementResult, SettlementRun
from store.books.run_rows import rows_of
from store.books.watch import CaseTask


def refunds(sources: Sources, now: datetime, zone: str) -> Refunds:
    """Of the report's season in its zone, and the company's open measurement tasks."""
    last = (sources.season.until - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    limit = due(sources.policy.settle, last, WorkDays(zone))
    with Session(sources.books) as session:
        runs = select(SettlementRun).where(SettlementRun.season_id == sources.season_id)
        runs = runs.where(SettlementRun.state != WHAT_IF)
        run = session.scalar(runs.order_by(SettlementRun.id.desc()).limit(1))
        amounts = select(LedgerEntry.amount).where(
            LedgerEntry.season_id == sources.season_id, LedgerEntry.kind.in_(POSTED)
        )
        owed = select(func.count()).where(
            rows_of(session, run.id if run else -1), SettlementResult.total != "0.00"
        )
        tasks = _open_tasks(session, sources)
        return Refunds(
            draft=run.id if run else None,
            state=run.state if run else None,
            draft_data_version=run.flush if run else None,
            households=session.scalar(owed) or 0,
            total=run.total if run else Decimal("0.00"),
            undetermined=run.undetermined if run else 0,
            approved=sum(session.scalars(amounts), Decimal("0.00")),
            currency=run.currency if run else sources.policy.currency,
            open_tasks=len(tasks),
            overdue_tasks=sum(at is not None and at < now for at in tasks),
            due=None if limit is None else limit.day,
            due_clause="" if limit is None else limit.clause,
            due_published=limit is None or limit.published,
        )


def _open_tasks(session: Session, sources: Sources) -> list[datetime | None]:
    """When the company's open measurement tasks are due; None: the act sets no limit."""
    homes = set(sources.network.of_kind(PlaceKind.HOUSEHOLD).tolist())
    query = select(CaseTask.household_id, CaseTask.due_at)
    query = query.where(CaseTask.kind == MEASUREMENT, CaseTask.done_at.is_(None))
    rows = session.execute(query)
    return [due for home, due in rows if home in homes]
