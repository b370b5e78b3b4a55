"""Measurement tasks: who must go and measure where, and by when.

A task begins with a household's request (Henan art. 27: within 12 h), or with a settlement that
could not tell whether it was cold (regulations.md 7.20). A measurement record in one of the
household's rooms, signed as the act asks, or a refusal by the household, does it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Select, select

from analytics.law.policy import Policy
from analytics.law.reasons import NOT_BY_MEASUREMENT
from analytics.law.room_limits import rooms_looked_at
from analytics.settlement.request_lives import limit_to_measure
from cases.case import Cause, Event, Limit, OfSeason
from cases.finishing import Finished, finished
from domain.actor import By
from domain.language import Text, msg
from domain.requests import FINAL, Life, State
from domain.time import Span
from domain.tree import COVERED_ROOMS
from store.books.current import MeasurementRecord, Refusal, Request
from store.books.ledger import WHAT_IF, SettlementResult, SettlementRun
from store.books.registry import Place, Season
from store.books.run_rows import rows_of
from store.books.watch import CaseTask
from store.registry.signatures import signatures

NAME = "measurement"
#: The interpretation of acts that pay on a request, which a measurement answers.
ANSWERED = "request-stands-until-measured"
REQUEST = "request"
#: Why a task whose request has ended is done, in the books.
WITHDRAWN = "request withdrawn"
ENDED = {
    State.JOINED: "another request of the household stood",
    State.SERVED: "request served",
    State.MOVED_OUT: "household moved out",
}


def requests(connection: Connection, season: OfSeason, now: datetime) -> Iterator[Event]:
    """Each request of the season that stands: not one made while another one stood, or when nobody lived there."""
    query = select(Request.household_id, Request.at)
    span = season.span
    query = query.where(Request.at >= span.since, Request.at < span.until, Request.at <= now)
    for home, at in connection.execute(query):
        life = season.life(home, at)
        if life is None or life.stages[0].state not in FINAL:
            yield Event(home, at)


def undetermined(connection: Connection, run: int, now: datetime) -> Iterator[Event]:
    """Each household that this settlement run left undetermined.

    A household that waits for a measurement already gets no second task, and a what-if asks
    nobody to measure anything. Nor does one that was known to be cold up to the run, and waits
    only for the season to go on; nor a run made once the season is over, since no record says any more how
    warm it was then, nor when it is over by now: a decision settles that.
    """
    real = (
        select(SettlementRun.made_at)
        .join(Season, Season.id == SettlementRun.season_id)
        .where(SettlementRun.id == run, SettlementRun.state != WHAT_IF, Season.until > now)
    )
    made_at = connection.scalar(real)
    if made_at is None:
        return
    waiting = select(CaseTask.household_id)
    waiting = waiting.where(CaseTask.kind == NAME, CaseTask.done_at.is_(None))
    query = select(SettlementResult.household_id).where(
        rows_of(connection, run),
        SettlementResult.undetermined,
        SettlementResult.reason.not_in([each.code for each in NOT_BY_MEASUREMENT]),
        SettlementResult.household_id.not_in(waiting),
    )
    yield from (Event(home, made_at) for home in connection.execute(query).scalars())


def close_ended(
    engine: Engine,
    by: By,
    homes: Collection[int] | None = None,
    lives: Mapping[int, Sequence[Life]] | None = None,
) -> int:
    """Open tasks of requests that wait for nobody any more are done. How many.

    A request that is not current, one that turned out to be made while another stood, one that was
    served. Where nobody came in the season the task stays until a person says why. `homes` are
    household place ids; None: all.
    """
    asked = select(Request.id).where(
        Request.household_id == CaseTask.household_id, Request.at == CaseTask.cause_at
    )
    waiting = select(
        CaseTask.id, CaseTask.household_id, CaseTask.cause_at, asked.exists().label("current")
    ).where(CaseTask.kind == NAME, CaseTask.cause == REQUEST, CaseTask.done_at.is_(None))
    known = OfSeason(Span(by.at, by.at), lives or {})
    with engine.begin() as connection:
        gone = [
            Finished(task, by.at, why)
            for task, home, at, current in connection.execute(waiting)
            if (homes is None or home in homes)
            and (why := _ended(known.life(home, at), current, by.at))
        ]
        return finished(connection, gone, by.actor)


def _ended(life: Life | None, current: bool, now: datetime) -> str:
    """Why nobody has to come any more; "": somebody has."""
    if not current:
        return WITHDRAWN
    return "" if life is None else ENDED.get(life.at(now).state, "")


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
        """The act's, or that of the act above it. One that pays on a request until a measurement answers
        it, and says not by when (Qingdao), wants it measured all the same: by the clause of its standard."""
        within = limit_to_measure(policy)
        if within is None or policy.sla is None:
            return Limit(None, policy.standard.clause) if policy.interprets(ANSWERED) else None
        return Limit(within, policy.sla.measure_clause or policy.sla.clause)

    def evidence(
        self, connection: Connection, homes: Select[int], policy: Policy | None
    ) -> Iterator[Event]:
        """Refusals, and records of rooms that the policy has a standard for that count as it asks; without
        one, of bedrooms and living rooms with any signature."""
        signed = 1 if policy is None else policy.signatures()
        refusals = select(Refusal.household_id, Refusal.at)
        refused = connection.execute(refusals.where(Refusal.household_id.in_(homes)))
        yield from (Event(home, at) for home, at in refused)
        closed = _closed(connection, policy)
        records = select(Place.parent_id, MeasurementRecord.at, MeasurementRecord.signed_by)
        records = records.join(MeasurementRecord, MeasurementRecord.room_id == Place.id)
        uses = COVERED_ROOMS if policy is None else rooms_looked_at(policy.standard)
        records = records.where(Place.room_use.in_([use.value for use in uses]))
        for home, at, signed_by in connection.execute(records.where(Place.parent_id.in_(homes))):
            if home is not None and signatures(signed_by) >= signed and not closed(home, at):
                yield Event(home, at)

    def lacking(self, task: int) -> Text:
        return msg(
            "task {task} has no signed measurement record and no refusal since its cause; "
            "allowed: import the record first (heatwatch registry import "
            "measurements.csv), or say why it is done with --reason",
            task=task,
        )


def _closed(connection: Connection, policy: Policy | None) -> Callable[[int, datetime], bool]:
    """Says whether an instant is of hours at which the act lets nobody measure a household.

    The hours are local: of the zone of the season under this act that its company had begun by then.
    """
    hours = None if policy is None else policy.closed_hours()
    if policy is None or hours is None:
        return lambda _home, _at: False
    query = select(Season.company_id, Season.since, Season.zone).where(Season.policy == policy.id)
    seasons: dict[int, list[tuple[datetime, str]]] = {}
    for own, since, zone in connection.execute(query.order_by(Season.since.desc())):
        seasons.setdefault(own, []).append((since, zone))

    above: dict[int, int | None] = {}

    def company(place: int) -> int:
        if place not in above:
            above[place] = connection.scalar(select(Place.parent_id).where(Place.id == place))
        parent = above[place]
        return place if parent is None else company(parent)

    def closed(home: int, at: datetime) -> bool:
        own = seasons.get(company(home), [])
        begun = (zone for since, zone in own if since <= at)
        zone = next(begun, own[-1][1] if own else "UTC")
        return hours.hold(at.astimezone(ZoneInfo(zone)).time())

    return closed


KIND = Measurement()
