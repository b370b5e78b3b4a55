"""Settlement lines: exact fractions of the daily fee, one rounding a line (regulations.md 7.12)."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.settlement_days import EPISODE, HI, LO, MADE, PRESUMED
from analytics.law.policy import Policy
from analytics.settlement.facts import Rules, SeasonDays
from domain.money import round_half_up
from domain.time import HOUR_US, SECOND_US


@dataclass(frozen=True, slots=True)
class Line:
    """One rule at one fraction of the daily fee over consecutive local days."""

    kind: str  # temperature | outage
    first: date
    last: date
    days: Fraction  # part-days it applies to
    share: Fraction  # of the daily fee; 1 for an outage
    amount: Decimal
    clause: str


@dataclass(frozen=True, slots=True)
class Outage:
    """One stop of supply, clipped to the season and to what is past."""

    since_us: int
    until_us: int
    pays: bool  # whether it is long enough
    seconds: tuple[tuple[int, int], ...]  # (day, seconds without heat)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A household's lines in the three ways they are shown."""

    lines: tuple[Line, ...]
    undetermined: bool
    total: Decimal
    upper: Decimal  # with longer unknown stretches taken as below
    lower: Decimal  # with them taken as compliant
    undetermined_days: tuple[int, ...]


NOTHING = Assessment((), False, Decimal("0.00"), Decimal("0.00"), Decimal("0.00"), ())


def total(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount for line in lines), Decimal("0.00"))


def _decided(lines: Sequence[Line]) -> Assessment:
    """Nothing is open, so all three sums are one."""
    owed = total(lines)
    return Assessment(tuple(lines), False, owed, owed, owed, ())


def outages_of(
    spans: Sequence[tuple[int, int]], since_us: int, end_us: int, policy: Policy, days: SeasonDays
) -> tuple[Outage, ...]:
    """Each stop with the seconds of every local day it took (7.8, 7.20 "shares of an outage")."""
    least = int(policy.outage.continuous_h * HOUR_US)
    found = []
    for start, stop in spans:
        since, until = max(start, since_us), min(stop, end_us)
        if since >= until:
            continue
        long = until - since > least if policy.outage.op == ">" else until - since >= least
        found.append(Outage(since, until, long, tuple(_seconds(since, until, days))))
    return tuple(found)


def _seconds(since: int, until: int, days: SeasonDays) -> Iterator[tuple[int, int]]:
    day = int(np.searchsorted(days.start_us, since, side="right")) - 1
    while day < len(days.days) and days.start_us[day] < until:
        a, b = max(since, int(days.start_us[day])), min(until, int(days.start_us[day + 1]))
        yield day, b // SECOND_US - a // SECOND_US
        day += 1


class LineBuilder:
    """Draws lines for the households of one season under one policy."""

    def __init__(self, policy: Policy, rules: Rules, days: SeasonDays) -> None:
        self._policy = policy
        self._rules = rules
        self._days = days
        self._count = days.count()
        self._inside: list[int] = days.inside_s.tolist()
        length: list[int] = days.length_s.tolist()
        # Whole numbers over common denominators: a part-day is `seconds * scale[d] / lcm`.
        self._lcm = math.lcm(*length)
        self._scale = [self._lcm // each for each in length]
        bands = sorted(policy.bands, key=lambda band: band.refund)
        self._clause = {band.refund: band.clause for band in bands}
        self._over = math.lcm(*(share.denominator for share in rules.shares))
        self._share = [int(share * self._over) for share in rules.shares]

    def draw(
        self, fee: Fraction, outages: Sequence[Outage], day: NDArray[np.int16] | None
    ) -> Assessment:
        """One household's lines; `day` (2, d, 4) as kernels.settlement_days writes it, or None."""
        if not outages and day is None:
            return NOTHING
        paid = [outage for outage in outages if outage.pays]
        first = [self._outage_line(fee, outage) for outage in paid]
        if day is None:
            return _decided(first)
        taken = dict.fromkeys((d for o in paid for d, _ in o.seconds), 0)
        for outage in paid:
            for d, seconds in outage.seconds:
                taken[d] += seconds
        touched = np.flatnonzero(day[:, :, HI].any(axis=0)).tolist()
        below = {d: day[0, d].tolist() for d in touched}
        compliant = {d: day[1, d].tolist() for d in touched}
        smaller, open_days = {}, []
        for d in touched:
            zero, one = below[d], compliant[d]
            # Episodes are numbered within a bound, so a line follows those of one.
            smaller[d] = [*min(one, zero, key=lambda row: row[LO])[:EPISODE], one[EPISODE]]
            same = zero[LO] == zero[HI] == one[LO] == one[HI]
            if not same and self._inside[d] > taken.get(d, 0):
                open_days.append(d)
        lines = [*first, *self._temperature(fee, taken, smaller, LO)]
        if not open_days:
            return _decided(lines)
        return Assessment(
            tuple(lines),
            True,
            total(lines),
            total([*first, *self._temperature(fee, taken, below, HI)]),
            total([*first, *self._temperature(fee, taken, compliant, LO)]),
            tuple(open_days),
        )

    def _outage_line(self, fee: Fraction, outage: Outage) -> Line:
        part = sum(seconds * self._scale[d] for d, seconds in outage.seconds)
        return self._line(
            "outage", fee, outage.seconds[0][0], outage.seconds[-1][0], Fraction(part, self._lcm),
            Fraction(1), self._policy.outage.clause,
        )  # fmt: skip

    def _temperature(
        self, fee: Fraction, taken: dict[int, int], rows: dict[int, list[int]], bound: int
    ) -> Iterator[Line]:
        """Consecutive days of one episode at one fraction of the daily fee are one line."""
        first = last = paid = each = episode = band = made = 0
        for d, row in rows.items():
            left = self._inside[d] - taken.get(d, 0)
            if row[bound] == 0 or left <= 0:
                continue
            own = left * self._scale[d] * self._share[row[bound]]
            if paid and (each != own or episode != row[EPISODE] or last != d - 1):
                yield self._cold_line(fee, first, last, paid, band, made)
                paid = 0
            if not paid:
                first, each, episode, band, made = d, own, row[EPISODE], row[bound], row[MADE]
            last, paid = d, paid + own
        if paid:
            yield self._cold_line(fee, first, last, paid, band, made)

    def _cold_line(
        self, fee: Fraction, first: int, last: int, paid: int, band: int, made: int
    ) -> Line:
        """`paid` daily fees over the common denominators, shown at the first day's share."""
        share = self._rules.shares[band]
        clause = self._policy.presumptions.clause if made == PRESUMED else self._clause[share]
        days = Fraction(paid, self._lcm * self._share[band])
        return self._line("temperature", fee, first, last, days, share, clause)

    def _line(
        self, kind: str, fee: Fraction, first: int, last: int, days: Fraction, share: Fraction,
        clause: str,
    ) -> Line:  # fmt: skip
        amount = round_half_up(fee * days * share / self._count)
        return Line(
            kind, self._days.days[first], self._days.days[last], days, share, amount, clause
        )
