"""Whose phone it is that sent a message."""

import re
from collections.abc import Sequence

from alerts.config import Recipient

#: A country's code has at most so many digits (ITU-T E.164).
MOST_COUNTRY = 3
LEAST_NATIONAL = 8


def recipient_of(sender: str, recipients: Sequence[Recipient]) -> Recipient | None:
    """The recipient with this phone; None where nobody has it, or it may be one of several.

    Centres write a phone with or without its country's code.

    >>> li, wang = Recipient(name="li", phone="+8613800138000"), Recipient(name="wang", phone="139")
    >>> recipient_of("13800138000", (li, wang)).name, recipient_of("008613800138000", (li,)).name
    ('li', 'li')
    """
    given = digits(sender)
    phones = {digits(each.phone): each for each in reversed(recipients) if each.phone}
    if given in phones:
        return phones[given]
    near = [each for phone, each in phones.items() if same_phone(given, phone)]
    return near[0] if len(near) == 1 else None


def digits(phone: str) -> str:
    """A phone without what stands before its country's code or, at home, its area's."""
    return re.sub(r"\D", "", phone).lstrip("0")


def same_phone(one: str, other: str) -> bool:
    """Whether two phones of `digits` are one, with or without its country's code."""
    short, long = sorted((one, other), key=len)
    return (
        len(short) >= LEAST_NATIONAL
        and len(long) - len(short) <= MOST_COUNTRY
        and long.endswith(short)
    )
