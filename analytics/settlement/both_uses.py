"""A household that is a dwelling for a part of the season, under tables that know the standard of dwellings alone.

What the act says of dwellings pays the days as a dwelling, by what was measured on them. Records of the other
days are no failing tests, as nothing says what their user is owed: what they would add is open.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.calculator import (
    Basis,
    Calculator,
    Claim,
    Piece,
    left_of_days,
    not_charged,
    part_days,
)
from analytics.law.lines import Line, total
from analytics.law.months import months_of
from analytics.law.reasons import USE_CHANGED, Reason
from analytics.law.uses import claims_of_uses
from domain.money import round_half_up


def claims(
    basis: Basis, calculator: Calculator, piece: Piece, before: Sequence[Sequence[Claim]],
    other: Sequence[Collection[int]], why: Sequence[Reason],
) -> Sequence[Claim]:  # fmt: skip
    """(n,) the calculator's claims; `other`: the days of each on which it was not what it is judged as, whose
    records leave open, for the reason `why`, what they would change."""
    every = claims_of_uses(basis, calculator, piece, before)
    if not calculator.Table.of_dwellings:
        return every
    part = without_records(basis, piece.part, other)
    if part is piece.part:
        return every
    own = claims_of_uses(basis, calculator, piece._replace(part=part), before)
    return [_between(basis, *each) for each in zip(own, every, why, strict=True)]


def without_records(basis: Basis, part: Snapshot, other: Sequence[Collection[int]]) -> Snapshot:
    """The same without the records of these days of each household."""
    at, value = part.measurements.columns
    room = np.repeat(np.arange(len(part.room_code)), part.measurements.count())
    home = np.repeat(np.arange(part.household.size), part.rooms.count())[room]
    day = np.searchsorted(basis.days.start_us, at, side="right") - 1
    pairs = zip(home.tolist(), day.tolist(), strict=True)
    away = {i: {*days} for i, days in enumerate(other) if days}
    keep = np.array([d not in away.get(h, ()) for h, d in pairs], dtype=np.bool_)
    if keep.all():
        return part
    left = Ragged.grouped(room[keep], len(part.room_code), at[keep], value[keep])
    return replace(part, measurements=left)


def _between(basis: Basis, own: Claim, every: Claim, why: Reason) -> Claim:
    """What the records of the own days pay; what those of all would is open."""
    if own.lines == every.lines and own.open_days == every.open_days:
        return every
    more = [line for line in every.lines if line not in own.lines]
    touched = (d for each in more for d in each.among(basis.days.days))
    days = {*own.open_days, *every.open_days, *touched}
    if not days:
        return own
    owed = total(own.lines)
    upper = max(own.upper, every.upper, owed)
    return own._replace(
        upper=upper, lower=max(own.lower, owed) if own.open_days else owed, open_days=tuple(sorted(days)),
        reason=None, ahead=False, waits_for=own.waits_for if own.open_days else why,
        steps=every.steps if own.steps is None else own.steps,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums that are no shares of their days, of a household whose use changes."""

    basis: Basis
    other: Collection[int]  # days on which it is no dwelling
    fee: Sequence[Fraction]  # (d,) for a whole season
    of_month: bool  # each is a part of a calendar month's fee
    why: Reason  # nothing says what is owed on the other days

    def sure(self, before: Sequence[Claim], claim: Claim) -> Claim:
        """The claim, of which a sum that is also of other days is open, and so are these, as the act does not say
        what is owed on them; all is where nothing was there to be judged."""
        if claim.reason is not None and claim.reason.weak:
            return claim
        basis, other = self.basis, {*self.other}
        of_both = [line for line in claim.lines if other.intersection(self._days_of(line, before))]
        kept = [line for line in claim.lines if line not in of_both]
        left = left_of_days(basis, [d for d in self._past() if d in other], before)
        season = basis.days.days
        days = {*claim.open_days, *left, *(d for line in of_both for d in line.among(season))}
        if not days:
            return claim
        rest = sum((self.fee[d] * part_days(basis, {d: s}) for d, s in left.items()), Fraction(0))
        paid = {d for line in kept for d in line.among(season)}
        return Claim(
            tuple(kept), self._money(Fraction(claim.upper) + rest / basis.count), total(kept),
            tuple(sorted(days)), taken={d: s for d, s in claim.taken.items() if d in paid},
            steps=claim.steps, waits_for=self._why(claim, of_both), waits=claim.waits,
        )  # fmt: skip

    def _why(self, claim: Claim, of_both: Sequence[Line]) -> Reason | None:
        if claim.open_days:
            return claim.waits_for
        return USE_CHANGED if of_both else self.why

    def _days_of(self, line: Line, before: Sequence[Claim]) -> Iterable[int]:
        """The days whose fees make a line: of a part of a month's all of its that were charged."""
        own, season = line.among(self.basis.days.days), self.basis.snapshot.season
        if not self.of_month:
            return own
        closed = set(not_charged(before))
        months = months_of(self.basis.days, season.since_us, season.until_us)
        return {
            d for each in months if own[0] in each.days() for d in each.days() if d not in closed
        }

    def _past(self) -> list[int]:
        """Days that have begun."""
        end = self.basis.snapshot.season.end_us
        return [d for d, start in enumerate(self.basis.days.start_us[:-1].tolist()) if start < end]

    def _money(self, exact: Fraction) -> Decimal:
        return round_half_up(exact, self.basis.terms.currency)
