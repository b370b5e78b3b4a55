"""Numbers as a policy writes them, in quotes: decimals and shares, kept exact."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from pydantic import ValidationInfo

from domain.language import msg

#: Of a number of a policy: the resolution of temperatures, and whole µs of every hour and minute.
DECIMALS = 3
KEPT = "kept"  # as context of a validation: the policy of a run, read as it was


def decimal_of(value: object, info: ValidationInfo) -> Decimal:
    """Decimal strings only: a TOML float has lost its digits already.

    Of at most three decimals, so that a limit compared in whole ticks is the one that stands there;
    the policy of a run (`KEPT` as context) is read as it was.
    """
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str):
        raise ValueError(msg('write it as a decimal in quotes, such as "18.0"'))
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(msg('not a decimal number; expected one like "18.0"')) from None
    if not number.is_finite():
        raise ValueError(msg("must be a finite number"))
    if number != round(number, DECIMALS) and info.context != KEPT:
        raise ValueError(msg("too many digits behind the point; allowed: at most three"))
    return number


def share_of(value: object) -> Fraction:
    """A share of the fee such as "1/2" or "0.2", more than 0 and at most 1."""
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, str):
        raise ValueError(msg('write it as a share in quotes, such as "1/2"'))
    try:
        share = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ValueError(msg('not a share; expected one like "1/2" or "0.5"')) from None
    if not 0 < share <= 1:
        raise ValueError(msg("out of range; allowed: above 0 to 1"))
    return share
