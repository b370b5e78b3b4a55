"""Contract terms that change inside a season: each day's money is by the terms in force at its first instant.

Only money is cut, and only by what a table reads of a contract. Cold spells, gates, requests and tests run
through the change: shares of days are judged once for each set of terms, as if the days of the others had
been refunded already. A sum that is no share of its days is counted once for the season: each of the days
that it lies on has the fee of that day, and a month's fee is that of the month's days that were charged.
All comes to at most what is due over the season.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial

import numpy as np

from analytics.facts.changed_terms import (
    AREA,
    SAME,
    TermsSpan,
    changes_of,
    kept_changes,
    numbers_of,
)
from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import (
    Basis,
    Calculator,
    Claim,
    Piece,
    left_of_days,
    not_charged,
)
from analytics.law.changed_limits import judged_by, of_their_use
from analytics.law.claim_limits import held_to_limit
from analytics.law.formulas import product
from analytics.law.lines import ZERO, Line, total
from analytics.law.policy import Policy
from analytics.law.reasons import (
    DAYS_PAID,
    NOT_OF_DWELLINGS,
    TERMS_MISSING,
    USE_CHANGED,
    Reason,
)
from analytics.law.room_limits import judged
from analytics.law.steps import MadeWhenRead, Step
from analytics.law.terms import Standard, Table
from analytics.law.uses import claims_of_uses
from analytics.settlement import both_uses
from analytics.settlement.continued import continued
from analytics.settlement.joined import joined, of_days, on_its_days
from analytics.settlement.priced import Priced
from domain.contract_terms import NOTHING, RESIDENTIAL, terms_of
from domain.money import round_half_up

Before = Sequence[Sequence[Claim]]
#: For a table that reads no more than that heat is metered, as a basic fee says, too.
ANY_PRICE = Decimal(1)
#: What of a contract's terms a table may read (`Table.reads_terms`).
TERMS = ("agreed", "bands", "use", "basic_fee", "heat_price")


def claims_by_terms(
    basis: Basis, calculator: Calculator, piece: Piece, before: Before
) -> Sequence[Claim]:
    """(n,) the calculator's claims (`claims_of_uses`), by the terms of each day where they change, without
    what was not claimed in time."""
    table = _table(basis, calculator)
    names = table.reads_terms(basis.terms.standard)
    changes = tuple(relevant(names, kept) for kept in piece.part.changes)
    piece = piece._replace(part=replace(piece.part, changes=changes))
    if not any(changes):
        piece = piece._replace(part=of_their_use(basis.terms.standard, piece.part))
        return held_to_limit(basis, piece, claims_of_uses(basis, calculator, piece, before))
    homes = [_home(basis, i, changes_of(kept)) for i, kept in enumerate(changes) if kept]
    claims: dict[int, Claim] = {}
    same = [i for i, kept in enumerate(changes) if not kept]
    if same:
        part = _rows(piece, same)
        part = part._replace(part=of_their_use(basis.terms.standard, part.part))
        own = claims_of_uses(basis, calculator, part, [before[i] for i in same])
        claims.update(zip(same, held_to_limit(basis, part, own), strict=True))
    if table.of_fee and table.of_days:
        found = dict(_of_days(basis, calculator, piece, before, homes, heat="heat_price" in names))
        held = held_to_limit(basis, _rows(piece, [*found]), [*found.values()])
        claims.update(zip(found, held, strict=True))
    else:
        unlimited = type(calculator)(replace(basis, fee_of_days=True), table)
        for home in homes:
            judge = unlimited if len(set(home.fees)) > 1 else calculator
            claims[home.row] = _of_sums(basis, judge, piece, before[home.row], home)
    return [claims[i] for i in range(len(changes))]


def _table(basis: Basis, calculator: Calculator) -> Table:
    """The calculator's table; one that changes inside the season reads the same of contracts."""
    assert isinstance(basis.terms, Policy)  # of which calculators are a part
    return next(each for each in basis.terms.tables.values() if type(each) is calculator.Table)


