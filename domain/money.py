"""Money outside a line: Decimal with currency. Inside a line sums stay exact (`Fraction`)."""

from dataclasses import dataclass
from decimal import Decimal
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


#: Counted in whole units: there are no coins or book money of a hundredth (ISO 4217, minor unit 0).
WHOLE_UNITS = frozenset(
    {
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
        "XAF", "XOF", "XPF",
    }
)  # fmt: skip
#: Counted in thousandths (ISO 4217, minor unit 3): amounts are kept to a hundredth, so none is in one.
THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
#: Currencies of several states, the only codes with X that money is counted in.
X_CURRENCIES = frozenset({"XAF", "XCD", "XCG", "XOF", "XPF"})


@cache
def known_currency(code: str) -> bool:
    """Whether money can be counted in it here (ISO 4217), to a hundredth or in whole units.

    Codes of metals, units of account and tests are none.

    >>> [known_currency(code) for code in ("CNY", "XAF", "XTS", "XAU", "QQQ", "KWD")]
    [True, True, False, False, False, False]
    """
    from babel.numbers import list_currencies

    if code in THOUSANDTHS or code not in list_currencies():
        return False
    return not code.startswith("X") or code in X_CURRENCIES


def digits_of(currency: str) -> int:
    """Digits behind the point of an amount that can be paid.

    >>> digits_of("CNY"), digits_of("KRW")
    (2, 0)
    """
    return 0 if currency in WHOLE_UNITS else 2


def round_half_up(exact: Fraction, currency: str) -> Decimal:
    """One rounding to what can be paid in the currency, ties away from zero (regulations.md 7.12).

    The amount always has two digits, as the books keep it.

    >>> round_half_up(Fraction(3, 2) * Fraction(2620, 132), "CNY")
    Decimal('29.77')
    >>> round_half_up(Fraction(1, 200), "CNY"), round_half_up(Fraction(1, 200), "KRW")
    (Decimal('0.01'), Decimal('0.00'))
    """
    scale = 10 ** digits_of(currency)
    units = exact * scale
    whole, rest = divmod(abs(units.numerator), units.denominator)
    whole += 2 * rest >= units.denominator
    signed = -whole if units < 0 else whole
    return Decimal(signed * 100 // scale) * CENT
