"""Users whose rooms are no dwelling: owed what their contract says, where the act leaves it to the contract.

An act's standard is of bedrooms and living rooms (Henan art. 26: of non-residential users it is the
contract's). A user who is not residential is never judged by it: without the contract's temperature and
bands, or where the act does not say what holds, what is owed for cold is undetermined.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from analytics.law.calculator import (
    Basis,
    Calculator,
    Claim,
    Piece,
    left_of_days,
    not_charged,
    part_days,
)
from analytics.law.lines import ZERO, exact_amount
from analytics.law.reasons import NOT_CHARGED, NOT_OF_DWELLINGS, TERMS_MISSING, Reason
from analytics.law.room_limits import judged
from analytics.law.terms import Terms
from domain.contract_terms import ContractTerms, terms_of
from domain.money import round_half_up


def of_contract(terms: Terms, contract: ContractTerms) -> bool:
    """Whether the contract takes the place of the act's standard, as its user is not residential."""
    return not contract.residential and terms.standard.non_residential is not None


def lacks_for_use(terms: Terms, contract: ContractTerms) -> Reason | None:
    """Why a user who is not residential can't be judged; None: it can, or is residential."""
    if judged(terms.standard, contract):
        return None
    return NOT_OF_DWELLINGS if contract.complete else TERMS_MISSING


def claims_of_uses(
    basis: Basis, calculator: Calculator, piece: Piece, before: Sequence[Sequence[Claim]]
) -> Sequence[Claim]:
    """(n,) the calculator's claims; where it knows the standard of dwellings only, those of other users
    are open, unless there was nothing to judge."""
    claims = calculator.claims(piece, before)
    if not calculator.Table.of_dwellings or not any(piece.part.terms):
        return claims
    found = list(claims)
    for i, kept in enumerate(piece.part.terms):
        if (own := terms_of(kept)).residential:
            continue
        reason = found[i].reason
        if reason is None or not reason.weak:
            why = NOT_OF_DWELLINGS if own.complete else TERMS_MISSING
            found[i] = open_season(basis, piece.fee[i], before[i], why)
    return found


def open_season(basis: Basis, fee: Fraction, before: Sequence[Claim], why: Reason) -> Claim:
    """All that is past of the season is open, up to what of its fee those before have left."""
    end = basis.snapshot.season.end_us
    past = np.flatnonzero(basis.days.start_us[:-1] < end).tolist()
    left = left_of_days(basis, past, before)
    if not left:
        return Claim(reason=NOT_CHARGED if not_charged(before) else why)
    days = part_days(basis, left)
    most = round_half_up(exact_amount(fee, days, Fraction(1), basis.count), basis.terms.currency)
    return Claim(upper=most, lower=ZERO, open_days=tuple(left), waits_for=why, steps=())
