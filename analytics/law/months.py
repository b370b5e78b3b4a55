"""Calendar months of a season: what acts that bill by the month take a part of."""

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from analytics.facts.changed_terms import changes_of, numbers_of
from analytics.facts.season_days import SeasonDays
from analytics.law import formulas
from analytics.law.calculator import Basis, Claim, Piece, Seconds, not_charged, taken_by
from analytics.law.lines import Line
from domain.money import round_half_up

#: Of a whole season: one throughout, or (d,) that which holds on each day.
Fees = Fraction | Sequence[Fraction]


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a season in one calendar month, by index."""

    first: int
    last: int  # in it
    since_us: int  # of its part inside the season
    until_us: int

    def days(self) -> range:
        return range(self.first, self.last + 1)


def months_of(days: SeasonDays, since_us: int, until_us: int) -> list[Month]:
    """The calendar months that a season [since, until) touches."""
    found: list[Month] = []
    for i, day in enumerate(days.days):
        begin = max(int(days.start_us[i]), since_us)
        end = min(int(days.start_us[i + 1]), until_us)
        if found and days.days[i - 1].month == day.month:
            found[-1] = Month(found[-1].first, i, found[-1].since_us, end)
        else:
            found.append(Month(i, i, begin, end))
    return found


def fees_of(basis: Basis, piece: Piece, home: int) -> Fees:
    """A household's fee, or that of each day where it changes inside the season."""
    spans = changes_of(piece.part.changes[home]) if piece.part.changes else ()
    if not spans:
        return piece.fee[home]
    since = basis.snapshot.season.since_us
    starts = (max(start, since) for start in basis.days.start_us[:-1].tolist())
    return [Fraction(spans[n].fee) for n in numbers_of(spans, starts)]


def month_line(
    basis: Basis,
    kind: str,
    fee: Fees,
    month: Month,
    parts: Mapping[int, Fraction],
    clause: str,
    before: Sequence[Claim],
) -> Line | None:
    """One line of a month, at most what is left of it; None where nothing is left, or nothing is taken.

    `parts`: day -> the share of the whole month's fee that its hours take. The line lies on those days;
    a day may take more than its own fee (`taken_by_line`), the month no more than its days have left. A
    month of which each day has its own fee has as many daily fees as days, each the mean of those that
    were charged.
    """  # fmt: skip
    parts = {day: part for day, part in parts.items() if part > 0}
    if not parts:
        return None
    line = _priced(basis, kind, fee, month, parts, clause, before)
    if line.days <= 0 or not (line.exact or isinstance(fee, Fraction)):
        return None
    length = basis.days.length_s.tolist()
    each = line.days / sum(parts.values())  # of the line's days on a day, by its part
    lie = ((day, part * each * length[day]) for day, part in parts.items())
    return replace(line, seconds=tuple(lie))


def taken_by_line(line: Line) -> dict[int, Seconds]:
    """Day -> what a line of a month takes of it. [s]"""
    return {day: seconds * line.share for day, seconds in line.seconds}


def _priced(
    basis: Basis, kind: str, fee: Fees, month: Month, parts: Mapping[int, Fraction], clause: str,
    before: Sequence[Claim],
) -> Line:  # fmt: skip
    """The parts' sum, by the month's one fee or by the mean of those of its days."""
    share = min(sum(parts.values(), Fraction(0)), Fraction(1))
    closed, days = not_charged(before), range(basis.days.length_s.size)
    of_day = [fee] * len(days) if isinstance(fee, Fraction) else fee
    fees = {of_day[day] for day in month.days() if day not in closed} or {Fraction(0)}
    if len(fees) > 1:
        return _of_means(basis, kind, of_day, month, parts, share, clause, before)
    one, left = min(fees), _days_left(basis, month, share, taken_by(before))
    line = basis.line(kind, one, min(parts), max(parts), left, share, clause)
    if isinstance(fee, Fraction):
        return line
    return replace(line, formula=formulas.product(one, basis.count, line, basis.terms.currency))


def _days_left(
    basis: Basis, month: Month, share: Fraction, gone: Mapping[int, Seconds]
) -> Fraction:
    """Days of the month's one fee of which a share still comes to no more than is left."""
    whole = _parts(basis, month.days())
    length = basis.days.length_s.tolist()
    left = sum(whole.values(), Fraction(0)) - sum(
        (Fraction(gone.get(day, 0)) / length[day] for day in month.days()), Fraction(0)
    )
    return min(sum(whole.values(), Fraction(0)), left / share)


def _of_means(
    basis: Basis, kind: str, fee: Sequence[Fraction], month: Month, parts: Mapping[int, Fraction],
    share: Fraction, clause: str, before: Sequence[Claim],
) -> Line:  # fmt: skip
    """A share of the month's fee, whose days have several; at most what was charged and is left of it."""
    whole, closed = _parts(basis, month.days()), not_charged(before)
    spans: dict[Fraction, Fraction] = {}
    for day, part in whole.items():
        if day not in closed:
            spans[fee[day]] = spans.get(fee[day], Fraction(0)) + part
    charged = sum((each * days for each, days in spans.items()), Fraction(0)) / basis.count
    daily = charged / sum(spans.values(), Fraction(0))
    left = charged - sum((_paid(basis, month, each) for each in before), Fraction(0))
    exact = max(min(daily * sum(whole.values(), Fraction(0)) * share, left), Fraction(0))
    currency, shown = basis.terms.currency, basis.days.days
    line = Line(
        kind, shown[min(parts)], shown[max(parts)], exact / daily / share, share,
        round_half_up(exact, currency), clause, exact=exact,
    )  # fmt: skip
    own = formulas.of_month([*spans.items()], basis.count, line, currency)
    return replace(line, formula=own)


def _parts(basis: Basis, days: Iterable[int]) -> dict[int, Fraction]:
    """Day -> its part inside the season."""
    inside, length = basis.days.inside_s.tolist(), basis.days.length_s.tolist()
    return {day: Fraction(inside[day], length[day]) for day in days}


def _paid(basis: Basis, month: Month, claim: Claim) -> Fraction:
    """What of a claim's lines lies in the month."""
    days, own = basis.days.days, month.days()
    return sum(
        (
            Fraction(line.amount) if line.exact is None else line.exact
            for line in claim.lines
            if days.index(line.first) in own
        ),
        Fraction(0),
    )


def charged_parts(
    basis: Basis, spans: Iterable[tuple[int, int]], closed: Container[int]
) -> list[tuple[int, int]]:
    """The parts of spans, in order, on days that somebody was charged for; `closed`: the others. [µs]"""
    found: list[tuple[int, int]] = []
    for day, since, until in _cut(basis, spans):
        if day in closed:
            continue
        if found and found[-1][1] == since:
            found[-1] = (found[-1][0], until)
        else:
            found.append((since, until))
    return found


def by_day(basis: Basis, spans: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Day -> its microseconds in the spans."""
    found: dict[int, int] = {}
    for day, since, until in _cut(basis, spans):
        found[day] = found.get(day, 0) + until - since
    return found


def _cut(basis: Basis, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """(day, since, until) of the parts of spans inside the season's days. [µs]"""
    start = basis.days.start_us.tolist()
    for since, until in spans:
        for day in range(max(bisect_right(start, since) - 1, 0), len(start) - 1):
            if start[day] >= until:
                break
            yield day, max(since, start[day]), min(until, start[day + 1])