@lru_cache(SAME)
def relevant(names: frozenset[str], kept: str) -> str:
    """The changes of a household's terms, as a snapshot keeps them, that change what a table pays that reads
    these `names` of them."""
    found = []
    for each in changes_of(kept):
        own = terms_of(each.terms)
        reads = names | ({"agreed", "bands"} if "use" in names and not own.residential else set())
        left = {name: getattr(NOTHING, name) for name in TERMS if name not in reads}
        if "metered" in names and own.basic_fee is None and own.heat_price is not None:
            left["heat_price"] = ANY_PRICE
        area = each.area if AREA in names else ""
        found.append(each._replace(terms=replace(own, **left).kept(), area=area))
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

    @property
    def uses(self) -> list[str]:
        """Of each span."""
        return [terms_of(each.terms).use for each in self.spans]

    def why(self) -> Reason:
        """Why what is owed on days that are not a dwelling's is open under an act of dwellings."""
        contracts = [terms_of(each.terms) for each in self.spans]
        complete = all(each.complete for each in contracts if not each.residential)
        return NOT_OF_DWELLINGS if complete else TERMS_MISSING

    def other_days(self) -> list[int]:
        """Days on which the home is no dwelling."""
        return [d for d, n in enumerate(self.number) if self.uses[n] != RESIDENTIAL]

    def together(self, standard: Standard | None) -> list[tuple[int, ...]]:
        """Spans that are judged as one: where a meter's heat is paid, under a `standard`, those between which
        nothing but fees and prices changes, as it counts over their midnights. What can't be judged is open by
        the fee of each day."""
        found: dict[object, list[int]] = {}
        for n in sorted(set(self.number)):
            own = terms_of(self.spans[n].terms)
            metered = standard is not None and own.heat_price is not None and judged(standard, own)
            like = own.agreed, own.bands, own.use, self.spans[n].area
            found.setdefault(like if metered else n, []).append(n)
        return [tuple(each) for each in found.values()]


def _home(basis: Basis, row: int, spans: Sequence[TermsSpan]) -> _Home:
    since = basis.snapshot.season.since_us
    starts = (max(start, since) for start in basis.days.start_us[:-1].tolist())
    return _Home(row, spans, numbers_of(spans, starts))


def _rows(piece: Piece, rows: Sequence[int]) -> Piece:
    part = piece.part.of(np.array(rows, dtype=np.int64))
    return Piece(part, piece.columns, [piece.fee[i] for i in rows])


def _of_days(
    basis: Basis, calculator: Calculator, piece: Piece, before: Before, homes: Sequence[_Home],
    *, heat: bool,
) -> Iterator[tuple[int, Claim]]:  # fmt: skip
    """Shares of days: each set of terms judges the whole season, and pays its own days; counted heat each day
    by its own price (`cold_days.metered`)."""
    rows = [
        (home, spans)
        for home in homes
        for spans in home.together(basis.terms.standard if heat else None)
    ]
    own = piece.part.of(np.array([home.row for home, _ in rows], dtype=np.int64))
    part = judged_by(basis.terms.standard, own, [spans[0] for _, spans in rows])
    part = _of_area(part, [home.spans[spans[0]].area for home, spans in rows])
    if any(len(spans) > 1 for _, spans in rows):
        kept = (
            each if len(spans) > 1 else ""
            for each, (_, spans) in zip(own.changes, rows, strict=True)
        )
        part = replace(part, changes=tuple(kept))
    fees = [home.fees[spans[0]] for home, spans in rows]
    others = [
        [d for d, number in enumerate(home.number) if number not in spans] for home, spans in rows
    ]
    given = [
        (*before[home.row], Claim(taken=left_of_days(basis, days, before[home.row])))
        for (home, _), days in zip(rows, others, strict=True)
    ]
    of_others = [
        home.other_days() if home.uses[spans[0]] == RESIDENTIAL else () for home, spans in rows
    ]
    found = both_uses.claims(
        basis,
        calculator,
        Piece(part, piece.columns, fees),
        given,
        of_others,
        [home.why() for home, _ in rows],
    )
    told: dict[int, list[Claim]] = {}
    for (home, _), fee, claim, away in zip(rows, fees, found, others, strict=True):
        told.setdefault(home.row, []).append(_of_span(basis, fee, claim, away))
    days = basis.days.days
    for home in homes:
        claims = told[home.row]
        begins = {days[d] for d in range(1, len(days)) if home.number[d] != home.number[d - 1]}
        yield home.row, continued(basis, joined(claims, _steps(claims)), begins)


