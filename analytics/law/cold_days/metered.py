"""Lines of a metered household: the band's share of what its heat meter counted (Luoyang, art. 29), and where
the policy chooses so of the basic fee of the days (`basic_part`).

Consecutive days of one band and one price are one line: what the meter counted on them × the price × the share. What is
known for days of different bands, prices or bearers together only pays what is certain (`certain_heat`), the rest is
open; so is heat of which the register says nothing, up to the fee that was not basic.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.facts.changed_terms import changes_of, numbers_of
from analytics.facts.recorded import HOLDER, NOTHING, Bearer, recorded_of
from analytics.facts.snapshot import NO_SERIES, Snapshot
from analytics.kernels.settlement_days import HI, LO, MADE
from analytics.law import formulas
from analytics.law.calculator import Basis, Seconds
from analytics.law.cold_days.basic_part import BasicPart, BasicPartBuilder, Charged
from analytics.law.cold_days.certain_heat import certain
from analytics.law.cold_days.decided import TakenAs
from analytics.law.cold_days.lines import NOTHING_DECIDED, ColdLineBuilder, ColdLines, Outcome
from analytics.law.cold_days.rules import Rules
from analytics.law.cold_days.table import DayBandTable
from analytics.law.day_heat import UNBOUNDED, DayHeat, Together, heat_of
from analytics.law.formulas import WH_IN_KWH
from analytics.law.lines import Line, total
from analytics.law.reasons import BASIC_FEE_MISSING, METER_AMBIGUOUS, METER_SILENT, NO_HEAT_COUNTED
from analytics.law.steps import Step, day, money, step
from domain.columns import Columns
from domain.contract_terms import ContractTerms, terms_of
from domain.language import msg
from domain.money import round_half_up
from domain.plausible import DWELLING_W

SECONDS_IN_HOUR = 3_600

#: Where the act refunds nothing of the basic fee.
NO_PART = BasicPart()
Key = tuple[int, Bearer, Decimal]  # a day's share, by index, who bears its fee, and its price


class Metered(NamedTuple):
    """What the meter of one household says, and what its contract."""

    heat: DayHeat
    price: Sequence[Decimal]  # (d,) of heat on each day [currency/kWh]
    charged: Sequence[Charged]  # (d,) the fee of a whole season and its basic part, of each day
    bearer: Sequence[Bearer]  # (d,) who bears the fee of each day, and what part somebody else does
    ambiguous: bool  # a device has several registers, and which of them is billed is not known


class _Open(NamedTuple):
    """Heat of several days that is not known for each."""

    days: tuple[int, ...]  # that are paid, or may be
    told: tuple[int, int]  # the days of which something is said
    heat: int  # [Wh]; UNBOUNDED: no register says
    most: Fraction  # what it may pay more than what is certain


@dataclass(frozen=True, slots=True)
class _Paid:
    """What some rows of days come to."""

    lines: tuple[Line, ...]
    steps: tuple[Step, ...]
    rest: tuple[_Open, ...]


def registers(basis: Basis, part: Snapshot) -> Columns:
    """The readings of the meters of a part's households, as of the run."""
    meters = _NONE if part.meters is None else part.meters.columns[2]
    series = np.unique(meters[meters != NO_SERIES]).astype(np.int32)
    if not series.size:
        return Columns(series, np.zeros(1, dtype=np.int64), _NONE, _NONE, _NONE.astype(np.uint8))
    return basis.columns_of(series)


_NONE = np.empty(0, dtype=np.int64)


def metered_of(
    basis: Basis, part: Snapshot, row: int, columns: Columns, fee: Fraction, contract: ContractTerms
) -> Metered:
    """`fee` and `contract` are what holds at the season's begin."""
    heat = heat_of(basis, part, row, columns)
    own = recorded_of(part.recorded[row]) if part.recorded else NOTHING
    starts = np.maximum(basis.days.start_us[:-1], basis.snapshot.season.since_us).tolist()
    bearer = [own.bearer_at(at) or HOLDER for at in starts] if own.fees else [HOLDER] * len(starts)
    spans = changes_of(part.changes[row]) if part.changes else ()
    told = [(Fraction(each.fee), terms_of(each.terms)) for each in spans] or [(fee, contract)]
    own_of = [told[n] for n in numbers_of(spans, starts)] if spans else told * len(starts)
    price = [each.heat_price or Decimal(0) for _, each in own_of]
    charged = [Charged(whole, each.basic_fee) for whole, each in own_of]
    return Metered(heat, price, charged, bearer, _ambiguous(part, row))


