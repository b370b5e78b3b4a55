"""Settlement lines: exact fractions of the daily fee, one rounding a line (regulations.md 7.12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from domain.language import Text

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Line:
    """One rule at one fraction of the daily fee over consecutive local days.

    Its amount is fee ÷ season days × `days` × `share`, rounded once, unless `formula` says how else
    it comes about (of a flat sum, of what is left): then that is what the sheet prints.
    """

    kind: str  # temperature | outage | month ...: of the calculator that wrote it
    first: date
    last: date
    days: Fraction  # part-days it applies to
    share: Fraction  # of the daily fee; 1 for an outage
    amount: Decimal
    clause: str
    formula: Text | None = None  # a step's text: its values as `law/steps.py` has them
    room: str = ""  # code, where the act settles each room alone
    payer: str = ""  # who bore the fee of these days; "": the contract's holder
    exact: Fraction | None = None  # before it was rounded; None: as `amount`
    #: (day of the season, seconds that its `days` have of it); (): as much of each day from first to last.
    seconds: tuple[tuple[int, int | Fraction], ...] = ()

    def among(self, days: Sequence[date]) -> range:
        """Its days from the first to the last, by their index among `days`."""
        return range(days.index(self.first), days.index(self.last) + 1)


#: The fields that are hashed with a run and kept in the books, in this order. `formula` stands in
#: the line's step, which is hashed and kept as well.
KEPT = ("kind", "first", "last", "days", "share", "amount", "clause")


def total(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)


def exact_amount(fee: Fraction, days: Fraction, share: Fraction, count: Fraction) -> Fraction:
    """What `days` days at this share of the daily fee come to, before the one rounding.

    `fee` is for the whole season of `count` days.
    """
    return fee * days * share / count
