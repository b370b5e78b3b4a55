"""What came in, as the books can hold it: any phone may send any octets."""

import unicodedata

from alerts.channels.base import Inbound, PartOf

#: A longer text is no command; of it the beginning is kept. [characters]
LONGEST_TEXT = 2000
LONGEST_SENDER = 32
LONGEST_KEY = 64
#: A reference of parts has 8 or 16 bits, their count 8 (3GPP 23.040 section 9.2.3.24).
MOST_REFERENCE, MOST_PARTS = 0xFFFF, 0xFF
#: Control characters that a text may have.
_KEPT = "\n\r\t"


def cleaned(text: str, most: int) -> str:
    """Its first `most` characters, with control characters and half characters visible.

    >>> cleaned("1029\\0\\x85", 10)
    '1029␀�'
    """
    return "".join(map(_visible, text[:most]))


def clean(message: Inbound) -> Inbound:
    """The message with text, sender and key as the books can hold them."""
    return Inbound(
        cleaned(message.sender, LONGEST_SENDER),
        cleaned(message.text, LONGEST_TEXT),
        cleaned(message.key, LONGEST_KEY),
        message.part,
    )


def possible(part: PartOf | None) -> bool:
    """Whether a part's numbers are within what the standard allows; no part is."""
    return part is None or (
        0 <= part.reference <= MOST_REFERENCE and 1 <= part.number <= part.total <= MOST_PARTS
    )


def _visible(each: str) -> str:
    category = unicodedata.category(each)
    if each in _KEPT or category not in ("Cc", "Cs"):
        return each
    return chr(0x2400 + ord(each)) if ord(each) < 0x20 else "\N{REPLACEMENT CHARACTER}"
