"""How an amount comes about, as a sheet prints it: with units, and true when it is recomputed."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from analytics.law.lines import Line, exact_amount
from analytics.law.steps import exact, money
from domain.language import Text, msg

SAME = 4096  # numbers whose words are remembered: a city's lines have few different ones
MOST_DIGITS = 4  # behind the point; what needs more is printed as a fraction


def product(fee: Fraction, count: Fraction, line: Line, currency: str) -> Text:
    """A share of daily fees; `fee` is for the whole season of `count` days."""
    parts = {
        "fee": money(Decimal(exact(fee)), currency),
        "count": number(count),
        "days": number(line.days),
        "share": share(line.share),
        "amount": money(line.amount, currency),
    }
    if exact_amount(fee, line.days, line.share, count) == Fraction(line.amount):
        return msg("{fee} ÷ {count} days × {days} days × {share} = {amount}", **parts)
    return msg("{fee} ÷ {count} days × {days} days × {share} ≈ {amount}, rounded once", **parts)


class RoomShare(NamedTuple):
    """A room's part of the heated area, as the decimals that were recorded. [m2]"""

    room: str  # code
    area: str
    whole: str

    def of_fee(self) -> Fraction:
        return Fraction(self.area) / Fraction(self.whole)


def of_room(fee: Fraction, count: Fraction, line: Line, part: RoomShare, currency: str) -> Text:
    """A share of the part of the daily fees that falls to a room, by its part of the heated area."""
    parts = {
        "fee": money(Decimal(exact(fee)), currency),
        "count": number(count),
        "days": number(line.days),
        "share": share(line.share),
        "area": part.area,
        "whole": part.whole,
        "amount": money(line.amount, currency),
    }
    own = fee * part.of_fee()
    if exact_amount(own, line.days, line.share, count) == Fraction(line.amount):
        return msg(
            "{fee} ÷ {count} days × {days} days × {share} × {area} m² ÷ {whole} m² = {amount}",
            **parts,
        )
    return msg(
        "{fee} ÷ {count} days × {days} days × {share} × {area} m² ÷ {whole} m² ≈ {amount}, rounded "
        "once",
        **parts,
    )


@lru_cache(SAME)
def number(value: Fraction) -> str:
    """Exact: a decimal where it ends soon, else whole days and the rest.

    >>> [number(Fraction(each)) for each in ("5", "5/4", "120", "7/3", "1/86400")]
    ['5', '1.25', '120', '(2 + 1/3)', '1/86400']
    """
    if (value * 10**MOST_DIGITS).denominator == 1:
        return decimal(value)
    whole, rest = divmod(value, 1)
    return f"({whole} + {rest})" if whole else str(rest)


def decimal(value: Fraction) -> str:
    """Exact, for a file: a decimal where it ends soon, else the fraction.

    >>> [decimal(Fraction(each)) for each in ("5", "5/4", "120", "7/3")]
    ['5', '1.25', '120', '7/3']
    """
    if (value * 10**MOST_DIGITS).denominator != 1:
        return str(value)
    return f"{(Decimal(value.numerator) / value.denominator).normalize():f}"


@lru_cache(SAME)
def share(value: Fraction) -> str:
    """A share of the daily fee in per cent, a multiple of it as a number; exact.

    >>> [share(Fraction(each)) for each in ("1/2", "1", "1/3", "2")]
    ['50%', '100%', '1/3', '2']
    """
    per_cent = number(value * 100)
    return f"{per_cent}%" if value <= 1 and "/" not in per_cent else number(value)
