"""The read side of the console and the HTTP API: plain rows out of books and readings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Engine, Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from analytics.ledger.left_homes import left_since
from domain.columns import Columns
from domain.quality import USABLE, Quality
from domain.quantity import Role
from domain.time import Span, from_us
from domain.tree import PlaceKind
from domain.validity import AHEAD_US, is_fresh, validity_us
from store.books.current import OutageRecord
from store.books.ledger import WHAT_IF, SettlementLine, SettlementResult, SettlementRun
from store.books.registry import Place, Season, Series
from store.books.run_rows import newest_result
from store.books.watch import CaseTask, Episode, Outbox
from store.readings.readings import Readings
from store.registry.places import of_company

#: Levels shown in the tree; homes are listed beside it, so that half a million fit.
TREE_KINDS = ("company", "source", "station", "zone", "building")


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest value of one series by event time; `value` None: unknown."""

    place: str
    role: str
    unit: str
    value: Decimal | None
    at: datetime | None
    stale: bool  # too old to be shown as fresh (`domain.validity.is_fresh`)


@dataclass(frozen=True, slots=True)
class Curve:
    """A room's temperature over a span; a gap is a None between points."""

    room: str
    points: tuple[tuple[datetime, float | None], ...]  # [Cel]


class View:
    """What the screens ask for of one company; holds no state of its own."""

    def __init__(
        self, books: Engine, readings: Readings, now: Callable[[], datetime], company: str
    ) -> None:
        """`company`: its code; nothing of another's is shown."""
        self.books = books
        self.readings = readings
        self.now = now
        self.company = company

    def own(self, place: Any) -> ColumnElement[bool]:
        """Whether the place of this column is the company's, for a query's WHERE."""
        return of_company(self.books, self.company, place)

    def tree(self) -> list[Row[Any]]:
        """(id, code, kind, parent_id, name, name_en), today's levels above the homes, by code."""
        chosen = select(
            Place.id, Place.code, Place.kind, Place.parent_id, Place.name, Place.name_en
        ).where(Place.kind.in_(TREE_KINDS), self._valid(Place), self.own(Place.id))
        with Session(self.books) as session:
            return list(session.execute(chosen.order_by(Place.code)))

    def place(self, code: str) -> Place | None:
        """The company's place with this code; None: it has none."""
        chosen = select(Place).where(Place.code == code, self.own(Place.id))
        with Session(self.books) as session:
            return session.scalar(chosen)

    def shown(self, code: str) -> Place | None:
        """What the screen shows for a code: a room is part of its household."""
        place = self.place(code)
        if place is None or place.kind != PlaceKind.ROOM.value:
            return place
        with Session(self.books) as session:
            return session.get(Place, place.parent_id)

    def path(self, code: str) -> list[str]:
        """Codes from the place upwards to the company; empty where it is not known."""
        codes = []
        place = self.place(code)
        with Session(self.books) as session:
            while place is not None:
                codes.append(place.code)
                place = session.get(Place, place.parent_id) if place.parent_id else None
        return codes

    def homes(self, parent_id: int) -> list[Place]:
        """Households directly below a building (or zone) that are there now, by code."""
        chosen = select(Place).where(
            Place.parent_id == parent_id,
            Place.kind == PlaceKind.HOUSEHOLD.value,
            self._valid(Place),
        )
        with Session(self.books) as session:
            return list(session.scalars(chosen.order_by(Place.code)))

    def count(self, kind: PlaceKind) -> int:
        """How many places of a kind there are now."""
        chosen = select(func.count()).select_from(Place)
        chosen = chosen.where(Place.kind == kind.value, self._valid(Place), self.own(Place.id))
        with Session(self.books) as session:
            return session.scalar(chosen) or 0

    def count_alerts(self) -> int:
        """Open episodes that no other explains."""
        chosen = select(func.count()).select_from(Episode)
        chosen = chosen.where(Episode.cleared_at.is_(None), Episode.parent_id.is_(None))
        chosen = chosen.where(self.own(Episode.place_id))
        with Session(self.books) as session:
            return session.scalar(chosen) or 0

    def count_messages(self) -> int:
        """Messages of the in-tray; what another message counts is not in it."""
        chosen = select(func.count()).select_from(Outbox).where(Outbox.state != "inhibited")
        chosen = chosen.join(Episode, Episode.id == Outbox.episode_id)
        chosen = chosen.where(self.own(Episode.place_id))
        with Session(self.books) as session:
            return session.scalar(chosen) or 0

    def _valid(self, what: type[Place] | type[Series]) -> ColumnElement[bool]:
        """`since <= now < until`."""
        now = self.now()
        return and_(what.since <= now, or_(what.until.is_(None), what.until > now))

    def latest_of(self, place_ids: Sequence[int]) -> list[Latest]:
        """Newest values of the series that measure at these places now.

        A time further ahead than the alerts believe is not the newest yet.
        """
        chosen = (
            select(Series.id, Series.role, Series.interval_s, Place.code)
            .join(Place, Place.id == Series.place_id)
            .where(Series.place_id.in_(place_ids), self._valid(Series))
            .order_by(Place.code, Series.id)
        )
        with Session(self.books) as session:
            rows = list(session.execute(chosen))
        now = self.now()
        series = np.array([row.id for row in rows], dtype=np.int32)
        found = self.readings.latest(series, now + timedelta(microseconds=AHEAD_US))
        values = zip(found.at_us.tolist(), found.value.tolist(), found.mark.tolist(), strict=True)
        newest = dict(zip(found.series.tolist(), values, strict=True))
        return [_latest(row, newest.get(row.id), now) for row in rows]

    def home_temperatures(self, household_ids: Sequence[int]) -> dict[int, list[Latest]]:
        """Household id -> newest room temperatures of its rooms of now."""
        chosen = select(Place.id, Place.code, Place.parent_id).where(
            Place.parent_id.in_(household_ids),
            Place.kind == PlaceKind.ROOM.value,
            self._valid(Place),
        )
        with Session(self.books) as session:
            rooms = list(session.execute(chosen))
        home_of = {room.code: room.parent_id for room in rooms}
        found: dict[int, list[Latest]] = {home: [] for home in household_ids}
        for each in self.latest_of([room.id for room in rooms]):
            if each.role == Role.ROOM_TEMPERATURE.code:
                found[home_of[each.place]].append(each)
        return found

    def curves(self, household_id: int, span: Span) -> list[Curve]:
        """Room temperatures of one household, unknown values as gaps; what ended before is past."""
        room = aliased(Place)
        chosen = (
            select(Series.id, room.code, Series.interval_s)
            .join(room, room.id == Series.place_id)
            .where(room.parent_id == household_id, Series.role == Role.ROOM_TEMPERATURE.code)
            .where(*(_touches(each, span) for each in (room, Series)))
            .order_by(Series.id)
        )
        with Session(self.books) as session:
            rows = list(session.execute(chosen))
        columns = self.readings.columns(np.array([row.id for row in rows], dtype=np.int32), span)
        return [Curve(row.code, _points(columns, row.id, row.interval_s)) for row in rows]

    def outages(self, place_id: int, span: Span) -> list[tuple[datetime, datetime | None]]:
        """(since, until) of recorded stops at a place or above it that touch the span."""
        with Session(self.books) as session:
            chosen = select(OutageRecord.since, OutageRecord.until).where(
                OutageRecord.place_id.in_(self._upwards(session, place_id)),
                OutageRecord.since < span.until,
                func.coalesce(OutageRecord.until, span.until) > span.since,
            )
            found = session.execute(chosen.order_by(OutageRecord.since))
            return [(row.since, row.until) for row in found]

    def _upwards(self, session: Session, place_id: int) -> list[int]:
        found: list[int] = []
        at: int | None = place_id
        while at is not None and at not in found:
            found.append(at)
            at = session.scalar(select(Place.parent_id).where(Place.id == at))
        return found

    def refund(self, household_id: int) -> tuple[SettlementRun, SettlementResult] | None:
        """The household's result in the newest settlement run that is no what-if, if there is one."""
        with Session(self.books) as session:
            return newest_result(session, household_id, WHAT_IF)

    def left(self, household: str, run: SettlementRun) -> SettlementRun | None:
        """The run behind a household's newest one by which its contract left the season; None: it is in it."""
        number = left_since(self.books, run.id, household)
        if number is None:
            return None
        with Session(self.books) as session:
            return session.get_one(SettlementRun, number)

    def tasks(self, household_id: int) -> list[CaseTask]:
        """What was promised to the household and by when, the newest first."""
        chosen = select(CaseTask).where(CaseTask.household_id == household_id)
        with Session(self.books) as session:
            return list(session.scalars(chosen.order_by(CaseTask.id.desc())))

    def season(self, run: SettlementRun) -> str:
        """Code of the season that a run settled."""
        with Session(self.books) as session:
            return session.get_one(Season, run.season_id).code

    def refund_lines(self, result_id: int) -> list[SettlementLine]:
        with Session(self.books) as session:
            chosen = select(SettlementLine).where(SettlementLine.result_id == result_id)
            return list(session.scalars(chosen.order_by(SettlementLine.id)))


