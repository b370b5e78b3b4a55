"""Whose phone it is that sent a message."""

import re
from collections.abc import Sequence

from alerts.config import Recipient

#: A country's code has at most so many digits (ITU-T E.164).
MOST_COUNTRY = 3
LEAST_NATIONAL = 8


def recipient_of(sender: str, recipients: Sequence[Recipient], country: str) -> Recipient | None:
    """The recipient with this phone; None where nobody has it, or it may be one of several.

    A phone with + or 00 is this one and no other. Centres leave out the + or, at home, the
    country's code; `country` is the code of home.

    >>> li, wang = Recipient(name="li", phone="+8613800138000"), Recipient(name="wang", phone="139")
    >>> recipient_of("13800138000", (li, wang), "86").name
    'li'
    >>> recipient_of("+13800138000", (li, wang), "86")
    """
    given = set(whole_phones(sender, country))
    found = {
        whole: each
        for each in reversed(recipients)
        for whole in whole_phones(each.phone, country)[-1:]
        if whole in given
    }
    return next(iter(found.values())) if len(found) == 1 else None


def whole_phones(phone: str, country: str) -> tuple[str, ...]:
    """What it may be with its country's code, the likeliest last; empty where it has no digit.

    >>> whole_phones("+13800138000", "86"), whole_phones("13800138000", "86")
    (('13800138000',), ('13800138000', '8613800138000'))
    """
    bare = digits(phone)
    if not bare:
        return ()
    if phone.strip().startswith(("+", "00")):
        return (bare,)
    if bare.startswith(country) and len(bare) - len(country) >= LEAST_NATIONAL:
        return (country + bare, bare)
    return (bare, country + bare)


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
