"""What a line comes to, for tests that expect it."""

from decimal import Decimal
from fractions import Fraction

from domain.money import digits_of, round_half_up


def amount_of(
    fee: Fraction, days: Fraction, share: Fraction, count: Fraction, currency: str = "CNY"
) -> Decimal:
    """A share of `days` daily fees; `fee` is for the whole season of `count` days."""
    return round_half_up(fee * days * share / count, currency)


def unit_of(currency: str) -> Decimal:
    """The smallest amount that can be paid: what rounding a line may change at most, twice."""
    return Decimal(1).scaleb(-digits_of(currency))
