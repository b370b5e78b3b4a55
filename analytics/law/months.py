"""Calendar months of a season: what acts that bill by the month take a part of."""

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analytics.facts.season_days import SeasonDays
from analytics.law.calculator import Basis, Claim, Seconds, taken_by
from analytics.law.lines import Line


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


def month_line(
    basis: Basis,
    kind: str,
    fee: Fraction,
    month: Month,
    parts: Mapping[int, Fraction],
    clause: str,
    before: Sequence[Claim],
) -> tuple[Line, dict[int, Seconds]] | None:
    """One line of a month, and what it takes of each day; together at most what is left of the month.

    `parts`: day -> the share of the whole month's fee that its hours take. The line lies on those days;
    a day may take more than its own fee, the month no more than its days have left. None where
    nothing is left, or nothing is taken.
    """  # fmt: skip
    parts = {day: part for day, part in parts.items() if part > 0}
    share = min(sum(parts.values(), Fraction(0)), Fraction(1))
    if not parts:
        return None
    length = basis.days.length_s.tolist()
    inside = basis.days.inside_s.tolist()
    gone = taken_by(before)
    whole = sum((Fraction(inside[day], length[day]) for day in month.days()), Fraction(0))
    left = whole - sum(
        (Fraction(gone.get(day, 0)) / length[day] for day in month.days()), Fraction(0)
    )
    days = min(whole, left / share)
    if days <= 0:
        return None
    each = days / sum(parts.values())  # of the line's days on a day, by its part
    lie = {day: part * each * length[day] for day, part in parts.items()}
    line = basis.line(kind, fee, min(parts), max(parts), days, share, clause, lie.items())
    return line, {day: seconds * share for day, seconds in lie.items()}


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
