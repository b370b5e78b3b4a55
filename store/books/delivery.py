"""Sessions on MQTT brokers, and times in which a broker may have lost messages on their way to us."""

from datetime import date, datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.actor import Actor
from store.books.base import Base, BigId, Id


class Installation(Base):
    """What this installation is called where others must not be called the same."""

    __tablename__ = "installation"
    id: Mapped[Id]  # 1: there is one
    client_id: Mapped[str] = mapped_column(String(64))  # of its session on a broker
    made_at: Mapped[datetime]
    made_by: Mapped[Actor]


class BrokerSession(Base):
    """A session that a worker has had; while it lasts the broker queues what comes."""

    __tablename__ = "broker_session"
    client_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    broker: Mapped[str] = mapped_column(String(300), primary_key=True)  # host:port
    since: Mapped[datetime]  # first connected
    alive_at: Mapped[datetime]  # newest time at which it was seen to work
    worker: Mapped[Actor]  # whose it is


class DroppedCount(Base):
    """How many messages a broker, or a node of one, says that it has dropped: read last, and when."""

    __tablename__ = "dropped_count"
    client_id: Mapped[str] = mapped_column(
        String(64), primary_key=True
    )  # whose session it is about
    broker: Mapped[str] = mapped_column(String(300), primary_key=True)  # host:port
    topic: Mapped[str] = mapped_column(String(300), primary_key=True)  # of the counter
    dropped: Mapped[int] = mapped_column(BigInteger)  # since the broker started
    uptime_s: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime]  # of the broker, by the wall's clock
    read_at: Mapped[datetime]
    read_by: Mapped[Actor]


class DeliveryFault(Base):
    """Messages may be missing of this time: told once, and kept."""

    __tablename__ = "delivery_fault"
    id: Mapped[BigId]
    kind: Mapped[str] = mapped_column(String(32), index=True)  # domain.delivery_faults.Kind
    client_id: Mapped[str] = mapped_column(String(64))
    broker: Mapped[str] = mapped_column(String(300))
    about: Mapped[str] = mapped_column(
        Text, default=""
    )  # a topic filter, or a sender; "": all of the session
    feed: Mapped[str | None] = mapped_column(String(64))  # of the sender; None: of any feed
    since: Mapped[datetime] = mapped_column(index=True)
    until: Mapped[datetime | None]  # None: it goes on
    at_most: Mapped[int | None] = mapped_column(BigInteger)  # so many messages; None: not known
    told_at: Mapped[datetime]
    told_by: Mapped[Actor]


class UplinkTotal(Base):
    """Uplinks of a LoRaWAN device since it was first counted, as far as they are in `UplinkDay`."""

    __tablename__ = "uplink_total"
    feed: Mapped[str] = mapped_column(String(64), primary_key=True)
    device: Mapped[str] = mapped_column(String(300), primary_key=True)  # as its network calls it
    received: Mapped[int] = mapped_column(BigInteger)
    missed: Mapped[int] = mapped_column(BigInteger)  # at most
    counted_at: Mapped[datetime]
    counted_by: Mapped[Actor]


class UplinkDay(Base):
    """Uplinks of a LoRaWAN device on a day of the city: those that came, and those that did not."""

    __tablename__ = "uplink_day"
    feed: Mapped[str] = mapped_column(String(64), primary_key=True)
    device: Mapped[str] = mapped_column(String(300), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    received: Mapped[int]
    missed: Mapped[int]  # at most, by the frame counter
    counted_by: Mapped[Actor]
