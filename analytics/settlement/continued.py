"""Lines on both sides of a change of terms that leaves a day's fraction and fee as they were are one line."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from analytics.law.calculator import Basis, Claim
from analytics.law.formulas import again
from analytics.law.lines import Line, total
from domain.money import round_half_up

DAY = timedelta(days=1)
#: What tells two formulas of a line apart: what its shares are of.
OF = ("fee", "basic", "count", "area", "whole")


def continued(basis: Basis, claim: Claim, begins: Collection[date]) -> Claim:
    """The claim with such lines joined and rounded once; `begins`: the days at which terms change."""
    lines = tuple(_joined(basis, claim.lines, begins))
    if len(lines) == len(claim.lines):
        return claim
    owed = total(lines)
    if not claim.open_days:
        return claim._replace(lines=lines, upper=owed, lower=owed)
    more = owed - total(claim.lines)  # as lines that are one are rounded once
    return claim._replace(
        lines=lines, upper=max(claim.upper, claim.upper + more), lower=claim.lower + more
    )


def _joined(basis: Basis, lines: tuple[Line, ...], begins: Collection[date]) -> Iterator[Line]:
    left = [*lines]
    while left:
        line = left.pop(0)
        while (
            after := next(
                (each for each in left if each.first in begins and _goes_on(line, each)), None
            )
        ) is not None:
            left.remove(after)
            line = _one(basis, line, after)
        yield line


def _goes_on(line: Line, after: Line) -> bool:
    """Whether the other begins on the day behind, and both have the same fraction of each day at one fee.

    Lines of parts of days are those of blocks of cold where they are of low temperature; an outage's are
    its own.
    """
    if (line.kind, line.room) != (after.kind, after.room) or after.first != line.last + DAY:
        return False
    own, part = _of(line), _fraction(line)
    same = own == _of(after) and part == _fraction(after)
    return same and own is not None and part is not None


def _fraction(line: Line) -> Fraction | None:
    """What it pays of each day's fee, or of the time of its blocks; None: of an outage."""
    if not line.seconds:
        return line.days * line.share / ((line.last - line.first).days + 1)
    return line.share if line.kind == "temperature" else None


def _of(line: Line) -> tuple[object, ...] | None:
    """What its shares are of; None: of no fee."""
    values = line.formula.values if line.formula is not None else {}
    return tuple(values.get(name) for name in OF) if "fee" in values else None


def _one(basis: Basis, line: Line, after: Line) -> Line:
    currency = basis.terms.currency
    exact = (line.exact or Fraction(line.amount)) + (after.exact or Fraction(after.amount))
    clauses = dict.fromkeys(part for each in (line, after) for part in each.clause.split("; "))
    found = replace(
        line, last=after.last, days=line.days + after.days * after.share / line.share,
        seconds=(*line.seconds, *after.seconds),
        amount=round_half_up(exact, currency), exact=exact, clause="; ".join(clauses),
    )  # fmt: skip
    if line.formula is None:
        return found
    return replace(found, formula=again(line.formula, line, found, currency))
