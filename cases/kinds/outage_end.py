"""Ends of outages: who recorded an outage says when the supply was back.

An outage without a recorded end pays up to what the meters show, and the rest is undetermined
(regulations.md 7.20). It begins to pay at the length that the act sets: by then its end is recorded.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, select

from analytics.law.policy import Policy
from cases.case import Cause, Event, Limit, OfSeason
from domain.language import Text, msg
from domain.recorded import USER
from domain.time import US
from store.books.changes import ChangeRecord
from store.books.current import OutageRecord
from store.books.watch import CaseTask

NAME = "outage_end"


def without_end(connection: Connection, season: OfSeason, now: datetime) -> Iterator[Event]:
    """Each outage, but the household's own, that began in the season and has no recorded end."""
    span = season.span
    query = select(OutageRecord.place_id, OutageRecord.since).where(
        OutageRecord.until.is_(None), OutageRecord.cause != USER,
        OutageRecord.since >= span.since, OutageRecord.since < span.until,
        OutageRecord.since <= now,
    )  # fmt: skip
    return (Event(*row) for row in connection.execute(query))


class OutageEnd:
    """Somebody records when an outage ended."""

    title = msg("Ends of outages to be recorded")
    closed = msg("closed by recorded ends of outages")
    of_season = (
        Cause(
            "without_end", msg("outage without an end"), "outages",
            msg("opened for outages without an end"), without_end,
        ),
    )  # fmt: skip
    of_run = ()

    def limit(self, policy: Policy) -> Limit | None:
        """From which length on an outage pays, by whichever clause comes first."""
        found = [
            (timedelta(hours=float(hours)), table.clause)
            for table in policy.tables.values()
            if (hours := getattr(table, "continuous_h", None)) and hasattr(table, "clause")
        ]
        return Limit(*min(found, key=lambda each: each[0])) if found else None

    def evidence(
        self,
        connection: Connection,
        homes: Select[int],
        policy: Policy | None,  # noqa: ARG002  an end is an end under every act
    ) -> Iterator[Event]:
        """When the end was recorded; of an outage that is on record no more, its begin."""
        waiting = select(CaseTask.household_id, CaseTask.cause_at).where(
            CaseTask.kind == NAME, CaseTask.household_id.in_(homes)
        )
        tasks = {(row.household_id, row.cause_at) for row in connection.execute(waiting)}
        if not tasks:
            return
        query = select(
            OutageRecord.place_id, OutageRecord.since, OutageRecord.until, ChangeRecord.at
        ).join(ChangeRecord, ChangeRecord.id == OutageRecord.change_id)
        records = {(row.place_id, row.since): row for row in connection.execute(query)}
        for place, since in sorted(tasks):
            record = records.get((place, since))
            if record is None:
                yield Event(place, since, since)
            elif record.until is not None:
                yield Event(place, max(record.at, since + US), since)

    def lacking(self, task: int) -> Text:
        return msg(
            "task {task}: the outage has no recorded end; allowed: import it first (heatwatch "
            "registry import outages.csv), or say why it is done with --reason",
            task=task,
        )


KIND = OutageEnd()
