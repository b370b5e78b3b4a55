"""Shares of the fee without its basic part, which is owed whether it was warm or not (7.11d)."""

from dataclasses import replace
from fractions import Fraction

from analytics.law import formulas
from analytics.law.calculator import Basis, Claim
from analytics.law.cold_days.rooms import touched_by
from analytics.law.reasons import Reason


def net_of_basic(basis: Basis, fee: Fraction, basic: Fraction, claim: Claim) -> Claim:
    """The claim, each line with the formula that it comes from; `fee` is the whole one."""
    count, currency = basis.count, basis.terms.currency
    lines = tuple(
        replace(line, formula=formulas.net_of_basic(fee, basic, count, line, currency))
        for line in claim.lines
    )
    return claim._replace(lines=lines)


def open_where_touched(basis: Basis, claim: Claim, why: Reason) -> Claim:
    """What is owed is open where the contract does not say what the shares are of."""
    touched = touched_by(basis, [claim])
    if not touched:
        return claim
    return Claim(open_days=touched, waits_for=why, steps=claim.steps)
