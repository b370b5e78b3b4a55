"""Delivery receipts as message centres write them (SMPP 3.4 section 2.11 and appendix B).

The standard leaves a receipt's text to each centre: fields may be missing, in any order and letter
case, in short_message or message_payload, in ASCII or UCS-2. What stands in the optional parameters
receipted_message_id and message_state counts before the text.
"""

import re
from typing import Any

from alerts.channels import sms
from alerts.channels.base import Receipt, ReceiptIds

#: Message types of esm_class, section 5.2.12; the other bits say how it is written.
TYPE, MESSAGE, RECEIPT, INTERMEDIATE = 0x3C, 0x00, 0x04, 0x20
HAS_HEADER = 0x40  # the text begins with a user data header
DELIVERED, ON_ITS_WAY = "DELIVRD", "ENROUTE"
#: The message is on its way, or the centre can't tell: another receipt may follow.
NOT_FINAL = frozenset({ON_ITS_WAY, "ACCEPTD", "SCHEDULED", "BUFFERED", "UNKNOWN"})
#: message_state, section 5.2.28 (SMPP 5.0 section 4.7.15 has 0 and 9), as appendix B writes it.
STATES = {
    0: "SCHEDULED", 1: ON_ITS_WAY, 2: DELIVERED, 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV",
    6: "ACCEPTD", 7: "UNKNOWN", 8: "REJECTD", 9: "SKIPPED",
}  # fmt: skip
#: The same where a centre writes more than seven letters.
IN_FULL = {
    "DELIVERED": DELIVERED, "UNDELIVERABLE": "UNDELIV", "UNDELIVERED": "UNDELIV",
    "ACCEPTED": "ACCEPTD", "REJECTED": "REJECTD", "EN_ROUTE": ON_ITS_WAY,
}  # fmt: skip
#: A field and its value, which may stand behind a space, but is no other field's name.
_FIELD = re.compile(r"(?<!\w)(id|stat)\s*:(?:(\S+)|[ \t]+(?![\w]+\s*:)(\S+))", re.IGNORECASE)
#: What stands between two fields where it is no space.
_BETWEEN = re.compile(r"[,;|]\s*(?=(?:id|sub|dlvrd|\w+ date|stat|err|text)\s*:)", re.IGNORECASE)
#: What follows is the beginning of our own message.
_TEXT = re.compile(r"(?<!\w)text\s*:", re.IGNORECASE)


def is_receipt(pdu: Any) -> bool:
    """Whether a deliver_sm says what became of a message: by its type, or by a receipt's parameter.

    Some centres leave the type at 0; a phone's message has no receipted_message_id.
    """
    kind = (pdu.esm_class or 0) & TYPE
    return kind in (RECEIPT, INTERMEDIATE) or (
        kind == MESSAGE and getattr(pdu, "receipted_message_id", None) is not None
    )


def parse_receipt(pdu: Any, ids: ReceiptIds = "automatic") -> Receipt | None:
    """Message id and state of a delivery receipt; None where it says no id or no state."""
    said = fields(text_of(pdu))
    named = [_text(getattr(pdu, "receipted_message_id", None)).strip(), said.get("id", "")]
    references = list(dict.fromkeys(filter(None, named)))
    state = _state(getattr(pdu, "message_state", None), said.get("stat", ""))
    if not references or not state:
        return None
    if (pdu.esm_class or 0) & TYPE == INTERMEDIATE and state != DELIVERED:
        state = state if state in NOT_FINAL else ON_ITS_WAY  # one attempt failed; others follow
    reference, *others = references
    return Receipt(reference, state[:20], _text(pdu.source_addr), tuple(others), ids)


def fields(octets: bytes) -> dict[str, str]:
    """`id` and `stat` of a receipt's text; the first of each, before the text of our message.

    >>> fields(b"STAT:delivrd err:000 ID: 17 text:id:4 stat:UNDELIV")
    {'stat': 'delivrd', 'id': '17'}
    >>> fields("id:17 stat:DELIVRD".encode("utf-16-be"))
    {'id': '17', 'stat': 'DELIVRD'}
    """
    # the data coding is not asked: centres give that of the message for a receipt in ASCII
    for written in ("latin-1", "utf-16-be", "utf-16-le"):
        text = octets.decode(written, errors="replace").replace("\uff1a", ":").replace("\0", " ")
        if written == "latin-1" and octets.count(0) > 1 and octets.count(0) * 3 >= len(octets):
            continue  # every other octet is 0
        found: dict[str, str] = {}
        for part in _TEXT.split(_BETWEEN.sub(" ", text), maxsplit=1):
            for name, near, far in _FIELD.findall(part):
                found.setdefault(name.lower(), near or far)
        if found:
            return found
    return {}


def text_of(pdu: Any) -> bytes:
    """The octets of its text, wherever they stand; a data_sm has no short_message."""
    octets = getattr(pdu, "short_message", None) or getattr(pdu, "message_payload", None) or b""
    octets = octets.encode("latin-1") if isinstance(octets, str) else octets
    return sms.split_header(octets)[1] if (pdu.esm_class or 0) & HAS_HEADER else octets


def _state(number: int | None, written: str) -> str:
    """By the parameter, 0 only where the text says none: SMPP 3.4 does not have it."""
    upper = written.upper()
    text = IN_FULL.get(upper, upper)
    return STATES.get(number or -1) or text or ("" if number is None else STATES.get(number, ""))


def _text(octets: bytes | str | None) -> str:
    text = octets.decode("latin-1") if isinstance(octets, bytes) else octets or ""
    return text.rstrip("\0")
