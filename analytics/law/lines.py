"""Settlement lines: exact fractions of the daily fee, one rounding a line (regulations.md 7.12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from domain.money import round_half_up

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Line:
    """One rule at one fraction of the daily fee over consecutive local days."""

    kind: str  # temperature | outage | month ...: of the calculator that wrote it
    first: date
    last: date
    days: Fraction  # part-days it applies to
    share: Fraction  # of the daily fee; 1 for an outage
    amount: Decimal
    clause: str


def total(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)


def amount_of(fee: Fraction, days: Fraction, share: Fraction, count: Fraction) -> Decimal:
    """What `days` days at this share of the daily fee come to; rounded here, once.

    `fee` is for the whole season of `count` days.
    """
    return round_half_up(fee * days * share / count)
