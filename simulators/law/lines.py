"""A line of a refund while a twin works: what it has of each day is kept, so that it can be cut."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

#: As an answer has it, and until it is cut also `parts` (day -> daily fees), `daily` (the fee of a day).
Line = dict[str, Any]
#: What only a twin needs of a line.
WORKING = ("parts", "daily", "coins")


def money(exact: Fraction, coins: int = 100) -> Decimal:
    """Half a coin goes up, of which one of the currency has so many: of a won one."""
    counted = exact * coins
    whole = counted.numerator // counted.denominator
    up = 1 if counted - whole >= Fraction(1, 2) else 0
    return (Decimal(whole + up) / coins).quantize(Decimal("0.01"))


def line_of(
    kind: str,
    parts: Mapping[date, Fraction],
    share: int | Fraction,
    daily: Fraction,
    coins: int = 100,
    **more: Any,
) -> Line:
    """A share of so many daily fees `parts`, from the first of their days to the last, rounded once."""
    days = sum(parts.values(), Fraction(0))
    return {
        "kind": kind, "from": str(min(parts)), "to": str(max(parts)), "days": str(days),
        "share": str(share), "amount": str(money(daily * days * share, coins)),
        "parts": dict(parts), "daily": daily, "coins": coins,
    } | more  # fmt: skip


def answer(lines: list[Line], *, undetermined: bool = False) -> dict[str, Any]:
    """Lines with their total."""
    total = sum((Decimal(each["amount"]) for each in lines), Decimal("0.00"))
    return {"total": str(total), "undetermined": undetermined, "lines": lines}
