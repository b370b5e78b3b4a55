"""The registry: tree, devices, series, seasons. What people assert is beside it, in `facts`.

Everything carries a validity span `[since, until)`; `until` NULL is open-ended. Every row names
the record of the change that wrote it last (`store.books.changes`).
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.books.base import Base, Code, Id, PlaceRef
from store.books.changes import ChangeRef


class Place(Base):
    """A node of the network's tree."""

    __tablename__ = "place"
    id: Mapped[Id]
    code: Mapped[Code]
    kind: Mapped[str] = mapped_column(String(16), index=True)  # domain.tree.PlaceKind
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))  # as the residents write it
    name_en: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    area_m2: Mapped[Decimal | None]  # heated area [m2]
    room_use: Mapped[str | None] = mapped_column(String(16))  # domain.tree.RoomUse, rooms only
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    change_id: Mapped[ChangeRef]


class Feed(Base):
    """A stream of messages or an import file's origin; its id travels with each reading."""

    __tablename__ = "feed"
    id: Mapped[Id]
    code: Mapped[Code]
    live: Mapped[bool] = mapped_column(default=True)  # False: imported history
    change_id: Mapped[ChangeRef]


class Device(Base):
    __tablename__ = "device"
    id: Mapped[Id]
    code: Mapped[Code]  # as it names itself in topic or payload
    model: Mapped[str] = mapped_column(String(100), default="")
    verified: Mapped[bool] = mapped_column(default=True)  # metrological verification is valid
    change_id: Mapped[ChangeRef]


class Series(Base):
    """One channel of one device measuring one role at one place for a span."""

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("device_id", "channel", "since"),)
    id: Mapped[Id]
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), index=True)
    channel: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(40), index=True)  # domain.quantity.Role
    place_id: Mapped[PlaceRef]
    interval_s: Mapped[int]  # declared reporting interval [s]
    rolls_over_at: Mapped[str | None] = mapped_column(String(32))  # of a register, e.g. 100000 MW.h
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    change_id: Mapped[ChangeRef]


class Season(Base):
    """A heating season of a company, from first to after-last instant."""

    __tablename__ = "season"
    id: Mapped[Id]
    code: Mapped[Code]
    company_id: Mapped[PlaceRef]
    policy: Mapped[str] = mapped_column(String(64))  # policy id, e.g. CN-HA-2018
    since: Mapped[datetime]
    until: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))  # IANA zone of the local civil days
    design_outdoor: Mapped[Decimal | None]  # design outdoor temperature [Cel]
    change_id: Mapped[ChangeRef]


class RegistryVersion(Base):
    """One row, id 1: its number grows with every change of the registry, so that readers reload."""

    __tablename__ = "registry_version"
    id: Mapped[Id]
    number: Mapped[int]
