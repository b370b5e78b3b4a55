"""Numbers that a message writes as text: JSON's form and no other."""

import re
from decimal import Decimal, InvalidOperation

#: Python's Decimal also takes `2_1`, blanks and digits of every script.
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def read_number(text: str) -> Decimal:
    """The decimal that `text` writes; NaN and the infinities pass, as nothing can measure them.

    Raises ValueError where it is none.

    >>> read_number("-21.50"), read_number("2e1")
    (Decimal('-21.50'), Decimal('2E+1'))
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if number.is_finite() and not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number; allowed: ASCII digits as in -21.5 or 2e1")
    return number
