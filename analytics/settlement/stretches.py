"""A line cut into the stretches of days that one payer bore with one subsidy: each rounded once (7.12, 7.18).

The subsidy is refunded what the payer's part leaves of the rounded stretch, so that both sum to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

from analytics.facts.recorded import Bearer
from analytics.law.calculator import Basis
from analytics.law.formulas import again, of_part, the_rest
from analytics.law.lines import Line
from domain.money import round_half_up

#: (d,) who bears the fee of each day of the season; None: nobody is charged, or somebody else.
Bearers = Sequence[Bearer | None]


def cut(basis: Basis, fee: Fraction, line: Line, bearers: Bearers) -> Iterator[Line]:
    """The lines that each is paid of one, by the days that it lies on; `fee` is the whole season's."""
    days = basis.days.days
    among = line.among(days)
    held_by = weights(basis, line, [d for d in among if bearers[d] is not None])
    whole = sum(held_by.values(), Fraction(0))
    for bearer, run in groupby(among, key=lambda d: bearers[d]):
        own = list(run)
        held = sum((held_by.get(d, Fraction(0)) for d in own), Fraction(0))
        if bearer is None or not held:
            continue
        ends = replace(line, first=days[own[0]], last=days[own[-1]])
        stretch = _part_of(basis, line, ends, held / whole)
        yield from _paid(basis, fee, stretch, bearer)


def whole_to(basis: Basis, line: Line, bearers: Bearers) -> Line:
    """A sum that is no part of the fee, to whoever bore the first day of it that was charged."""
    own = (bearers[d] for d in line.among(basis.days.days))
    return replace(line, payer=next((each.payer for each in own if each is not None), ""))


def weights(basis: Basis, line: Line, days: Sequence[int]) -> Mapping[int, Fraction]:
    """Day -> what the line has of it, to any scale; where it does not say, as much of each of these `days`."""
    if not line.seconds:
        return dict.fromkeys(days, Fraction(1))
    length = basis.days.length_s
    return {d: Fraction(seconds) / int(length[d]) for d, seconds in line.seconds}


def _part_of(basis: Basis, line: Line, ends: Line, part: Fraction) -> Line:
    """A stretch of the line, rounded once; `ends` is the line with the stretch's days."""
    if part == 1:
        return ends
    exact = _exact(line) * part
    amount = round_half_up(exact, basis.terms.currency)
    found = replace(ends, days=line.days * part, amount=amount, exact=exact)
    if line.formula is None:
        return found
    return replace(found, formula=again(line.formula, line, found, basis.terms.currency))


def _paid(basis: Basis, fee: Fraction, stretch: Line, bearer: Bearer) -> Iterator[Line]:
    part, currency = 1 - bearer.subsidy, basis.terms.currency
    if part == 1:
        yield replace(stretch, payer=bearer.payer)
        return
    exact = _exact(stretch) * part
    own = replace(stretch, payer=bearer.payer, amount=round_half_up(exact, currency), exact=exact)
    if part == 0:
        yield replace(stretch, payer=bearer.by)
        return
    yield replace(own, formula=of_part(fee, basis.count, stretch, own, part, currency))
    rest = stretch.amount - own.amount
    formula = the_rest(stretch.amount, own.amount, rest, currency)
    yield replace(stretch, payer=bearer.by, amount=rest, exact=None, formula=formula)


def _exact(line: Line) -> Fraction:
    return Fraction(line.amount) if line.exact is None else line.exact
