"""Contract terms that change inside a season: each day's money is by the terms in force at its first instant.

Only money is cut. Cold spells, gates, requests and tests run through the change: shares of days are judged
once for each set of terms, as if the days of the others had been refunded already. A sum that is no share
of its days is counted once for the season: each of the days that it lies on has the fee of that day,
and a month's fee is that of the month's days. All comes to at most what is due over the season.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache, partial

import numpy as np

from analytics.facts.changed_terms import SAME, TermsSpan, changes_of, kept_changes, numbers_of
from analytics.law.calculator import (
    Basis,
    Calculator,
    Claim,
    Piece,
    Seconds,
    not_charged,
    taken_by,
)
from analytics.law.changed_limits import judged_by
from analytics.law.claim_limits import held_to_limit
from analytics.law.formulas import product
from analytics.law.lines import Line, total
from analytics.law.reasons import DAYS_PAID, USE_CHANGED
from analytics.law.steps import MadeWhenRead, Step
from analytics.law.terms import Table
from analytics.law.uses import claims_of_uses, open_season
from analytics.settlement.continued import continued
from analytics.settlement.joined import joined, of_days, on_its_days
from analytics.settlement.priced import Priced
from domain.contract_terms import RESIDENTIAL, terms_of
from domain.money import round_half_up

Before = Sequence[Sequence[Claim]]


def claims_by_terms(
    basis: Basis, calculator: Calculator, piece: Piece, before: Before
) -> Sequence[Claim]:
    """(n,) the calculator's claims (`claims_of_uses`), by the terms of each day where they change, without
    what was not claimed in time."""
    table = calculator.Table
    changes = tuple(relevant(table, kept) for kept in piece.part.changes)
    piece = piece._replace(part=replace(piece.part, changes=changes))
    if not any(changes):
        return held_to_limit(basis, piece, claims_of_uses(basis, calculator, piece, before))
    homes = [_home(basis, i, changes_of(kept)) for i, kept in enumerate(changes) if kept]
    claims: dict[int, Claim] = {}
    same = [i for i, kept in enumerate(changes) if not kept]
    if same:
        part = _rows(piece, same)
        own = claims_of_uses(basis, calculator, part, [before[i] for i in same])
        claims.update(zip(same, held_to_limit(basis, part, own), strict=True))
    if table.of_fee and table.of_days:
        found = dict(_of_days(basis, calculator, piece, before, homes))
        held = held_to_limit(basis, _rows(piece, [*found]), [*found.values()])
        claims.update(zip(found, held, strict=True))
    else:
        claims.update(
            (home.row, _of_sums(basis, calculator, piece, before[home.row], home)) for home in homes
        )
    return [claims[i] for i in range(len(changes))]


@lru_cache(SAME)
def relevant(table: type[Table], kept: str) -> str:
    """The changes of a household's terms, as a snapshot keeps them, that change what a table pays."""
    if not kept or table.of_contract:
        return kept
    found = []
    for each in changes_of(kept):
        own = terms_of(each.terms)
        if own.residential or not table.of_dwellings:
            own = replace(own, agreed=None, bands=(), use=RESIDENTIAL)
        found.append(each._replace(terms=own.kept()))
    return kept_changes(found)


@dataclass(frozen=True, slots=True)
class _Home:
    """A household whose terms change."""

    row: int  # of the piece
    spans: Sequence[TermsSpan]
    number: Sequence[int]  # (d,) the span of each day

    @property
    def fees(self) -> list[Fraction]:
        return [Fraction(each.fee) for each in self.spans]

    @property
    def most(self) -> Fraction:
        return max(self.fees)


def _home(basis: Basis, row: int, spans: Sequence[TermsSpan]) -> _Home:
    since = basis.snapshot.season.since_us
    starts = (max(start, since) for start in basis.days.start_us[:-1].tolist())
    return _Home(row, spans, numbers_of(spans, starts))


def _rows(piece: Piece, rows: Sequence[int]) -> Piece:
    part = piece.part.of(np.array(rows, dtype=np.int64))
    return Piece(part, piece.columns, [piece.fee[i] for i in rows])


