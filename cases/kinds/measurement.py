"""Measurement tasks: who must go and measure where, and by when.

A task begins with a household's request (Henan art. 27: within 12 h), or with a settlement that
could not tell whether it was cold (regulations.md 7.20). A measurement record in one of the
household's rooms, signed as the act asks, or a refusal by the household, does it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Executable,
    bindparam,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from analytics.law.policy import Policy
from analytics.law.reasons import STILL_COLD
from analytics.ledger.drafts import WHAT_IF
from domain.actor import Actor, By
from domain.errors import WrongCall
from domain.language import msg
from domain.time import Span
from store.books.current import MeasurementRecord, Refusal, Request
from store.books.ledger import SettlementResult, SettlementRun
from store.books.registry import Place
from store.books.watch import MeasurementTask
from store.registry.places import in_company
from store.registry.signatures import signatures

REQUEST, UNDETERMINED = "request", "undetermined"


@dataclass(frozen=True, slots=True)
class Limit:
    """Within what time a policy wants the measurement, and where it says so."""

    within: timedelta
    clause: str

    @classmethod
    def of(cls, policy: Policy) -> "Limit | None":
        """The policy's limit with the clause it comes from, which may be another act's.

        None where the policy has none: nobody is late, so that no task is opened.
        """
        if policy.sla is None or policy.sla.measure_h is None:
            return None
        within = timedelta(hours=float(policy.sla.measure_h))
        return cls(within, policy.sla.measure_clause or policy.sla.clause)


@dataclass(frozen=True, slots=True)
class Task:
    """A task as people see it."""

    id: int
    household: str  # code
    name: str
    address: str
    cause: str  # REQUEST or UNDETERMINED
    cause_at: datetime
    due_at: datetime
    clause: str
    opened_by: Actor
    done_at: datetime | None
    done_by: Actor | None
    done_reason: str
    overdue: bool  # not done and past its limit, or done after it


def open_for_requests(
    engine: Engine,
    span: Span,
    limit: Limit | None,
    by: By,
    homes: Collection[int] | None = None,
) -> int:
    """One task for each request made in `span`, up to the time of `by`, that has none yet.

    `homes` are the household place ids of the season's company; None: all. Answers with how many.
    """
    query = select(Request.household_id, Request.at)
    query = query.where(Request.at >= span.since, Request.at < span.until, Request.at <= by.at)
    with engine.begin() as connection:
        asked = [
            (home, at) for home, at in connection.execute(query) if homes is None or home in homes
        ]
        return _open(connection, asked, REQUEST, limit, by)


def open_for_undetermined(engine: Engine, run: int, limit: Limit | None, by: By) -> int:
    """One task for each household that this settlement run left undetermined.

    A household that waits for a measurement already gets no second task, and a what-if asks
    nobody to measure anything. Nor does one that was known to be cold up to the run, and waits
    only for the season to go on.
    """
    real = select(SettlementRun.id).where(SettlementRun.state != WHAT_IF)
    waiting = select(MeasurementTask.household_id).where(MeasurementTask.done_at.is_(None))
    query = select(SettlementResult.household_id).where(
        SettlementResult.run_id == run,
        SettlementResult.run_id.in_(real),
        SettlementResult.undetermined,
        SettlementResult.reason != STILL_COLD.code,
        SettlementResult.household_id.not_in(waiting),
    )
    with engine.begin() as connection:
        homes = connection.execute(query).scalars().all()
        return _open(connection, [(home, by.at) for home in homes], UNDETERMINED, limit, by)


def _open(
    connection: Connection,
    causes: Sequence[tuple[int, datetime]],
    cause: str,
    limit: Limit | None,
    by: By,
) -> int:
    if limit is None:
        return 0
    stated = select(MeasurementTask.household_id, MeasurementTask.cause_at)
    known = {(home, at) for home, at in connection.execute(stated)}
    rows = [
        {
            "household_id": home,
            "cause": cause,
            "cause_at": at,
            "opened_at": by.at,
            "opened_by": by.actor,
            "due_at": at + limit.within,
            "clause": limit.clause,
        }
        for home, at in dict.fromkeys(causes)
        if (home, at) not in known
    ]
    if rows:
        connection.execute(_insert(connection), rows)
    return len(rows)


def _insert(connection: Connection) -> Executable:
    """An insert that leaves a task alone which another process opened in the meantime."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(MeasurementTask).on_conflict_do_nothing()
    return postgresql.insert(MeasurementTask).on_conflict_do_nothing()


