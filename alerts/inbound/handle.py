"""What came in is understood, acted on and answered: one message, one transaction.

    received -> matched -> answered      its command was carried out
             -> refused [-> answered]    with the reason: see REASONS

Somebody whose number nobody has gets no answer, and nobody gets more than `most_answers` an hour,
so that two machines can't talk to each other for ever.
"""

import logging
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from alerts.config import AlertsConfig, Recipient
from alerts.episodes.acknowledge import Declined, alert_of
from alerts.inbound.command import Command, Order
from alerts.inbound.commands import commands
from alerts.inbound.concerns import concerns
from alerts.inbound.keep import TOGETHER
from alerts.inbound.senders import recipient_of
from alerts.messages.codes import code_of, plain
from alerts.messages.texts import answer
from domain.actor import Actor, ActorKind
from domain.language import Text, joined, msg
from store.books.watch import InboundMessage, Outbox

LOG = logging.getLogger("heatwatch.alerts")
#: Why a message was refused, as the books keep it and as people read it.
REASONS: dict[str, Text] = {
    "unknown_number": msg("the number is no recipient's"),
    "incomplete": msg("a part never came"),
    "no_command": msg("no command and no code"),
    "unreadable": msg("its octets are no message"),
    "impossible": msg("its parts are numbered as no message's are"),
    "not_sent": msg("the alert is none of the sender's"),
    "unknown_code": msg("no alert has this code"),
    "over": msg("the alert is over"),
    "taken": msg("somebody else has acknowledged it"),
    "fault": msg("a fault of the program, see the log"),
}
AT_ONCE = 100
HOUR = timedelta(hours=1)
#: A command and a code are shorter. [characters]
LONGEST_COMMAND = 100
_DIGITS = "0123456789"
#: What may stand around a command and its code, in compatible forms; a question mark may not.
_MARKS = str.maketrans("", "", " \t\r\n#.,:;!-()[]\u3002\u3001\u3010\u3011")


def handle_received(engine: Engine, config: AlertsConfig, now: datetime) -> int:
    """Handles what is kept and waits, oldest first; how many."""
    with Session(engine) as session:
        waiting = _waiting(session, now)
    for each in waiting:
        try:
            with Session(engine) as session, session.begin():
                _handle(session, session.get_one(InboundMessage, each), config, now)
        except (OperationalError, InterfaceError):  # the books are away or busy
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
    if len(text) > LONGEST_COMMAND:
        return None
    seen = "".join(each for each in plain(text) if unicodedata.category(each) != "Cf")
    places = [place for place, each in enumerate(seen) if each in _DIGITS]
    if not places:
        return None
    before, code, after = _cut(seen, places[0], places[-1] + 1)
    if (before and after) or code.translate(_MARKS).strip(_DIGITS):
        return None
    for command in commands().values():
        if (before or after) in {_word(each) for each in command.words}:
            return command, code
    return None


def _cut(text: str, begin: int, end: int) -> tuple[str, str, str]:
    return _word(text[:begin]), text[begin:end], _word(text[end:])


def _word(text: str) -> str:
    return plain(text).translate(_MARKS)


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
    if row.state not in ("incomplete", "received"):  # somebody else has handled it meanwhile
        return
    if row.state == "incomplete":
        _refuse(row, "incomplete", now)
        return
    who = recipient_of(row.sender, config.recipients, config.sms.country_code)
    if who is None:
        LOG.warning(
            msg(
                "a message from {phone}, which is no recipient's phone, is refused",
                phone=row.sender,
            )
        )
        _refuse(row, "unknown_number", now)
        return
    row.actor = Actor(ActorKind.PHONE, who.name)
    try:
        said = _act(session, row, who, config, now)
        row.state, row.handled_at = "matched", now
    except Declined as declined:
        said = declined.text
        _refuse(row, declined.reason, now)
    _answer(session, row, who, said, config, now)


def _act(
    session: Session, row: InboundMessage, who: Recipient, config: AlertsConfig, now: datetime
) -> Text:
    wanted = understood(row.text)
    if wanted is None:
        uses = joined("; ", [each.use for each in commands().values()])
        raise Declined("no_command", msg("Not understood. What you can send: {uses}.", uses=uses))
    command, code = wanted
    row.command = command.name
    episode = alert_of(session, code)
    row.episode_id = episode.id
    if not concerns(session, episode, who):
        raise Declined("not_sent", msg("Alert {code} is none of yours.", code=code_of(episode.id)))
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
        LOG.warning(
            msg("a message of {name} stays without an answer: too many in an hour", name=who.name)
        )
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
