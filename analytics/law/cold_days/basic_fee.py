"""Shares of the fee without its basic part, which is owed whether it was warm or not (7.11d)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from analytics.law.calculator import Basis, Claim
from analytics.law.cold_days.rooms import touched_by
from analytics.law.formulas import number, share
from analytics.law.lines import Line, exact_amount
from analytics.law.reasons import BASIC_FEE_MISSING
from analytics.law.steps import exact, money
from domain.language import Text, msg


def net_of_basic(basis: Basis, fee: Fraction, basic: Fraction, claim: Claim) -> Claim:
    """The claim, each line with the formula that it comes from; `fee` is the whole one."""
    lines = tuple(replace(line, formula=_formula(basis, fee, basic, line)) for line in claim.lines)
    return claim._replace(lines=lines)


def _formula(basis: Basis, fee: Fraction, basic: Fraction, line: Line) -> Text:
    currency = basis.terms.currency
    parts = {
        "fee": money(Decimal(exact(fee)), currency),
        "basic": money(Decimal(exact(basic)), currency),
        "count": number(basis.count),
        "days": number(line.days),
        "share": share(line.share),
        "amount": money(line.amount, currency),
    }
    own = exact_amount(fee - basic, line.days, line.share, basis.count)
    if own == Fraction(line.amount):
        return msg("({fee} − {basic}) ÷ {count} days × {days} days × {share} = {amount}", **parts)
    return msg(
        "({fee} − {basic}) ÷ {count} days × {days} days × {share} ≈ {amount}, rounded once", **parts
    )


def without_basic_fee(basis: Basis, claim: Claim) -> Claim:
    """What is owed is open where the basic fee is not recorded."""
    touched = touched_by(basis, [claim])
    if not touched:
        return claim
    return Claim(open_days=touched, waits_for=BASIC_FEE_MISSING, steps=claim.steps)
