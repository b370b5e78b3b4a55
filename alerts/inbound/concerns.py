"""Whose an alert is: of those it was sent to, and of those who answer for its place and kind."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.config import Recipient
from store.books.registry import Place
from store.books.watch import Episode, Outbox


def concerns(session: Session, episode: Episode, who: Recipient) -> bool:
    """Whether a message of it left for the recipient, or its place and kind are theirs."""
    sent = sa.select(Outbox.id).where(
        Outbox.episode_id == episode.id,
        Outbox.recipient == who.name,
        Outbox.state.in_(("handing", "handed")),
    )
    return session.scalar(sent.limit(1)) is not None or _covers(session, episode, who)


def _covers(session: Session, episode: Episode, who: Recipient) -> bool:
    """As messages are addressed: what is above a recipient's place concerns them as well."""
    if who.kinds and episode.kind not in who.kinds:
        return False
    if not who.places:
        return True
    above = _chain(session, episode.place_id)
    named = session.scalars(sa.select(Place.id).where(Place.code.in_(who.places))).all()
    return any(place in above or episode.place_id in _chain(session, place) for place in named)


def _chain(session: Session, place_id: int | None) -> set[int]:
    """The place and those above it."""
    found: set[int] = set()
    while place_id is not None and place_id not in found:
        found.add(place_id)
        place_id = session.scalar(sa.select(Place.parent_id).where(Place.id == place_id))
    return found