def _ambiguous(part: Snapshot, row: int) -> bool:
    if part.meters is None:
        return False
    first, last = part.meters.offsets[row : row + 2].tolist()
    return bool((part.meters.columns[2][first:last] == NO_SERIES).any())


class MeteredLineBuilder:
    """Draws lines for metered households of one season, each day by the price that holds on it."""

    def __init__(self, basis: Basis, table: DayBandTable, rules: Rules) -> None:
        self._basis = basis
        self._rules = rules
        self._days = ColdLineBuilder(basis, table, rules)
        self._clause = table.clock.clause
        both = table.of_metered == "basic_and_reading"
        self._rests_on = "metered-pays-basic-fee-and-heat" if both else "metered-pays-its-heat"
        self._part = BasicPartBuilder(basis, self._days) if both else None

    def draw(
        self, taken: Mapping[int, Seconds], of_days: NDArray[np.int16], meter: Metered,
        decided: Mapping[int, TakenAs] = NOTHING_DECIDED,
    ) -> ColdLines:  # fmt: skip
        """One household's lines; `of_days` (2, d, 4) as kernels.settlement_days writes it.

        A decision on a day of which the meter does not say enough settles it at the least that it says.
        """
        outcome = self._charged(taken, self._days.outcome(taken, of_days, decided))
        paid = self._pay(outcome.smaller, LO, meter)
        part = NO_PART if self._part is None else self._part.draw(meter.charged, taken, outcome)
        rest = [*paid.rest, *self._pay(outcome.larger, HI, meter).rest]
        why = METER_AMBIGUOUS if meter.ambiguous else METER_SILENT
        ways = {d for each in rest for d in each.days}
        silent = sorted(ways - set(decided))
        settled = sorted({*outcome.settled, *(ways & set(decided))})
        if part.open_days:
            why, silent = BASIC_FEE_MISSING, sorted({*silent, *part.open_days})
        open_days = tuple(sorted({*outcome.open_days, *silent}))
        lines = tuple(sorted((*part.lines, *paid.lines), key=lambda line: line.first))
        owed = total(lines)
        found = ColdLines(
            lines, owed, owed, open_days, dict(self._days.paid_of(taken, outcome.smaller)),
            tuple(settled), why if silent and not outcome.open_days else None,
            NO_HEAT_COUNTED if any(row[LO] for row in outcome.smaller.values()) else None,
            (*self._basic_said(part), *paid.steps),
        )  # fmt: skip
        if not open_days:
            return found
        upper = self._most(taken, outcome, meter, set(decided), part)
        lower = part.least + min(
            total(self._pay(each, LO, meter).lines) for each in (outcome.below, outcome.compliant)
        )
        return replace(found, upper=max(upper, owed), lower=max(lower, owed))

    def _gone(self, taken: Mapping[int, Seconds]) -> list[int]:
        """Days of which nothing is left, as they are somebody else's."""
        inside = self._basis.days.inside_s
        return [d for d, seconds in taken.items() if seconds >= int(inside[d])]

    def _charged(self, taken: Mapping[int, Seconds], outcome: Outcome) -> Outcome:
        for rows in outcome[:4]:
            for d in self._gone(taken):
                rows.pop(d, None)
        return outcome

    def _most(
        self, taken: Mapping[int, Seconds], outcome: Outcome, meter: Metered, decided: set[int],
        part: BasicPart,
    ) -> Decimal:  # fmt: skip
        """The sum where all that is open was below and counted; without a register all that was charged
        and not basic, with the basic fee's `part`, or the whole fee where the basic one is not on record.

        Where the fee leaves nothing for heat it is what a dwelling can draw.
        """
        paid = self._pay(outcome.larger, HI, meter)
        left = [each for each in paid.rest if not decided.issuperset(each.days)]
        silent = [each for each in left if each.heat == UNBOUNDED]
        known = sum((each.most for each in left if each.heat != UNBOUNDED), Fraction(0))
        own = Fraction(part.most)
        most = sum((line.exact or Fraction(0) for line in paid.lines), known + own)
        limit = self._not_basic(taken, meter)
        if silent and limit:
            recorded = all(each.basic is not None for each in meter.charged)
            most = max(most, limit + (own if recorded else 0))
        elif silent:
            most += sum((each.most for each in silent), Fraction(0))
        return round_half_up(most, self._basis.terms.currency)

    def _not_basic(self, taken: Mapping[int, Seconds], meter: Metered) -> Fraction:
        """What was charged for heat, on days that are this one's."""
        days, gone = self._basis.days, {*self._gone(taken)}
        inside, length = days.inside_s.tolist(), days.length_s.tolist()
        own = (
            max(each.fee - Fraction(each.basic or 0), Fraction(0)) * inside[d] / length[d]
            for d, each in enumerate(meter.charged)
            if d not in gone
        )
        return sum(own, Fraction(0)) / self._basis.count

    def _worth(self, key: Key) -> Fraction:
        """What heat of such days pays. [currency/Wh]"""
        return self._rules.shares[key[0]] * Fraction(key[2]) / WH_IN_KWH

    def _pay(self, rows: Mapping[int, list[int]], bound: int, meter: Metered) -> _Paid:
        """Lines of days at one share each, and what of the heat is not known for them alone."""
        keys = {
            d: (row[bound], meter.bearer[d], meter.price[d])
            for d, row in rows.items()
            if row[bound]
        }
        heat = {d: Fraction(int(meter.heat.known[d])) for d in keys}
        rest = []
        for each in meter.heat.together:
            own = {keys.get(d) for d in range(each.first, each.last + 1)}
            if own == {None}:
                continue
            sure = self._certain(each, keys)
            for d, part in sure.items():
                heat[d] += part
            if len(own) > 1 or each.heat == UNBOUNDED:
                rest.append(self._rest(each, keys, sure))
        runs = list(_joined([*_runs(keys)], keys, heat))
        found = [self._line(run, keys[run[0]], heat, rows) for run in runs]
        drawn = [each for each in found if each is not None]
        lines, steps = zip(*drawn, strict=True) if drawn else ((), ())
        return _Paid(tuple(lines), (*steps, *self._said(rest)), tuple(rest))

    def _certain(self, each: Together, keys: Mapping[int, Key]) -> dict[int, Fraction]:
        """Day -> what is paid of the heat of several days; nothing where one of them pays nothing. [Wh]"""
        days = range(each.first, each.last + 1)
        if each.heat == UNBOUNDED or not all(d in keys for d in days):
            return {}
        return certain(each.heat, {d: (self._worth(keys[d]), keys[d][1]) for d in days})

    def _rest(self, each: Together, keys: Mapping[int, Key], sure: Mapping[int, Fraction]) -> _Open:
        days = tuple(d for d in range(each.first, each.last + 1) if d in keys)
        if each.heat == UNBOUNDED:
            return _Open(days, (days[0], days[-1]), each.heat, self._possible(days, keys))
        paid = sum((part * self._worth(keys[d]) for d, part in sure.items()), Fraction(0))
        most = each.heat * max(self._worth(keys[d]) for d in days)
        told = max(each.first, 0), min(each.last, len(self._basis.days.days) - 1)
        return _Open(days, told, each.heat, most - paid)

    def _possible(self, days: Sequence[int], keys: Mapping[int, Key]) -> Fraction:
        """What days come to at most, as a dwelling draws no more."""
        length = self._basis.days.length_s
        hours = (Fraction(int(length[d]), SECONDS_IN_HOUR) * self._worth(keys[d]) for d in days)
        return sum(hours, Fraction(0)) * DWELLING_W

    def _line(
        self, run: Sequence[int], key: Key, heat: Mapping[int, Fraction],
        rows: Mapping[int, list[int]],
    ) -> tuple[Line, Step] | None:  # fmt: skip
        """A run of days at one share, rounded once, and what the meter counted on it."""
        counted = sum((heat[d] for d in run), Fraction(0))
        if not counted:
            return None
        share, _, price = key
        days, currency = self._basis.days, self._basis.terms.currency
        part, exact = self._rules.shares[share], counted * self._worth(key)
        length = sum(
            (Fraction(int(days.inside_s[d]), int(days.length_s[d])) for d in run), Fraction(0)
        )
        clauses = dict.fromkeys(self._days.clause_of(share, rows[d][MADE], d) for d in run)
        first, last = days.days[run[0]], days.days[run[-1]]
        line = Line(
            "temperature", first, last, length, part, round_half_up(exact, currency),
            "; ".join(clauses), exact=exact,
        )  # fmt: skip
        kwh = formulas.number(counted / WH_IN_KWH)
        text = msg(
            "heat meter, {first} to {last}: {kwh} kWh",
            first=day(first.isoformat()), last=day(last.isoformat()), kwh=kwh,
        )  # fmt: skip
        numbers = {"first": first.isoformat(), "last": last.isoformat(), "wh": _told(counted)}
        told = self._by(step("heat_counted", self._clause, text, **numbers))
        return replace(line, formula=formulas.of_heat(counted, price, line, currency)), told

    def _by(self, told: Step) -> Step:
        """The step with the interpretation that it rests on."""
        return told | {"interpretation": self._rests_on}

    def _basic_said(self, part: BasicPart) -> Iterator[Step]:
        """That the days pay of their basic fee, too."""
        for basic in part.basics:
            shown = money(basic, self._basis.terms.currency)
            text = msg(
                "metered: cold days also refund their share of the basic fee, {basic}", basic=shown
            )
            yield self._by(step("metered_basic_part", self._clause, text, basic=str(basic)))

    def _said(self, rest: Sequence[_Open]) -> Iterator[Step]:
        """Of which days the register does not say enough."""
        for each in rest:
            first, last = (self._basis.days.days[d].isoformat() for d in each.told)
            ends = {"first": day(first), "last": day(last)}
            text = (
                msg("heat meter, {first} to {last}: no reading says what it counted", **ends)
                if each.heat == UNBOUNDED
                else msg(
                    "heat meter, {first} to {last}: {kwh} kWh, which no reading tells apart by day",
                    kwh=formulas.number(Fraction(each.heat, WH_IN_KWH)), **ends,
                )
            )  # fmt: skip
            yield self._by(step("heat_open", self._clause, text, first=first, last=last))


