"""Whose message a delivery receipt is of, and what the receipts of all parts say together.

A centre may write an id one way in its answer and another way in the receipt. Where no setting says
how, a receipt counts only for the one message that it can be of.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.channels import sms
from alerts.channels.base import Receipt, ReceiptIds
from alerts.channels.receipts import DELIVERED, NOT_FINAL, ON_ITS_WAY
from alerts.inbound.clean import cleaned
from alerts.inbound.senders import digits, same_phone
from domain.language import Text, msg
from store.books.watch import Outbox

#: Octets of a message id, its end included (SMPP 3.4 section 5.2.23); and of a state's name.
LONGEST_ID, LONGEST_STATE = 65, 20
#: A receipt is of a message of this time: no centre tries for longer, and ids come again.
LATEST = timedelta(days=30)
#: Messages that a receipt may be of, and newest ones that show how ids are written.
MOST, SHOWN = 200, 50
NO_ID = "?"
#: How near an id of an answer is to a receipt's: the same, but for its padding and letter case, by its number.
SAME, PADDED, NUMBER = range(3)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that a receipt may be of."""

    row: Outbox
    reference: str
    near: int


def take_receipt(session: Session, receipt: Receipt, now: datetime) -> Text | None:
    """Writes a receipt to its message; what is to be said where it is of none, or of several.

    A final state stays: neither a late one of the way nor a repeated receipt undoes it.
    """
    found = message_of(session, receipt, now)
    if not isinstance(found, Part):
        return found
    row, reference = found.row, found.reference
    known = dict(row.receipts or {})
    if known.get(reference, ON_ITS_WAY) in NOT_FINAL:
        known[reference] = receipt.state
    row.receipts = known
    row.delivery = delivery_of_row(row)
    return None


def message_of(session: Session, receipt: Receipt, now: datetime) -> Part | Text:
    """The part that a receipt is of, by the first of its ids that fits one."""
    for said in (receipt.reference, *receipt.others):
        parts = list(_parts(session, said, receipt, now))
        if not parts:
            continue
        part = _chosen(session, parts, receipt, now)
        if part is not None:
            return part
        return msg(
            "delivery receipt {state} of {id} may be of several messages ({ids}), so their delivery "
            "stays open: receipt_ids in [alerts.sms.smpp] says how receipts write ids",
            state=receipt.state, id=said, ids=", ".join(dict.fromkeys(p.reference for p in parts)),
        )  # fmt: skip
    return msg(
        "delivery receipt {state} for the unknown message {id}: its delivery stays open",
        state=receipt.state, id=receipt.reference,
    )  # fmt: skip


def delivery_of_row(row: Outbox) -> str | None:
    """What is known of a message's delivery. One that has not left whole is not delivered."""
    parts = references(row.channel_ref)
    total = len(parts)
    if row.state != "handed":
        try:
            total = max(total + 1, len(sms.encode(row.text, row.id).octets))
        except sms.TooLong:
            total += 1
    return delivery(row.receipts or {}, parts, total)


def delivery(states: dict[str, str], parts: tuple[str, ...], total: int) -> str | None:
    """Of a message of `total` parts from their states: a failure, else how many are delivered.

    >>> delivery({"a": "DELIVRD"}, ("a", "b"), 2), delivery({"a": "ACCEPTD"}, ("a",), 1)
    ('DELIVRD 1/2', 'ACCEPTD')
    >>> delivery({}, ("a",), 1)
    """
    said = [states[each] for each in parts if each in states]
    failed = [each for each in said if each != DELIVERED and each not in NOT_FINAL]
    if failed:
        return failed[0]
    done = said.count(DELIVERED)
    if done and done == total:
        return DELIVERED
    if done:
        return f"{DELIVERED} {done}/{total}"
    return said[-1] if said else None


def reference_of(said: str) -> str:
    """A message centre's id as the books keep several of them: with commas between.

    >>> reference_of("17,4"), reference_of("")
    ('17;4', '?')
    """
    return cleaned(said.strip(), LONGEST_ID).replace(",", ";") or NO_ID