def close_by_evidence(engine: Engine, by: By, company: int | None = None, signed: int = 0) -> int:
    """Tasks with a measurement record or a refusal since their cause are done at its instant.

    Evidence counts up to the time of `by`, who closes them; a record with fewer than `signed`
    signatures is none. `company`: place id; None: of all.
    """
    waiting = MeasurementTask.done_at.is_(None), _of(company)
    with engine.begin() as connection:
        done = _done(connection, waiting, by.at, signed)
        if done:
            mark = update(MeasurementTask).where(MeasurementTask.id == bindparam("task"))
            rows = [{"task": task, "at": at} for task, at in sorted(done.items())]
            connection.execute(mark.values(done_at=bindparam("at"), done_by=by.actor), rows)
    return len(done)


def _done(
    connection: Connection, which: Sequence[ColumnElement[bool]], now: datetime, signed: int
) -> dict[int, datetime]:
    """{task: its first evidence since its cause, up to `now`}, of the tasks that have any."""
    refusals = select(MeasurementTask.id, Refusal.at, literal(None)).join(
        Refusal, Refusal.household_id == MeasurementTask.household_id
    )
    records = select(MeasurementTask.id, MeasurementRecord.at, MeasurementRecord.signed_by)
    records = records.join(Place, Place.parent_id == MeasurementTask.household_id)
    records = records.join(MeasurementRecord, MeasurementRecord.room_id == Place.id)
    done: dict[int, datetime] = {}
    for query, kind in ((refusals, Refusal), (records, MeasurementRecord)):
        since = query.where(*which, kind.at >= MeasurementTask.cause_at, kind.at <= now)
        for task, at, signed_by in connection.execute(since):
            if signed_by is None or signatures(signed_by) >= signed:
                done[task] = min(at, done.get(task, at))
    return done


def finish(engine: Engine, task: int, by: By, company: int | None = None) -> bool:
    """Marks a task as done by somebody at an instant; False where there is no such open task.

    WrongCall where `by` gives no reason and neither a signed measurement record nor a refusal
    shows that somebody was there.
    """
    mine = MeasurementTask.id == task, MeasurementTask.done_at.is_(None), _of(company)
    with engine.begin() as connection:
        if connection.execute(select(MeasurementTask.id).where(*mine)).first() is None:
            return False
        if not by.reason.strip() and not _done(connection, mine, by.at, signed=1):
            raise WrongCall(
                msg(
                    "task {task} has no signed measurement record and no refusal since its cause; "
                    "allowed: import the record first (heatwatch registry import "
                    "measurements.csv), or say why it is done with --reason",
                    task=task,
                )
            )
        mark = update(MeasurementTask).where(*mine)
        done = mark.values(done_at=by.at, done_by=by.actor, done_reason=by.reason)
        return connection.execute(done).rowcount == 1


def tasks(
    engine: Engine, now: datetime, company: int | None = None, *, every: bool = False
) -> list[Task]:
    """Open tasks by their limit, the most urgent first; done ones too where `every`."""
    columns = (
        MeasurementTask.id, Place.code, Place.name, Place.address,
        MeasurementTask.cause, MeasurementTask.cause_at, MeasurementTask.due_at,
        MeasurementTask.clause, MeasurementTask.opened_by,
        MeasurementTask.done_at, MeasurementTask.done_by, MeasurementTask.done_reason,
    )  # fmt: skip
    query = select(*columns).join(Place, Place.id == MeasurementTask.household_id)
    query = query.where(_of(company))
    if not every:
        query = query.where(MeasurementTask.done_at.is_(None))
    with engine.connect() as connection:
        found = connection.execute(query.order_by(MeasurementTask.due_at, Place.code))
        rows: list[Any] = list(found)
    names = [each.name for each in fields(Task)][: len(columns)]
    return [
        Task(**dict(zip(names, row, strict=True)), overdue=(row.done_at or now) > row.due_at)
        for row in rows
    ]


def _of(company: int | None) -> ColumnElement[bool]:
    """Tasks of this company's households; None: of all companies."""
    return true() if company is None else in_company(MeasurementTask.household_id, company)