def _of_days(
    basis: Basis, calculator: Calculator, piece: Piece, before: Before, homes: Sequence[_Home]
) -> Iterator[tuple[int, Claim]]:
    """Shares of days: each set of terms judges the whole season, and pays its own days."""
    rows = [(home, n) for home in homes for n in sorted(set(home.number))]
    own = piece.part.of(np.array([home.row for home, _ in rows], dtype=np.int64))
    part = judged_by(basis.terms.standard, own, [n for _, n in rows])
    fees = [home.fees[n] for home, n in rows]
    closed = [_others(basis, home, n, before[home.row]) for home, n in rows]
    given = [
        (*before[home.row], Claim(taken=days)) for (home, _), days in zip(rows, closed, strict=True)
    ]
    found = claims_of_uses(basis, calculator, Piece(part, piece.columns, fees), given)
    told: dict[int, list[Claim]] = {}
    for (home, n), fee, claim in zip(rows, fees, found, strict=True):
        others = [d for d, number in enumerate(home.number) if number != n]
        told.setdefault(home.row, []).append(_of_span(basis, fee, claim, others))
    days = basis.days.days
    for home in homes:
        claims = told[home.row]
        begins = {days[d] for d in range(1, len(days)) if home.number[d] != home.number[d - 1]}
        yield home.row, continued(basis, joined(claims, _steps(claims)), begins)


def _others(basis: Basis, home: _Home, n: int, before: Sequence[Claim]) -> dict[int, Seconds]:
    """Days of other terms, with what those before have left of them."""
    taken, inside = taken_by(before), basis.days.inside_s.tolist()
    left = {d: inside[d] - taken.get(d, 0) for d, own in enumerate(home.number) if own != n}
    return {d: seconds for d, seconds in left.items() if seconds > 0}


def _of_span(basis: Basis, fee: Fraction, claim: Claim, others: Sequence[int]) -> Claim:
    """What one set of terms pays, each line by its own fee and on its own days."""
    away = set(others)
    lines = tuple(_with_formula(basis, fee, _inside(basis, line, away)) for line in claim.lines)
    days = tuple(d for d in claim.open_days if d not in away)
    own = claim._replace(lines=lines, open_days=days, steps=on_its_days(basis, others, claim.steps))
    if days or not claim.open_days:
        return own
    owed, why = total(lines), None if lines else DAYS_PAID
    return own._replace(upper=owed, lower=owed, ahead=False, reason=why, waits_for=None)


def _inside(basis: Basis, line: Line, others: set[int]) -> Line:
    """The line from the first to the last of its days that are not of other terms."""
    days = basis.days.days
    among = range(days.index(line.first), days.index(line.last) + 1)
    own = [d for d in among if d not in others]
    return replace(line, first=days[own[0]], last=days[own[-1]])


def _with_formula(basis: Basis, fee: Fraction, line: Line) -> Line:
    if line.formula is not None:
        return line
    return replace(line, formula=product(fee, basis.count, line, basis.terms.currency))


def _steps(claims: Sequence[Claim]) -> MadeWhenRead | None:
    """Steps of each set of terms; what all of them tell once."""
    told = [claim.steps for claim in claims if claim.steps is not None]
    return MadeWhenRead(partial(_once, told)) if told else None


def _once(told: Sequence[Iterable[Step]]) -> Iterator[Step]:
    said: list[Step] = []
    for steps in told:
        for each in steps:
            if each not in said:
                said.append(each)
                yield each


def _of_sums(
    basis: Basis, calculator: Calculator, piece: Piece, before: Sequence[Claim], home: _Home
) -> Claim:
    """Sums that are no shares of their days, counted once and priced by the days that they lie on."""
    table, uses = calculator.Table, {terms_of(each.terms).use for each in home.spans}
    if len(uses) > 1:
        return open_season(basis, home.most, before, USE_CHANGED)
    own = piece.part.of(np.array([home.row], dtype=np.int64))
    part = judged_by(basis.terms.standard, own, [0])
    alone = Piece(part, piece.columns, [home.most])
    found = claims_of_uses(basis, calculator, alone, [before])
    # a decision on a claim is about the whole sum: before it is cut by its days
    (claim,) = held_to_limit(basis, alone._replace(part=own), found)
    if not table.of_fee:
        return claim
    fees, closed = home.fees, set(not_charged(before))
    priced = Priced(basis, [fees[n] for n in home.number], closed)
    if table.of_month:
        lines = [priced.of_month(line) for line in claim.lines]
    else:
        lines = priced.within_due(
            [line for each in before for line in each.lines],
            [each for line in claim.lines for each in priced.by_day(line)],
        )
    return _bounded(
        basis, claim, lines, Fraction(min(fees)) / home.most if home.most else Fraction(1)
    )


def _bounded(basis: Basis, claim: Claim, lines: Sequence[Line], least: Fraction) -> Claim:
    """The claim with these lines; its bounds are those of the highest and the lowest fee."""
    own = of_days(claim, (), lines)
    if not own.open_days:
        return own
    owed = total(lines)
    lower = round_half_up(least * Fraction(claim.lower), basis.terms.currency)
    return own._replace(upper=max(claim.upper, owed), lower=min(lower, owed))
