"""Calendar months of a season: what acts that bill by the month take a part of."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from analytics.facts.season_days import SeasonDays
from analytics.law.calculator import Basis, Claim, Seconds, left_of_days, part_days
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
    share: Fraction,
    clause: str,
    before: Sequence[Claim],
) -> tuple[Line, dict[int, Seconds]] | None:
    """A line of `share` of the month's fee, and what it takes of each day; at most what is left.

    None where nothing is left, or the share is none.
    """  # fmt: skip
    share = min(share, Fraction(1))
    if share <= 0:
        return None
    left = left_of_days(basis, month.days(), before)
    taken = {day: min(seconds, basis.days.inside_s[day] * share) for day, seconds in left.items()}
    taken = {day: Fraction(seconds) for day, seconds in taken.items()}
    days = part_days(basis, taken) / share
    if days <= 0:
        return None
    line = basis.line(kind, fee, month.first, month.last, days, share, clause, taken.items())
    return line, dict(taken)