def _touches(what: Any, span: Span) -> ColumnElement[bool]:
    """Valid at an instant of the span."""
    return and_(what.since < span.until, or_(what.until.is_(None), what.until > span.since))


def _latest(row: Any, newest: tuple[int, int, int] | None, now: datetime) -> Latest:
    role = Role.of(row.role)
    if newest is None:
        return Latest(row.code, role.code, role.quantity.unit, None, None, stale=True)
    at_us, value, mark = newest
    shown = role.quantity.from_ticks(value) if Quality(mark) in USABLE else None
    stale = not is_fresh(now - from_us(at_us), row.interval_s)
    return Latest(row.code, role.code, role.quantity.unit, shown, from_us(at_us), stale)


def _points(
    columns: Columns, series: int, interval_s: int
) -> tuple[tuple[datetime, float | None], ...]:
    at_us, value, mark = columns.of(series)
    stands_us = int(validity_us(np.array([interval_s]))[0])
    points: list[tuple[datetime, float | None]] = []
    before: int | None = None
    for at, steps, quality in zip(at_us.tolist(), value.tolist(), mark.tolist(), strict=True):
        if before is not None and at - before > stands_us:
            points.append((from_us(before + stands_us), None))
        points.append((from_us(at), _celsius(steps) if Quality(quality) in USABLE else None))
        before = at
    return tuple(points)


def _celsius(ticks: int) -> float:
    return float(Role.ROOM_TEMPERATURE.quantity.from_ticks(ticks))
