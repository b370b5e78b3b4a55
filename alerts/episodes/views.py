"""What others may ask: episodes, messages sent and received, counts. Reading only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.messages.codes import code_of
from domain.tree import PlaceKind
from store.books.registry import Place
from store.books.watch import Episode, InboundMessage, Outbox

#: From the column of a place to whether the reader may see it.
Own = Callable[[Any], sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class EpisodeView:
    """An episode with the place it is at."""

    id: int
    code: str  # as in its messages
    kind: str
    place_id: int
    place: str  # code
    place_kind: str
    name: str
    name_en: str
    opened_at: datetime
    opened_by: str  # an actor, "kind:name"
    updated_at: datetime
    cleared_at: datetime | None
    parent_id: int | None  # its cause; None: stands on its own
    children: int  # that it explains
    acknowledged_by: str | None  # an actor, "kind:name"
    acknowledged_at: datetime | None
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message of the outbox, as the in-tray shows it."""

    id: int
    episode_id: int | None  # None: an answer
    kind: str | None
    place: str | None  # code
    purpose: str  # opened | repeat N | cleared | answer
    recipient: str
    phone: str
    text: str
    state: str  # due | handing | handed | failed | inhibited
    channel: str
    attempts: int
    created_at: datetime
    handed_at: datetime | None
    delivery: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """A message that somebody sent to us."""

    id: int
    sender: str  # phone
    actor: str | None  # "phone:name"; None: nobody's number
    text: str
    received_at: datetime
    state: str  # incomplete | received | matched | refused | answered
    reason: str  # why it was refused
    command: str | None
    code: str | None  # of the alert


def open_episodes(
    session: Session,
    *,
    kinds: Sequence[str] = (),
    children: bool = False,
    limit: int = 1000,
    own: Own | None = None,
) -> list[EpisodeView]:
    """Open episodes, newest first; without those that another explains, unless asked for.

    With `own` only those at places that it takes.
    """
    wanted: list[sa.ColumnElement[bool]] = [Episode.cleared_at.is_(None)]
    if not children:
        wanted.append(Episode.parent_id.is_(None))
    if own is not None:
        wanted.append(own(Episode.place_id))
    return _episodes(session, wanted, kinds, limit)


def episodes(
    session: Session,
    *,
    kinds: Sequence[str] = (),
    limit: int = 100_000,
    own: Own | None = None,
) -> list[EpisodeView]:
    """All episodes, open and over, newest first; with `own` only those at places that it takes."""
    return _episodes(session, [] if own is None else [own(Episode.place_id)], kinds, limit)


def in_tray(
    session: Session, *, limit: int = 200, inhibited: bool = False, own: Own | None = None
) -> list[MessageView]:
    """Messages, newest first; those held back because another message counts them, if asked for.

    With `own` only those about places that it takes.
    """
    query = (
        sa.select(Outbox, Episode.kind, Place.code)
        .outerjoin(Episode, Outbox.episode_id == Episode.id)
        .outerjoin(Place, Episode.place_id == Place.id)
        .order_by(Outbox.id.desc())
        .limit(limit)
    )
    if not inhibited:
        query = query.where(Outbox.state != "inhibited")
    if own is not None:
        query = query.where(own(Episode.place_id))
    return [
        MessageView(
            row.id, row.episode_id, kind, code, row.purpose, row.recipient, row.phone, row.text,
            row.state, row.channel, row.attempts, row.created_at, row.handed_at, row.delivery,
            row.problem,
        )
        for row, kind, code in session.execute(query)
    ]  # fmt: skip


def received(session: Session, *, limit: int = 200, own: Own | None = None) -> list[ReceivedView]:
    """Messages that came in, newest first.

    With `own` only those about places that it takes; what is about no place is nobody's of several
    companies.
    """
    chosen = sa.select(InboundMessage).order_by(InboundMessage.id.desc()).limit(limit)
    if own is not None:
        companies = sa.select(sa.func.count()).where(Place.kind == PlaceKind.COMPANY.value)
        about_none = InboundMessage.episode_id.is_(None) & (companies.scalar_subquery() < 2)
        chosen = chosen.outerjoin(Episode, Episode.id == InboundMessage.episode_id).where(
            sa.or_(own(Episode.place_id), about_none)
        )
    return [
        ReceivedView(
            row.id, row.sender, None if row.actor is None else str(row.actor), row.text,
            row.received_at, row.state, row.reason, row.command,
            None if row.episode_id is None else code_of(row.episode_id),
        )
        for row in session.scalars(chosen)
    ]  # fmt: skip


def episode(session: Session, episode_id: int) -> EpisodeView:
    """One episode."""
    return _episodes(session, [Episode.id == episode_id], (), 1)[0]


def _episodes(
    session: Session, wanted: list[sa.ColumnElement[bool]], kinds: Sequence[str], limit: int
) -> list[EpisodeView]:
    if kinds:
        wanted = [*wanted, Episode.kind.in_(kinds)]
    child = sa.orm.aliased(Episode)
    count = sa.select(sa.func.count()).where(child.parent_id == Episode.id).scalar_subquery()
    rows = session.execute(
        sa.select(Episode, Place, count)
        .join(Place, Episode.place_id == Place.id)
        .where(*wanted)
        .order_by(Episode.opened_at.desc(), Episode.id.desc())
        .limit(limit)
    )
    return [
        EpisodeView(
            row.id, code_of(row.id), row.kind, row.place_id, place.code, place.kind, place.name, place.name_en,
            row.opened_at, str(row.opened_by), row.updated_at, row.cleared_at, row.parent_id, children,
            None if row.acknowledged_by is None else str(row.acknowledged_by),
            row.acknowledged_at, row.evidence,
        )
        for row, place, children in rows
    ]  # fmt: skip
