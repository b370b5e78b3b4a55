"""Money outside a line: Decimal with currency. Inside a line sums stay exact (`Fraction`)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency; adding two currencies raises."""

    amount: Decimal
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise ValueError(f"money is built from Decimal, got {type(self.amount).__name__}")

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise ValueError(f"can't add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


#: Currencies of several states, the only codes with X that money is counted in.
X_CURRENCIES = frozenset({"XAF", "XCD", "XCG", "XOF", "XPF"})


@cache
def known_currency(code: str) -> bool:
    """Whether money is counted in it (ISO 4217); codes of metals, units of account and tests are not.

    >>> [known_currency(code) for code in ("CNY", "XAF", "XTS", "XAU", "QQQ")]
    [True, True, False, False, False]
    """
    from babel.numbers import list_currencies

    return code in list_currencies() and (not code.startswith("X") or code in X_CURRENCIES)


def round_half_up(exact: Fraction) -> Decimal:
    """One rounding to 0.01, ties away from zero (regulations.md 7.12).

    >>> round_half_up(Fraction(3, 2) * Fraction(2620, 132))
    Decimal('29.77')
    >>> round_half_up(Fraction(1, 200))
    Decimal('0.01')
    """
    cents = exact * 100
    whole, rest = divmod(abs(cents.numerator), cents.denominator)
    whole += 2 * rest >= cents.denominator
    signed = -whole if cents < 0 else whole
    return (Decimal(signed) * CENT).quantize(CENT, rounding=ROUND_HALF_UP)
