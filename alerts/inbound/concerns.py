"""Whose an alert is: of those it was sent to, and of those who answer for its place and kind."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.config import Recipient
from alerts.messages.recipients import addressees
from store.books.registry import Place
from store.books.watch import Episode, Outbox
from store.registry.places import tree_of


def concerns(session: Session, episode: Episode, who: Recipient) -> bool:
    """Whether a message of it left for the recipient, or would be addressed to them."""
    sent = sa.select(Outbox.id).where(
        Outbox.episode_id == episode.id,
        Outbox.recipient == who.name,
        Outbox.state.in_(("handing", "handed")),
    )
    if session.scalar(sent.limit(1)) is not None:
        return True
    named = session.scalars(sa.select(Place.id).where(Place.code.in_(who.places))).all()
    tree = tree_of(session.connection(), [episode.place_id, *named])
    (addressee,) = addressees((who,), tree)
    return addressee.hears(episode.kind, tree.row(episode.place_id))
