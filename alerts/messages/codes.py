"""The code of an alert in its messages: its number with a check digit, so that a slip names none.

Digits only, as the plainest phone types them. The check digit is Damm's: it finds every wrong
digit and every two that changed places (H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004).
"""

import re
import unicodedata

#: Damm's table of order ten; zero on its diagonal, so that a code with its check digit ends in 0.
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
#: No alert has a longer one.
MOST_DIGITS = 18
_BETWEEN = re.compile(r"[\s#:.\-]+")


def _check(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = DAMM[interim][int(digit)]
    return interim


def code_of(number: int) -> str:
    """The code of the alert with this number.

    >>> code_of(17), code_of(572)
    ('174', '5724')
    """
    return f"{number}{_check(str(number))}"


def number_of(code: str) -> int | None:
    """The number of a code as people type it; None where it is none, or a slip.

    Blanks, dashes, a # before it and full-width digits are forgiven.

    >>> number_of(" #17 4"), number_of("１７４"), number_of("147"), number_of("172")
    (17, 17, None, None)
    """
    digits = _BETWEEN.sub("", plain(code))
    if not (2 <= len(digits) <= MOST_DIGITS and digits.isascii() and digits.isdigit()):
        return None
    if digits.startswith("0") or _check(digits):
        return None
    return int(digits[:-1])


def plain(text: str) -> str:
    """Full-width and other compatible characters as the usual ones, in lower case."""
    return unicodedata.normalize("NFKC", text).casefold().strip()
