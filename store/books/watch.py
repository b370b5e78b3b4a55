"""Followers' checkpoints, episodes, the outbox and measurement tasks."""

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
    acknowledged_by: Mapped[str | None] = mapped_column(String(100))
    evidence: Mapped[dict[str, Any]]
    opened_by: Mapped[Actor]  # the program that watches


class Outbox(Base):
    """A message that must be sent once; written in the transaction that opens its episode."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("episode_id", "recipient", "purpose"),)
    id: Mapped[BigId]
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))  # opened | cleared
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
    delivery: Mapped[str | None] = mapped_column(String(32))  # last delivery receipt, e.g. DELIVRD
    problem: Mapped[str | None] = mapped_column(Text)


class MeasurementTask(Base):
    """A measurement somebody must make, with the act's limit."""

    __tablename__ = "measurement_task"
    __table_args__ = (
        UniqueConstraint("household_id", "cause_at"),
        CheckConstraint("done_at IS NULL OR done_by IS NOT NULL", name="done_by"),
    )
    id: Mapped[Id]
    household_id: Mapped[PlaceRef]
    cause: Mapped[str] = mapped_column(String(32))  # undetermined | request
    cause_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    opened_by: Mapped[Actor]
    due_at: Mapped[datetime]
    clause: Mapped[str] = mapped_column(String(80))
    done_at: Mapped[datetime | None]
    done_by: Mapped[Actor | None]
    done_reason: Mapped[str] = mapped_column(Text, default="")