def _of_area(part: Snapshot, areas: Sequence[str]) -> Snapshot:
    """Households with the heated area that holds then; "": theirs of the whole season. [m2]"""
    if not any(areas):
        return part
    return replace(part, area=tuple(own or old for own, old in zip(areas, part.area, strict=True)))


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
    own = [d for d in line.among(days) if d not in others]
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
    table = calculator.Table
    whole, claim = _counted(basis, calculator, piece, before, home)
    if not table.of_fee:
        return claim
    priced = Priced(basis, [home.fees[n] for n in home.number], set(not_charged(before)))
    if not table.of_month:
        claim = _priced(priced, before, whole, claim)
    return _within_due(priced, before, claim)


def _counted(
    basis: Basis, calculator: Calculator, piece: Piece, before: Sequence[Claim], home: _Home
) -> tuple[Claim, Claim]:
    """The sums at the highest fee, and what of them was claimed in time and is not open by another use."""
    table, of_both = calculator.Table, len({*home.uses}) > 1
    own = piece.part.of(np.array([home.row], dtype=np.int64))
    as_dwelling = home.uses.index(RESIDENTIAL) if of_both else 0
    part = judged_by(basis.terms.standard, own, [as_dwelling])
    if table.of_month:  # it prices its lines itself (`law.months`)
        part = replace(part, changes=own.changes)
    alone = Piece(part, piece.columns, [home.most])
    other = home.other_days() if of_both else []
    found = both_uses.claims(basis, calculator, alone, [before], [other], [USE_CHANGED])
    # a decision on a claim is about the whole sum: before it is cut by its days
    (claim,) = held_to_limit(basis, alone._replace(part=own), found)
    if of_both:
        sums = both_uses.Sums(
            basis,
            other,
            [home.fees[n] for n in home.number],
            of_month=table.of_month,
            why=home.why(),
        )
        claim = sums.sure(before, claim)
    return found[0], claim


def _priced(priced: Priced, before: Sequence[Claim], whole: Claim, claim: Claim) -> Claim:
    """The claim, each day that a line lies on at its own fee; `whole`: with lines that are open, as no claim
    of the household is on record."""
    index = {each: d for d, each in enumerate(priced.basis.days.days)}
    paid = [line for each in before for line in each.lines]
    lines = priced.within_due(paid, [each for line in claim.lines for each in priced.by_day(line)])
    waiting = [
        line
        for line in whole.lines
        if line not in claim.lines and index[line.first] in claim.open_days
    ]
    rest = [each for line in waiting for each in priced.by_day(line)]
    own = of_days(claim, (), lines)
    if not own.open_days:
        return own
    owed, before_that = total(lines), total(claim.lines)
    most = claim.upper - before_that - total(waiting)  # at the highest fee
    least = Fraction(min(priced.fee)) / max(priced.fee) if max(priced.fee) else Fraction(1)
    more = round_half_up(
        least * Fraction(max(claim.lower - before_that, ZERO)), priced.basis.terms.currency
    )
    return own._replace(upper=owed + total(rest) + max(most, ZERO), lower=owed + more)


def _within_due(priced: Priced, before: Sequence[Claim], claim: Claim) -> Claim:
    """The claim, that comes to no more than was charged for the season and is left of it."""
    if not claim.open_days:
        return claim
    due = round_half_up(priced.due(), priced.basis.terms.currency)
    left = due - sum((total(each.lines) for each in before), ZERO)
    owed = total(claim.lines)
    upper = max(min(claim.upper, left), owed)
    return claim._replace(upper=upper, lower=min(max(claim.lower, owed), upper))
