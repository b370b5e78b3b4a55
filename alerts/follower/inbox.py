"""What a channel hands in, into the books; kept when a call returns."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from alerts.channels.base import Inbound, Receipt
from alerts.inbound.clean import cleaned
from alerts.inbound.keep import confirm, keep, refuse
from alerts.inbound.senders import digits, same_phone
from domain.language import msg
from store.books.watch import Outbox

LOG = logging.getLogger("heatwatch.alerts")
DELIVERED = "DELIVRD"
#: Octets of a message id, its end included (SMPP 3.4 section 5.2.23); and of a state's name.
LONGEST_ID, LONGEST_STATE = 65, 20
#: The message is on its way: another receipt follows (SMPP 3.4 section 5.2.28).
NOT_FINAL = frozenset({"ENROUTE", "ACCEPTD", "SCHEDULED", "BUFFERED"})


def passing(error: Exception) -> bool:
    """Whether the books are away or busy, and the same may go well later."""
    return isinstance(error, OperationalError | InterfaceError)


class BooksInbox:
    """The inbox of one channel at one time.

    What the books can't hold is logged, and kept as refused where it is a message: what one
    phone or centre sends does not hold up the rest.
    """

    def __init__(self, engine: Engine, channel: str, now: datetime) -> None:
        self._engine = engine
        self._channel = channel
        self._now = now

    def message(self, message: Inbound) -> None:
        try:
            with Session(self._engine) as session, session.begin():
                keep(session, self._channel, message, self._now)
        except Exception as error:  # kept as refused: those behind it must come in
            if passing(error):
                raise
            LOG.exception("a message that came in is refused")
            bare = replace(message, sender=ascii(message.sender), text=ascii(message.text))
            self._refuse(bare, "fault")

    def unreadable(self, message: Inbound) -> None:
        self._refuse(message, "unreadable")

    def _refuse(self, message: Inbound, reason: str) -> None:
        with Session(self._engine) as session, session.begin():
            refuse(session, self._channel, message, reason, self._now)

    def confirmed(self, message: Inbound) -> None:
        with Session(self._engine) as session, session.begin():
            confirm(session, self._channel, message, self._now)

    def receipt(self, receipt: Receipt) -> None:
        """To its message, by the part's id; a receipt that fits none is logged."""
        try:
            self._receipt(receipt)
        except Exception as error:  # a receipt must not keep messages from coming in
            if passing(error):
                raise
            LOG.exception("a delivery receipt is left out")

    def _receipt(self, receipt: Receipt) -> None:
        receipt = Receipt(
            reference_of(receipt.reference),
            cleaned(receipt.state, LONGEST_STATE),
            cleaned(receipt.phone, LONGEST_ID),
        )
        with Session(self._engine) as session, session.begin():
            found = _message(session, receipt)
            if found is None:
                LOG.warning(
                    msg("delivery receipt {state} for the unknown message {id}: its delivery stays open",
                        state=receipt.state, id=receipt.reference)
                )  # fmt: skip
                return
            row, reference = found
            known = dict(row.receipts or {})
            if known.get(reference, "ENROUTE") in NOT_FINAL:
                known[reference] = receipt.state
            row.receipts = known
            row.delivery = delivery(known, references(row.channel_ref))


def reference_of(said: str) -> str:
    """A message centre's id as the books keep several of them: with commas between.

    >>> reference_of("17,4"), reference_of("")
    ('17;4', '?')
    """
    return cleaned(said, LONGEST_ID).replace(",", ";") or "?"


def references(kept: str | None) -> tuple[str, ...]:
    """The references of parts that were accepted."""
    return tuple(kept.split(",")) if kept else ()


def delivery(states: dict[str, str], parts: tuple[str, ...]) -> str | None:
    """Of a message from its parts' states: a failure, else how many parts are delivered.

    >>> delivery({"a": "DELIVRD"}, ("a", "b")), delivery({"a": "ACCEPTD"}, ("a",))
    ('DELIVRD 1/2', 'ACCEPTD')
    """
    said = [states[each] for each in parts if each in states]
    failed = [each for each in said if each != DELIVERED and each not in NOT_FINAL]
    if failed:
        return failed[0]
    done = said.count(DELIVERED)
    if done == len(parts):
        return DELIVERED
    if done:
        return f"{DELIVERED} {done}/{len(parts)}"
    return said[-1] if said else None


def spellings(reference: str) -> Iterator[str]:
    """How else a centre writes an id: without leading zeros, hexadecimal for decimal, or back."""
    bare = reference.lstrip("0")
    yield bare
    if bare.isdecimal():
        yield f"{int(bare):X}"
        yield f"{int(bare):x}"
    try:
        yield str(int(bare, 16))
    except ValueError:
        return


def _message(session: Session, receipt: Receipt) -> tuple[Outbox, str] | None:
    """The newest message with a part of this id; centres that start again count anew.

    Another spelling of the id counts only for a message to the same phone.
    """
    if row := _newest(session, receipt.reference, ""):
        return row, receipt.reference
    phone = digits(receipt.phone)
    for other in filter(None, spellings(receipt.reference) if phone else ()):
        if row := _newest(session, other, phone):
            return row, other
    return None


def _newest(session: Session, reference: str, phone: str) -> Outbox | None:
    padded = sa.literal(",").concat(Outbox.channel_ref).concat(",")
    rows = session.scalars(
        sa.select(Outbox)
        .where(padded.contains(f",{reference},", autoescape=True))
        .order_by(Outbox.id.desc())
        .limit(20)
    )
    return next((row for row in rows if not phone or same_phone(digits(row.phone), phone)), None)
