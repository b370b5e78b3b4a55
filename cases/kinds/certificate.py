"""Certificates that lapse: a sensor is verified again before its readings count as unverified.

A reading is verified while the certificate's span holds its own time (regulations.md 7.20, "which
telemetry counts"). The task opens some time before the end, and is due at the end itself.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, func, or_, select

from analytics.law.policy import Policy
from analytics.law.room_limits import rooms_looked_at
from cases.case import Cause, Event, Limit, OfSeason
from domain.language import Text, msg
from domain.quantity import Role
from domain.tree import COVERED_ROOMS, RoomUse
from store.books.current import Certificate
from store.books.registry import Place, Series
from store.books.watch import CaseTask

NAME = "certificate"
#: How long before the certificate's end the task opens: a sensor is fetched, verified, put back.
AHEAD = timedelta(days=30)


def lapsing(connection: Connection, season: OfSeason, now: datetime) -> Iterator[Event]:
    """Each household with a sensor whose certificate ends, and that has no later one."""
    span = season.span
    ends = span.since + AHEAD, span.until + AHEAD
    for home, end in _lapses(connection, None, season.uses, ends):
        if end - AHEAD <= now:
            yield Event(home, end - AHEAD)


def _lapses(
    connection: Connection, homes: Select[int] | None, uses: Collection[RoomUse],
    ends: tuple[datetime, datetime] | None = None,
) -> list[tuple[int, datetime]]:  # fmt: skip
    """Households and ends of the last certificates of the sensors that are in their rooms of these uses then.

    `ends`: only those from the first to before the second. The database finds them: nearly no sensor's does.
    """
    until = func.max(Certificate.until)
    known = select(Certificate.device_id, until.label("until")).group_by(Certificate.device_id)
    known = known.having(func.count() == func.count(Certificate.until))  # else one has no end
    if ends is not None:
        known = known.having(until >= ends[0], until < ends[1])
    last = known.subquery()
    query = (
        select(Place.parent_id, last.c.until)
        .join(Series, Series.device_id == last.c.device_id)
        .join(Place, Place.id == Series.place_id)
        .where(
            Series.role == Role.ROOM_TEMPERATURE.code, Series.since <= last.c.until,
            or_(Series.until.is_(None), Series.until > last.c.until),
            Place.room_use.in_([use.value for use in uses]), Place.parent_id.is_not(None),
        )
        .distinct()
    )  # fmt: skip
    if homes is not None:
        query = query.where(Place.parent_id.in_(homes))
    return [(home, end) for home, end in connection.execute(query) if home is not None]


class CertificateTask:
    """Somebody has a sensor verified again."""

    title = msg("Certificates to be renewed")
    closed = msg("closed by renewed certificates")
    of_season = (
        Cause(
            "lapsing", msg("certificate lapses"), "certificates",
            msg("opened for certificates that lapse"), lapsing,
        ),
    )  # fmt: skip
    of_run = ()

    def limit(self, policy: Policy) -> Limit | None:
        """It is due at the certificate's end; the clause is the standard that its readings prove."""
        return Limit(AHEAD, policy.standard.clause)

    def evidence(
        self,
        connection: Connection,
        homes: Select[int],
        policy: Policy | None,
    ) -> Iterator[Event]:
        """A task ends with the next certificate, or when no such sensor is in the home any more."""
        waiting = select(CaseTask.household_id, CaseTask.cause_at).where(
            CaseTask.kind == NAME, CaseTask.household_id.in_(homes)
        )
        tasks = sorted({(row.household_id, row.cause_at) for row in connection.execute(waiting)})
        if not tasks:
            return
        uses = COVERED_ROOMS if policy is None else rooms_looked_at(policy.standard)
        lapses = {*_lapses(connection, homes, uses)}
        for home, cause_at in tasks:
            if (home, cause_at + AHEAD) not in lapses:
                yield Event(home, cause_at, cause_at)

    def lacking(self, task: int) -> Text:
        return msg(
            "task {task}: the sensor has no later certificate; allowed: import it first (heatwatch "
            "registry import certificates.csv), or say why it is done with --reason",
            task=task,
        )


KIND = CertificateTask()
