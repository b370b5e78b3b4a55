"""Messages that came in, into the books, each once, however often the message centre delivers it.

A delivery has no number of its own in SMPP: what comes again is known by its content. It is the
same message while the centre was not told that we have it, or shortly after; later the same words
are said anew.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.channels.base import Inbound
from alerts.inbound.clean import LONGEST_TEXT, clean, possible
from store.books.watch import InboundMessage, InboundPart

#: A centre that has been told forgets a message; it may not have heard it for so long.
AGAIN = timedelta(minutes=10)
#: No centre keeps what it could not deliver for longer.
LONGEST_KEPT = timedelta(days=7)
#: Parts of one message come within this; then their number may be another message's.
TOGETHER = timedelta(hours=1)


def keep(session: Session, channel: str, message: Inbound, now: datetime) -> int:
    """The id of the message of which this is the whole or a part; new where it is new.

    What no message can be is kept as refused.
    """
    message = clean(message)
    if not possible(message.part):
        return refuse(session, channel, message, "impossible", now)
    known = _known(session, channel, message, now)
    if known is not None:
        return known.message_id
    row = _waiting(session, channel, message, now) if message.part else None
    if row is None:
        part = message.part
        row = InboundMessage(
            channel=channel, sender=message.sender, received_at=now, text="",
            reference=part.reference if part else None, total=part.total if part else 1,
            state="incomplete",
        )  # fmt: skip
        session.add(row)
        session.flush()
    number = message.part.number if message.part else 1
    session.add(
        InboundPart(
            message_id=row.id, number=number, text=message.text, key=message.key, received_at=now
        )
    )
    session.flush()
    _complete(session, row)
    return row.id


def confirm(session: Session, channel: str, message: Inbound, now: datetime) -> None:
    """The message centre has been told that this is kept."""
    if known := _known(session, channel, clean(message), now):
        known.confirmed = True


def refuse(session: Session, channel: str, message: Inbound, reason: str, now: datetime) -> int:
    """Keeps a message that nothing can be done with, once, with the reason; its id."""
    message = clean(message)
    if known := _known(session, channel, message, now):
        return known.message_id
    row = InboundMessage(
        channel=channel, sender=message.sender, received_at=now, text=message.text, total=1,
        state="refused", reason=reason, handled_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(
        InboundPart(
            message_id=row.id, number=1, text=message.text, key=message.key, received_at=now
        )
    )
    return row.id


def _known(session: Session, channel: str, message: Inbound, now: datetime) -> InboundPart | None:
    """The same delivery, where it has come before."""
    recent = sa.or_(
        InboundPart.received_at > now - AGAIN,
        InboundPart.confirmed.is_(False) & (InboundPart.received_at > now - LONGEST_KEPT),
    )
    return session.scalar(
        sa.select(InboundPart)
        .join(InboundMessage, InboundMessage.id == InboundPart.message_id)
        .where(InboundPart.key == message.key, InboundMessage.channel == channel, recent)
        .order_by(InboundPart.id.desc())
        .limit(1)
    )


def _waiting(
    session: Session, channel: str, message: Inbound, now: datetime
) -> InboundMessage | None:
    """The message that waits for this part."""
    assert message.part is not None
    have = sa.select(InboundPart.message_id).where(InboundPart.number == message.part.number)
    return session.scalar(
        sa.select(InboundMessage)
        .where(
            InboundMessage.channel == channel,
            InboundMessage.sender == message.sender,
            InboundMessage.reference == message.part.reference,
            InboundMessage.total == message.part.total,
            InboundMessage.state == "incomplete",
            InboundMessage.received_at > now - TOGETHER,
            InboundMessage.id.not_in(have),
        )
        .order_by(InboundMessage.id.desc())
        .limit(1)
    )


def _complete(session: Session, row: InboundMessage) -> None:
    """With its last part a message is received."""
    parts = session.scalars(
        sa.select(InboundPart.text)
        .where(InboundPart.message_id == row.id)
        .order_by(InboundPart.number)
    ).all()
    if len(parts) == row.total:
        row.text, row.state = "".join(parts)[:LONGEST_TEXT], "received"
