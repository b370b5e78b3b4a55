"""Followers' checkpoints, episodes, messages out and in, and the tasks of cases."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.actor import Actor
from store.books.base import Base, BigId, Id, PlaceRef


class Checkpoint(Base):
    """The last batch a follower has done, written in the transaction of its effect."""

    __tablename__ = "checkpoint"
    follower: Mapped[str] = mapped_column(String(64), primary_key=True)
    batch: Mapped[int]
    state: Mapped[dict[str, Any]]  # what a detector must remember between batches


class Episode(Base):
    """One event with its evidence: opened, updated, cleared."""

    __tablename__ = "episode"
    __table_args__ = (UniqueConstraint("kind", "place_id", "opened_at"),)
    id: Mapped[BigId]
    kind: Mapped[str] = mapped_column(String(32), index=True)  # alerts.kinds
    place_id: Mapped[PlaceRef]
    opened_at: Mapped[datetime] = mapped_column(index=True)  # event time
    updated_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None] = mapped_column(index=True)
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("episode.id"), index=True
    )  # inhibited by its cause
    acknowledged_by: Mapped[Actor | None]
    acknowledged_at: Mapped[datetime | None]
    repeat_from: Mapped[datetime | None]  # postponed: its messages are not repeated before
    evidence: Mapped[dict[str, Any]]
    opened_by: Mapped[Actor]  # the program that watches


class Outbox(Base):
    """A message that must be sent once; written in the transaction that opens its episode."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("episode_id", "recipient", "purpose"),)
    id: Mapped[BigId]
    episode_id: Mapped[int | None] = mapped_column(
        ForeignKey("episode.id"), index=True
    )  # None: an answer
    inbound_id: Mapped[int | None] = mapped_column(
        ForeignKey("inbound_message.id"), unique=True
    )  # what it answers
    purpose: Mapped[str] = mapped_column(String(16))  # opened | repeat N | cleared | answer
    recipient: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(
        String(16), index=True
    )  # due | handing | handed | failed | inhibited
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]  # not to be sent before: group wait, back-off after a refusal
    handed_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(String(32))
    channel_ref: Mapped[str | None] = mapped_column(Text)  # SMPP message ids, one a part
    receipts: Mapped[dict[str, Any] | None]  # state by message id, as the centre says it
    delivery: Mapped[str | None] = mapped_column(String(32))  # of all parts, e.g. DELIVRD 1/2
    problem: Mapped[str | None] = mapped_column(Text)


class InboundMessage(Base):
    """A message that somebody sent to us: kept before it is confirmed to the message centre."""

    __tablename__ = "inbound_message"
    id: Mapped[BigId]
    channel: Mapped[str] = mapped_column(String(32))
    sender: Mapped[str] = mapped_column(String(32), index=True)  # phone as the channel says it
    received_at: Mapped[datetime]  # of its first part
    text: Mapped[str] = mapped_column(Text)  # "" until all parts are there
    reference: Mapped[int | None]  # that its parts share; None: it came whole
    total: Mapped[int]  # parts
    state: Mapped[str] = mapped_column(
        String(16), index=True
    )  # incomplete | received | matched | refused | answered
    reason: Mapped[str] = mapped_column(String(32), default="")  # why it was refused
    command: Mapped[str | None] = mapped_column(String(32))
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"), index=True)
    actor: Mapped[Actor | None]  # who sent it, where the number is known
    handled_at: Mapped[datetime | None]


class InboundPart(Base):
    """One delivery of the message centre."""

    __tablename__ = "inbound_part"
    __table_args__ = (UniqueConstraint("message_id", "number"),)
    id: Mapped[BigId]
    message_id: Mapped[int] = mapped_column(ForeignKey("inbound_message.id"), index=True)
    number: Mapped[int]  # from 1
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(64), index=True)  # of its content
    received_at: Mapped[datetime]
    confirmed: Mapped[bool] = mapped_column(default=False)  # to the message centre


class CaseTask(Base):
    """What somebody must do for a household, with the act's limit."""

    __tablename__ = "case_task"
    __table_args__ = (
        UniqueConstraint("kind", "household_id", "cause_at"),
        CheckConstraint("done_at IS NULL OR done_by IS NOT NULL", name="done_by"),
    )
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(32))  # a name in cases.kinds.KINDS
    household_id: Mapped[PlaceRef]
    cause: Mapped[str] = mapped_column(String(32))  # one of its kind's
    cause_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    opened_by: Mapped[Actor]
    due_at: Mapped[datetime | None]  # None: the act sets no limit
    clause: Mapped[str] = mapped_column(Text)  # as the policy writes it
    done_at: Mapped[datetime | None]
    done_by: Mapped[Actor | None]
    done_reason: Mapped[str] = mapped_column(Text, default="")
