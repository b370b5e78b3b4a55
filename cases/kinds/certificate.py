"""Certificates that lapse: a sensor is verified again before its readings count as unverified.

A reading is verified while the certificate's span holds its own time (regulations.md 7.20, "which
telemetry counts"). The task opens some time before the end, and is due at the end itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, select

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
    for home, ends in _lapses(connection, None, season.uses).items():
        for end in ends:
            at = end - AHEAD
            if span.since <= at < span.until and at <= now:
                yield Event(home, at)


def _lapses(
    connection: Connection, homes: Select[int] | None, uses: Collection[RoomUse]
) -> dict[int, set[datetime]]:
    """Household -> ends of the last certificates of the sensors that are in its rooms of these uses then."""
    last: dict[int, datetime | None] = {}
    query = select(Certificate.device_id, Certificate.until).order_by(Certificate.since)
    for device, until in connection.execute(query):
        known = last.get(device, until)
        last[device] = None if known is None or until is None else max(known, until)
    placed = (
        select(Series.device_id, Series.since, Series.until, Place.parent_id)
        .join(Place, Place.id == Series.place_id)
        .where(
            Series.role == Role.ROOM_TEMPERATURE.code,
            Place.room_use.in_([use.value for use in uses]),
        )
    )
    if homes is not None:
        placed = placed.where(Place.parent_id.in_(homes))
    found: defaultdict[int, set[datetime]] = defaultdict(set)
    for device, since, until, home in connection.execute(placed):
        end = last.get(device)
        if home is not None and end is not None and since <= end and (until is None or until > end):
            found[home].add(end)
    return found


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
        lapses = _lapses(connection, homes, uses)
        for home, cause_at in tasks:
            if cause_at + AHEAD not in lapses.get(home, ()):
                yield Event(home, cause_at, cause_at)

    def lacking(self, task: int) -> Text:
        return msg(
            "task {task}: the sensor has no later certificate; allowed: import it first (heatwatch "
            "registry import certificates.csv), or say why it is done with --reason",
            task=task,
        )


KIND = CertificateTask()