def references(kept: str | None) -> tuple[str, ...]:
    """The references of parts that were accepted."""
    return tuple(kept.split(",")) if kept else ()


def cleaned_receipt(receipt: Receipt) -> Receipt:
    """The receipt with texts as the books can hold them."""
    return Receipt(
        reference_of(receipt.reference),
        cleaned(receipt.state, LONGEST_STATE),
        cleaned(receipt.phone, LONGEST_ID),
        tuple(map(reference_of, receipt.others)),
        receipt.ids,
    )


def forms(said: str, ids: ReceiptIds) -> dict[str, int]:
    """What a receipt's id may be in the answer, bare of zeros, spaces and case, and how near that is.

    >>> forms("0870928762", "automatic")
    {'36248389474': 2, '33e9517a': 2, '870928762': 1}
    >>> forms("33E9517A", "hex"), forms("33E9517A", "decimal")
    ({'870928762': 1}, {})
    """
    plain = bare(said)
    by_number = {"decimal": (_hex_of(plain),), "hex": (_decimal_of(plain),), "as sent": ()}
    if ids == "automatic":
        near = dict.fromkeys(filter(None, (_decimal_of(plain), _hex_of(plain))), NUMBER)
        return {**near, plain: PADDED}
    return dict.fromkeys(filter(None, by_number[ids] or (plain,)), PADDED)


def bare(said: str) -> str:
    """An id without padding and letter case.

    >>> bare(" 00AF "), bare("000")
    ('af', '0')
    """
    return said.strip().lstrip("0").casefold() or "0"


def _hex_of(plain: str) -> str | None:
    return f"{int(plain):x}" if plain.isascii() and plain.isdecimal() else None


def _decimal_of(plain: str) -> str | None:
    return str(int(plain, 16)) if re.fullmatch(r"[0-9a-f]+", plain) else None


def _parts(session: Session, said: str, receipt: Receipt, now: datetime) -> Iterator[Part]:
    """Parts that an id fits, of the newest message first."""
    near = forms(said, receipt.ids) if said != NO_ID else {}
    if not near:
        return
    phone, ends = digits(receipt.phone), Outbox.channel_ref.concat(",")
    rows = session.scalars(
        sa.select(Outbox)
        .where(Outbox.created_at >= now - LATEST)
        .where(sa.or_(*(ends.icontains(f"{form},", autoescape=True) for form in near)))
        .order_by(Outbox.id.desc())
        .limit(MOST)
    )
    for row in rows:
        to_it = not phone or same_phone(digits(row.phone), phone)
        for reference in references(row.channel_ref):
            if reference == said and receipt.ids in ("automatic", "as sent"):
                yield Part(row, reference, SAME)
            elif (how := near.get(bare(reference))) is not None and (
                to_it or receipt.ids != "automatic"
            ):
                yield Part(row, reference, how)


def _chosen(
    session: Session, parts: Sequence[Part], receipt: Receipt, now: datetime
) -> Part | None:
    """The nearest, the newest first: centres that start again count anew. None: it can't be told."""
    nearest = min(parts, key=lambda each: each.near)
    if receipt.ids != "automatic":
        return nearest
    by_number = {each.reference for each in parts if each.near == NUMBER}
    if nearest.near == NUMBER:
        return nearest if len(by_number) == 1 and digits(receipt.phone) else None
    if by_number and _hexadecimal(session, now):
        return None
    return nearest if nearest.near == SAME or digits(receipt.phone) else None


def _hexadecimal(session: Session, now: datetime) -> bool:
    """Whether the centre's answers have hexadecimal ids, as far as its newest show it."""
    kept = session.scalars(
        sa.select(Outbox.channel_ref)
        .where(Outbox.created_at >= now - LATEST, Outbox.channel_ref.is_not(None))
        .order_by(Outbox.id.desc())
        .limit(SHOWN)
    ).all()
    shown = [bare(each) for refs in kept for each in references(refs)]
    return any(re.fullmatch(r"[0-9]*[a-f][0-9a-f]*", each) for each in shown)
