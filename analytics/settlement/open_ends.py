"""What a household is owed at most where an outage has no known end: the most of all ends that it may have.

An outage and the cold beside it share the fee: hours that one takes are not the other's, so that what each
may come to alone is more than any end pays. Each end that is tried is settled as if it were recorded: where a sum
may turn or jump. No other end pays more, but for what lines are rounded by.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from analytics.heat.ragged import Ragged, merged
from analytics.heat.supply import HELD_US
from analytics.law.calculator import Basis, Calculator, Claim, OfColdHours, OfOutageHours, Piece
from analytics.law.lines import ZERO
from analytics.law.outages import Spans, cut_at, ends_beside, open_spans_of, spans_of
from analytics.law.reasons import OUTAGE_CLAUSE_NOT_SEEN
from analytics.law.waiting import waiting
from analytics.settlement.payers import units_of
from domain.time import SECOND_US

Judge = Callable[[Piece], Sequence[Sequence[Claim]]]
Claims = tuple[Claim, ...]

#: Ends that are settled together: so many households' readings are in memory again.
TOGETHER = 1_000


class _Home(NamedTuple):
    """A household's outages, those without an end among them, and the ends to try."""

    ended: Spans
    without: Spans
    ends: Sequence[int]  # [µs]

    def outages(self, end: int) -> list[tuple[int, int]]:
        """As they would be recorded."""
        return merged([*self.ended, *cut_at(self.without, end)], HELD_US)


def within_ends(
    basis: Basis, calculators: Sequence[Calculator], piece: Piece, found: list[Claims], judge: Judge
) -> list[Claims]:
    """(n,) the claims of each household, its sums at most those of the end that pays the most.

    `judge` settles a piece in which every outage has ended.
    """
    without = open_spans_of(piece.part)
    both = [i for i in without if sum(claim.upper > 0 for claim in found[i]) > 1]
    if not both:
        return found
    rows = np.array(both, dtype=np.int64)
    part = Piece(piece.part.of(rows), piece.columns, [piece.fee[i] for i in both])
    homes = _homes(basis, calculators, part)
    tried = [(row, end) for row, home in enumerate(homes) for end in home.ends]
    most = [ZERO for _ in homes]
    for first in range(0, len(tried), TOGETHER):
        own = tried[first : first + TOGETHER]
        for (row, _), paid in zip(own, _paid(part, homes, own, judge), strict=True):
            most[row] = max(most[row], paid)
    claims = list(found)
    for i, paid in zip(both, most, strict=True):
        claims[i] = at_most(found[i], paid)
    return claims


def within_the_fee(piece: Piece, found: list[Claims], judge: Judge) -> list[Claims]:
    """(n,) the claims, where cold lies beside an outage whose clause was not seen at most what both may take.

    `judge` settles as if the clause paid the fee of the outage's time, of which cold is paid the rest: no
    smaller payment, and none, comes to more.
    """
    without = open_spans_of(piece.part)
    both = [
        i
        for i, claims in enumerate(found)
        if any(own.why is OUTAGE_CLAUSE_NOT_SEEN for each in claims for own in waiting(each))
        and sum(each.upper > 0 for each in claims) > 1
        and i not in without
    ]
    if not both:
        return found
    rows = np.array(both, dtype=np.int64)
    part = Piece(piece.part.of(rows), piece.columns, [piece.fee[i] for i in both])
    claims = list(found)
    for i, own in zip(both, judge(part), strict=True):
        claims[i] = at_most(found[i], sum((each.upper for each in own), ZERO))
    return claims


def at_most(claims: Claims, most: Decimal) -> Claims:
    """The claims with upper sums that come to `most` together: those that are open come to less."""
    over = sum((each.upper for each in claims), ZERO) - most
    changed = list(claims)
    for i in reversed([i for i, each in enumerate(claims) if each.open_days]):
        own = changed[i]
        less = min(over, own.upper - own.lower)
        changed[i] = own._replace(upper=own.upper - less)
        over -= less
    return tuple(changed)


def _homes(basis: Basis, calculators: Sequence[Calculator], part: Piece) -> list[_Home]:
    ended, without = dict(spans_of(part.part.outages)), open_spans_of(part.part)
    spans = [(ended.get(i, ()), without[i]) for i in range(part.part.household.size)]
    turns = _turns(basis, calculators, part, [_apart(*each) for each in spans])
    return [_Home(*each, sorted(ends)) for each, ends in zip(spans, turns, strict=True)]


def _apart(ended: Spans, without: Spans) -> set[int]:
    """Where it begins, where it lasts up to, and beside the outages that it may run into."""
    since, until = without[0][0], without[-1][1]
    return {since, since + SECOND_US, until, *ends_beside(ended, since, until)}


def _turns(
    basis: Basis, calculators: Sequence[Calculator], part: Piece, ends: list[set[int]]
) -> list[set[int]]:
    """The ends of each household, with those at which what its calculators find together may turn."""
    of_outages = [each for each in calculators if isinstance(each, OfOutageHours)]
    of_cold = [each for each in calculators if isinstance(each, OfColdHours)]
    if not of_cold:
        return ends
    rows, units, before = units_of(basis, part)
    for each in of_outages:
        for row, jumps in zip(rows, each.jumps(units, before), strict=True):
            ends[row].update(at for jump in jumps for at in (jump, jump + SECOND_US))
    an_hour = max((each.an_hour for each in of_outages), default=Fraction(0))
    apart = [sorted(ends[row]) for row in rows]
    for cold in of_cold:
        for row, turns in zip(rows, cold.turns(units, before, an_hour, apart), strict=True):
            begin, last = min(ends[row]), max(ends[row])
            ends[row].update(at for at in turns if begin <= at <= last)
    return ends


def _paid(
    part: Piece, homes: Sequence[_Home], tried: Sequence[tuple[int, int]], judge: Judge
) -> list[Decimal]:
    """What each household comes to at most with each end. [µs]"""
    rows = np.array([row for row, _ in tried], dtype=np.int64)
    outages = Ragged.of([homes[row].outages(end) for row, end in tried], 2)
    own = replace(part.part.of(rows), outages=outages, open_outages=None)
    claims = judge(Piece(own, part.columns, [part.fee[row] for row, _ in tried]))
    return [sum((claim.upper for claim in each), ZERO) for each in claims]
