"""Measurement tasks: who must go and measure where, and by when.

A task begins with a household's request (Henan art. 27: within 12 h), or with a settlement that
could not tell whether it was cold (regulations.md 7.20). A measurement record in one of the
household's rooms, signed as the act asks, or a refusal by the household, does it.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Select, bindparam, select, update

from analytics.law.policy import Policy
from analytics.law.reasons import NOT_BY_MEASUREMENT
from analytics.ledger.drafts import WHAT_IF
from cases.case import Cause, Event, Limit
from domain.actor import By
from domain.language import Text, msg
from domain.time import Span
from store.books.current import MeasurementRecord, Refusal, Request
from store.books.ledger import SettlementResult, SettlementRun
from store.books.registry import Place
from store.books.watch import CaseTask
from store.registry.signatures import signatures

NAME = "measurement"
REQUEST = "request"
WITHDRAWN = "request withdrawn"  # why such a task is done, in the books


def requests(connection: Connection, span: Span, now: datetime) -> Iterator[Event]:
    """Each request of these days."""
    query = select(Request.household_id, Request.at)
    query = query.where(Request.at >= span.since, Request.at < span.until, Request.at <= now)
    return (Event(*row) for row in connection.execute(query))


def undetermined(connection: Connection, run: int, now: datetime) -> Iterator[Event]:
    """Each household that this settlement run left undetermined.

    A household that waits for a measurement already gets no second task, and a what-if asks
    nobody to measure anything. Nor does one that was known to be cold up to the run, and waits
    only for the season to go on.
    """
    real = select(SettlementRun.id).where(SettlementRun.state != WHAT_IF)
    waiting = select(CaseTask.household_id)
    waiting = waiting.where(CaseTask.kind == NAME, CaseTask.done_at.is_(None))
    query = select(SettlementResult.household_id).where(
        SettlementResult.run_id == run,
        SettlementResult.run_id.in_(real),
        SettlementResult.undetermined,
        SettlementResult.reason.not_in([each.code for each in NOT_BY_MEASUREMENT]),
        SettlementResult.household_id.not_in(waiting),
    )
    return (Event(home, now) for home in connection.execute(query).scalars())


def close_withdrawn(engine: Engine, by: By, homes: Collection[int] | None = None) -> int:
    """Open tasks whose request is not current any more are done: nobody asked. How many.

    `homes` are household place ids; None: all.
    """
    asked = select(Request.id).where(
        Request.household_id == CaseTask.household_id, Request.at == CaseTask.cause_at
    )
    waiting = select(CaseTask.id, CaseTask.household_id).where(
        CaseTask.kind == NAME, CaseTask.cause == REQUEST, CaseTask.done_at.is_(None),
        ~asked.exists(),
    )  # fmt: skip
    with engine.begin() as connection:
        gone = [
            {"task": task}
            for task, home in connection.execute(waiting)
            if homes is None or home in homes
        ]
        if gone:
            mark = update(CaseTask).where(CaseTask.id == bindparam("task"))
            done = mark.values(done_at=by.at, done_by=by.actor, done_reason=WITHDRAWN)
            connection.execute(done, gone)
    return len(gone)


class Measurement:
    """Somebody measures on site, together with the household."""

    title = msg("Measurement tasks")
    closed = msg("closed by measurement records or refusals")
    of_season = (Cause(REQUEST, msg("request"), "requests", msg("opened for requests"), requests),)
    of_run = (
        Cause(
            "undetermined", msg("undetermined"),
            "undetermined", msg("opened for what the run left undetermined"), undetermined,
        ),
    )  # fmt: skip

    def limit(self, policy: Policy) -> Limit | None:
        """The act's, or that of the act above it."""
        if policy.sla is None or policy.sla.measure_h is None:
            return None
        within = timedelta(hours=float(policy.sla.measure_h))
        return Limit(within, policy.sla.measure_clause or policy.sla.clause)

    def evidence(
        self, connection: Connection, homes: Select[int], policy: Policy | None
    ) -> Iterator[Event]:
        """Refusals, and records with the signatures that the policy asks for; without one, with any."""
        signed = 1 if policy is None else policy.signatures()
        refusals = select(Refusal.household_id, Refusal.at)
        refused = connection.execute(refusals.where(Refusal.household_id.in_(homes)))
        yield from (Event(home, at) for home, at in refused)
        records = select(Place.parent_id, MeasurementRecord.at, MeasurementRecord.signed_by)
        records = records.join(MeasurementRecord, MeasurementRecord.room_id == Place.id)
        for home, at, signed_by in connection.execute(records.where(Place.parent_id.in_(homes))):
            if home is not None and signatures(signed_by) >= signed:
                yield Event(home, at)

    def lacking(self, task: int) -> Text:
        return msg(
            "task {task} has no signed measurement record and no refusal since its cause; "
            "allowed: import the record first (heatwatch registry import "
            "measurements.csv), or say why it is done with --reason",
            task=task,
        )


KIND = Measurement()
