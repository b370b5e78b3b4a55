"""What came in is understood, acted on and answered: one message, one transaction.

    received -> matched -> answered      its command was carried out
             -> refused [-> answered]    with the reason: see REASONS

Somebody whose number nobody has gets no answer, and nobody gets more than `most_answers` an hour,
so that two machines can't talk to each other for ever.
"""

import logging
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from alerts.config import AlertsConfig, Recipient
from alerts.episodes.acknowledge import Declined, alert_of
from alerts.inbound.command import Command, Order
from alerts.inbound.commands import commands
from alerts.inbound.keep import TOGETHER
from alerts.inbound.senders import recipient_of
from alerts.messages.codes import plain
from alerts.messages.texts import answer
from domain.actor import Actor, ActorKind
from domain.language import Text, msg
from store.books.watch import InboundMessage, Outbox

LOG = logging.getLogger("heatwatch.alerts")
#: Why a message was refused, as the books keep it and as people read it.
REASONS: dict[str, Text] = {
    "unknown_number": msg("the number is no recipient's"),
    "incomplete": msg("a part never came"),
    "no_command": msg("no command and no code"),
    "unknown_code": msg("no alert has this code"),
    "over": msg("the alert is over"),
    "taken": msg("somebody else has acknowledged it"),
    "fault": msg("a fault of the program, see the log"),
}
AT_ONCE = 100
HOUR = timedelta(hours=1)
#: A word, a code of digits that may be set apart, a word; one of the words is empty.
_TEXT = re.compile(r"(\D*?)[\s#]*(\d[\d\s\-]*)(\D*)")
_NO_WORD = re.compile(r"[\W_]+")


def handle_received(engine: Engine, config: AlertsConfig, now: datetime) -> int:
    """Handles what is kept and waits, oldest first; how many."""
    with Session(engine) as session:
        waiting = _waiting(session, now)
    for each in waiting:
        try:
            with Session(engine) as session, session.begin():
                _handle(session, session.get_one(InboundMessage, each), config, now)
        except DBAPIError:
            raise
        except Exception:  # one message must not keep the others from leaving
            LOG.exception("inbound message %s", each)
            with Session(engine) as session, session.begin():
                _refuse(session.get_one(InboundMessage, each), "fault", now)
    return len(waiting)


def understood(text: str) -> tuple[Command, str] | None:
    """The command and the code of a text; None where it is neither.

    >>> [(c.name, code) for c, code in filter(None, map(understood, ["ACK 174", "１７４ 收到", "hi"]))]
    [('acknowledge', '174'), ('acknowledge', '174')]
    """
    found = _TEXT.fullmatch(plain(text))
    if found is None:
        return None
    before, after = (_NO_WORD.sub("", found[i]) for i in (1, 3))
    if before and after:
        return None
    word = before or after
    for command in commands().values():
        if word in {_NO_WORD.sub("", plain(each)) for each in command.words}:
            return command, found[2].strip()
    return None


def _waiting(session: Session, now: datetime) -> Sequence[int]:
    late = sa.and_(
        InboundMessage.state == "incomplete", InboundMessage.received_at < now - TOGETHER
    )
    return session.scalars(
        sa.select(InboundMessage.id)
        .where(sa.or_(InboundMessage.state == "received", late))
        .order_by(InboundMessage.id)
        .limit(AT_ONCE)
    ).all()


def _handle(session: Session, row: InboundMessage, config: AlertsConfig, now: datetime) -> None:
    if row.state == "incomplete":
        _refuse(row, "incomplete", now)
        return
    who = recipient_of(row.sender, config.recipients)
    if who is None:
        LOG.warning("a message from %s, which is no recipient's phone, is refused", row.sender)
        _refuse(row, "unknown_number", now)
        return
    row.actor = Actor(ActorKind.PHONE, who.name)
    try:
        said = _act(session, row, config, now)
        row.state, row.handled_at = "matched", now
    except Declined as declined:
        said = declined.text
        _refuse(row, declined.reason, now)
    _answer(session, row, who, said, config, now)


def _act(session: Session, row: InboundMessage, config: AlertsConfig, now: datetime) -> Text:
    wanted = understood(row.text)
    if wanted is None:
        raise Declined(
            "no_command", msg("Not understood. Send the code of an alert to acknowledge it.")
        )
    command, code = wanted
    row.command = command.name
    episode = alert_of(session, code)
    row.episode_id = episode.id
    assert row.actor is not None
    return command.act(Order(session, episode, row.actor, now, ZoneInfo(config.zone)))


def _refuse(row: InboundMessage, reason: str, now: datetime) -> None:
    row.state, row.reason, row.handled_at = "refused", reason, now


def _answer(
    session: Session,
    row: InboundMessage,
    who: Recipient,
    said: Text,
    config: AlertsConfig,
    now: datetime,
) -> None:
    """A due row of the outbox, unless this phone was answered too often lately."""
    lately = session.scalar(
        sa.select(sa.func.count())
        .select_from(Outbox)
        .where(
            Outbox.purpose == "answer",
            Outbox.recipient == who.name,
            Outbox.created_at > now - HOUR,
        )
    )
    if (lately or 0) >= config.sms.most_answers:
        LOG.warning("message %s of %s stays without an answer: too many", row.id, who.name)
        return
    session.add(
        Outbox(
            inbound_id=row.id,
            purpose="answer",
            recipient=who.name,
            phone=who.phone,
            text=answer(said, who.language, config.sms.most_parts),
            state="due",
            created_at=now,
            due_at=now,
            channel=row.channel,
        )
    )
