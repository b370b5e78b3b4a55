"""Sums that are no shares of the days they are shown at, such as a month's fee: at most the season's."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from analytics.law.calculator import Basis, Seconds, part_days
from analytics.law.lines import Line, total
from analytics.law.steps import money
from domain.language import msg

ALL_CHARGED: Mapping[int, Seconds] = {}


class SumLine(NamedTuple):
    """A sum of so many daily fees, before what was refunded is looked at."""

    kind: str
    first: int  # day of the season by index
    last: int  # shown to the season's last day at most
    days: Fraction
    share: Fraction
    clause: str


def within_season(
    basis: Basis, fee: Fraction, currency: str, own: SumLine, paid: Sequence[Line],
    closed: Mapping[int, Seconds] = ALL_CHARGED,
) -> Line:  # fmt: skip
    """The line of a sum; with those `paid` before all come to at most the season's fee.

    Of days that were not charged, `closed`, nothing is in it (7.11e).
    """
    last = min(own.last, len(basis.days.days) - 1)
    off = part_days(basis, {d: s for d, s in closed.items() if own.first <= d <= last})
    if basis.fee_of_days:
        days = max(Fraction(0), own.days - off)
        return basis.line(own.kind, fee, own.first, last, days, own.share, own.clause)
    charged = basis.count - part_days(basis, closed)
    left = (charged - sum(line.days * line.share for line in paid)) / own.share
    days = max(Fraction(0), min(own.days - off, left))
    line = basis.line(own.kind, fee, own.first, last, days, own.share, own.clause)
    return at_most(line, Decimal(fee.numerator) / fee.denominator, total(paid), currency)


def at_most(line: Line, whole: Decimal, before: Decimal, currency: str) -> Line:
    """The line; at most what is left of the season's fee, the `whole`, by what was refunded `before`."""
    most = max(Decimal("0.00"), whole - before)
    if line.amount <= most:
        return line
    formula = msg(
        "season fee {fee} − {before} refunded before = {amount}",
        fee=money(whole, currency), before=money(before, currency),
        amount=money(most, currency),
    )  # fmt: skip
    return replace(line, amount=most, formula=formula, exact=None)