def _told(heat: Fraction) -> int | str:
    """As a step keeps it: whole, or where a part is certain the fraction. [Wh]"""
    return int(heat) if heat.denominator == 1 else str(heat)


def _runs(keys: Mapping[int, Key]) -> Iterator[list[int]]:
    """Consecutive days at one share that one bearer paid for."""
    run: list[int] = []
    for d in sorted(keys):
        if run and (d != run[-1] + 1 or keys[d] != keys[run[-1]]):
            yield run
            run = []
        run.append(d)
    if run:
        yield run


def _joined(
    runs: Sequence[list[int]], keys: Mapping[int, Key], heat: Mapping[int, Fraction]
) -> Iterator[list[int]]:
    """Runs on which something was counted; days of no heat between two that are alike cut no line."""
    run: list[int] = []
    for each in runs:
        if not any(heat[d] for d in each):
            continue
        key = keys[each[0]]
        if run and keys[run[0]] == key and _borne(range(run[-1] + 1, each[0]), keys, key):
            run = [*run, *each]
            continue
        if run:
            yield run
        run = each
    if run:
        yield run


def _borne(days: Sequence[int], keys: Mapping[int, Key], like: Key) -> bool:
    """Whether these are days of refund whose fee the same bear, at the same price."""
    return all(d in keys and keys[d][1:] == like[1:] for d in days)
