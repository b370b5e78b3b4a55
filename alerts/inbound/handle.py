"""What came in is understood, acted on and answered: one message, one transaction.

    received -> matched -> answered      its command was carried out
             -> refused [-> answered]    with the reason: see REASONS

Somebody whose number nobody has gets no answer, and nobody gets more than `most_answers` an hour,
so that two machines can't talk to each other for ever.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from alerts.config import AlertsConfig, Recipient
from alerts.episodes.acknowledge import Declined, alert_of
from alerts.inbound.command import Order
from alerts.inbound.concerns import concerns
from alerts.inbound.help_text import help_page, not_understood, page_wanted
from alerts.inbound.keep import TOGETHER
from alerts.inbound.senders import recipient_of
from alerts.inbound.understand import Understood, several_codes, understood
from alerts.messages.codes import code_of, number_of
from alerts.messages.texts import answer
from domain.actor import Actor, ActorKind
from domain.language import Text, msg
from store.books.watch import Episode, InboundMessage, Outbox

LOG = logging.getLogger("heatwatch.alerts")
#: Why a message was refused, as the books keep it and as people read it.
REASONS: dict[str, Text] = {
    "unknown_number": msg("the number is no recipient's"),
    "incomplete": msg("a part never came"),
    "no_command": msg("no command and no code"),
    "several_codes": msg("codes of several alerts"),
    "number": msg("its number is missing or not allowed"),
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
        return _help(row, who.language, config.sms.most_parts)
    row.command = wanted.command.name
    if several_codes(wanted.code):
        text = msg("Send one code at a time, not {codes}.", codes=wanted.code)
        raise Declined("several_codes", text)
    episode = _alert(session, wanted)
    row.episode_id = episode.id
    if not concerns(session, episode, who):
        raise Declined("not_sent", msg("Alert {code} is none of yours.", code=code_of(episode.id)))
    assert row.actor is not None
    number = _number(session, wanted, who)
    order = Order(session, episode, row.actor, now, ZoneInfo(config.zone), number)
    return wanted.command.act(order)


def _help(row: InboundMessage, language: str, most_parts: int) -> Text:
    """The page that is wanted; Declined where none is, with what can be sent."""
    page = page_wanted(row.text)
    if page is None:
        raise Declined("no_command", not_understood(row.text, language, most_parts))
    row.command = "help"
    return help_page(page, language, most_parts)


def _alert(session: Session, wanted: Understood) -> Episode:
    """The alert that is meant; Declined says in which order a code and a number stand."""
    try:
        return alert_of(session, wanted.code)
    except Declined as declined:
        if wanted.command.number is None:
            raise
        why, allowed = declined.text, wanted.command.number.allowed()
        text = msg("{why} First the code, then: {allowed}.", why=why, allowed=allowed)
        raise Declined(declined.reason, text) from None


def _number(session: Session, wanted: Understood, who: Recipient) -> int | None:
    """The number of a command, None where it has none; Declined names it and what is allowed."""
    number = wanted.command.number
    if number is None:
        return None
    given, allowed = wanted.given, number.allowed()
    if not given:
        raise Declined("number", msg("Missing: {allowed}.", allowed=allowed))
    if not (given.isdigit() and number.least <= int(given) <= number.most):
        text = msg("{given} is not allowed: {allowed}.", given=given[:30], allowed=allowed)
        raise Declined("number", text)
    other = None if wanted.with_unit else number_of(given)
    episode = None if other is None else session.get(Episode, other)
    if episode is not None and episode.cleared_at is None and concerns(session, episode, who):
        text = msg(
            "{given} is an open alert, too: write {given} {unit} if it is the {what}.",
            given=given, unit=number.unit, what=number.what,
        )  # fmt: skip
        raise Declined("several_codes", text)
    return int(given)


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
