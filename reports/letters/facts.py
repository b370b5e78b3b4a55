"""What books and evidence say about a household in a season, as it was known when a run was made."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from domain.quantity import Role
from domain.recorded import USER
from domain.time import Span
from reports.letters.letter import (
    Asked,
    Certificate,
    Facts,
    Fault,
    Measured,
    Outage,
    Refused,
    Room,
    Sensor,
)
from reports.report import Name
from store.books.current import AsKnown
from store.books.registry import Device, Place, Season, Series
from store.evidence.since import Since
from store.registry.series import Tree
from store.registry.signatures import signatures


def facts_of(
    engine: Engine,
    network: Tree,
    season: Season,
    household: int,
    series: Collection[int],
    until: datetime,
    known: Since | None = None,
    asked_until: datetime | None = None,
) -> Facts:
    """The facts of a household, a place id, up to `until`.

    `series` are those that a run took its readings from; `known`: as recorded by then, None: now;
    `asked_until`: where requests made after the season claim its refund, up to when they are shown.
    """
    with Session(engine) as session:
        inside = Span(season.since, min(until, season.until))
        asks = _Asks(session, inside, household, known)
        company = session.get_one(Place, season.company_id)
        home = session.get_one(Place, household)
        rooms = asks.rooms()
        return Facts(
            company=Name(company.name, company.name_en),
            company_address=company.address,
            household=home.code,
            name=Name(home.name, home.name_en),
            address=home.address or asks.address(network.path(household)),
            rooms=tuple(Room(r.code, _named(r), r.room_use or "other") for r in rooms),
            requests=asks.requests(asked_until),
            measured=asks.measured(rooms),
            outages=asks.outages(network.path(household)),
            faults=asks.faults(),
            refused=asks.refused(),
            sensors=asks.sensors(rooms, series),
        )


def _named(place: Place) -> Name:
    """A place's own names; the code is none."""
    return Name("" if place.name == place.code else place.name, place.name_en)


class _Asks:
    """Asks one household's tables."""

    def __init__(self, session: Session, span: Span, household: int, known: Since | None) -> None:
        self._session = session
        self._span = span
        self._household = household
        self._known = AsKnown(None if known is None else known.by_then())

    def rooms(self) -> list[Place]:
        query = select(Place).where(Place.parent_id == self._household, Place.kind == "room")
        return list(self._session.scalars(query.order_by(Place.code)))

    def address(self, path: list[int]) -> str:
        """That of the nearest place above that has one."""
        query = select(Place.id, Place.address).where(Place.id.in_(path), Place.address != "")
        known: dict[int, str] = {row.id: row.address for row in self._session.execute(query)}
        company = path[0]
        return next((known[p] for p in reversed(path) if p in known and p != company), "")

    def requests(self, until: datetime | None) -> tuple[Asked, ...]:
        request = self._known.Request
        query = select(request.at, request.by).where(
            request.household_id == self._household,
            request.at >= self._span.since,
            request.at < (self._span.until if until is None else until),
        )
        return tuple(Asked(*row) for row in self._session.execute(query.order_by(request.at)))

    def measured(self, rooms: list[Place]) -> tuple[Measured, ...]:
        record = self._known.MeasurementRecord
        code = {room.id: room.code for room in rooms}
        query = select(record.room_id, record.at, record.celsius, record.signed_by).where(
            record.room_id.in_(code), *self._within(record.at)
        )
        return tuple(
            Measured(code[room], at, celsius, signed_by, signatures(signed_by))
            for room, at, celsius, signed_by in self._session.execute(
                query.order_by(record.at, record.room_id)
            )
        )

    def outages(self, path: list[int]) -> tuple[Outage, ...]:
        record = self._known.OutageRecord
        query = (
            select(record, Place.code, Place.name, Place.name_en)
            .join(Place, Place.id == record.place_id)
            .where(record.place_id.in_(path), *self._meets(record))
            .order_by(record.since, record.place_id)
        )
        return tuple(
            Outage(
                code, Name("" if name == code else name, name_en), each.since, each.until,
                each.planned, each.cause == USER, each.evidence, each.cause, each.announced_at,
            )
            for each, code, name, name_en in self._session.execute(query)
        )  # fmt: skip

    def faults(self) -> tuple[Fault, ...]:
        fault = self._known.UserFault
        query = select(fault).where(fault.household_id == self._household, *self._meets(fault))
        return tuple(
            Fault(each.since, each.until, each.clause, each.evidence)
            for each in self._session.scalars(query.order_by(fault.since))
        )

    def refused(self) -> tuple[Refused, ...]:
        refusal = self._known.Refusal
        query = select(refusal.at, refusal.evidence).where(
            refusal.household_id == self._household, *self._within(refusal.at)
        )
        return tuple(Refused(*row) for row in self._session.execute(query.order_by(refusal.at)))

    def sensors(self, rooms: list[Place], series: Collection[int]) -> tuple[Sensor, ...]:
        code = {room.id: room.code for room in rooms}
        query = (
            select(Series, Device)
            .join(Device, Device.id == Series.device_id)
            .where(
                Series.place_id.in_(code), Series.role == Role.ROOM_TEMPERATURE.code,
                Series.id.in_([*series]),
            )
            .order_by(Series.place_id, Series.since, Device.code)
        )  # fmt: skip
        return tuple(
            Sensor(
                code[each.place_id], device.code, device.model, each.since, each.until,
                each.interval_s, device.verified, self._certificates(device.id),
            )
            for each, device in self._session.execute(query)
        )  # fmt: skip

    def _certificates(self, device: int) -> tuple[Certificate, ...]:
        certificate = self._known.Certificate
        query = select(certificate.since, certificate.until, certificate.document).where(
            certificate.device_id == device, *self._meets(certificate)
        )
        found = self._session.execute(query.order_by(certificate.since))
        return tuple(Certificate(*row) for row in found)

    def _within(self, at: Any) -> tuple[Any, ...]:
        return at >= self._span.since, at < self._span.until

    def _meets(self, model: Any) -> tuple[Any, ...]:
        open_or_later = or_(model.until.is_(None), model.until > self._span.since)
        return model.since < self._span.until, open_or_later
