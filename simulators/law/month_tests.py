"""Naive twins of `tests_in_month` and `month_mean`: Liaoning and Changchun, slow and obvious.

A scenario is in the reference form. They know nothing of the code they are held against.
"""

from collections.abc import Sequence, Set
from datetime import date
from fractions import Fraction
from typing import Any

from simulators.law.counts import Season, sum_of
from simulators.law.lines import Line, answer, line_of
from simulators.law.new_terms import fee_of_days, uncapped_fee_of_days
from simulators.law.payers import each_payer
from simulators.law.season import of_force_majeure

Scenario = dict[str, Any]
Bands = list[tuple[str, str]]  # (below this [Cel], share), lowest first
FORTY: Bands = [("16", "1"), ("18", "2/5")]
TWENTY: Bands = [("14", "1"), ("16", "1/2"), ("18", "1/5")]
CHANGCHUNS: Bands = [("14", "1"), ("16", "3/5"), ("18", "3/10")]


def share_of(bands: Bands, celsius: Fraction) -> Fraction:
    return next(
        (Fraction(share) for below, share in bands if celsius < Fraction(below)), Fraction(0)
    )


def coldest_records(
    season: Season, scenario: Scenario, closed: Set[date], excused: Sequence[Sequence[str]] = ()
) -> dict[date, Fraction]:
    """Local day -> its coldest record; none on days of a user's fault, on closed or on excused ones."""
    found: dict[date, Fraction] = {}
    for text, _, celsius in scenario["acts"]:
        at = season.instant(text)
        day = season.day_of(at)
        if not season.since <= at < season.until or day in closed:
            continue
        if any(season.touches(day, *span) for span in scenario.get("user_faults", [])):
            continue
        if any(season.touches(day, *span) for span in excused):
            continue
        found[day] = min(Fraction(celsius), found.get(day, Fraction(celsius)))
    return found


#: The last day to claim the refunds of a season that ends on 31 March 2025: a month later, a working day.
CLAIM_BY = date(2025, 4, 30)
YEAR_S = 365 * 86_400


def claimed(season: Season, scenario: Scenario, lines: list[Line]) -> dict[str, Any]:
    """Claimed with the signed sheet, within a month of the season's end; not told: not known."""
    failing = [
        season.instant(at)
        for at, _, celsius in scenario["acts"]
        if season.since <= season.instant(at) < season.until and Fraction(celsius) < 18
    ]
    if not lines or scenario.get("standing_consent"):
        return answer(lines)
    asked = [season.instant(text) for text in scenario["requests"]]
    with_sheet = [at for at in asked if min(failing) <= at < season.since + YEAR_S]
    if any(season.day_of(at) <= CLAIM_BY for at in with_sheet):
        return answer(lines)
    return answer([], undetermined=not with_sheet)


@each_payer
@fee_of_days
def liaoning(scenario: Scenario, closed: Set[date], bands: Bands) -> dict[str, Any]:
    """1 failing test in a month pays 2 days, 2 pay 10, 3 pay 30; in more than 3 months: the season."""
    season = Season(scenario)
    tests = coldest_records(season, scenario, closed, of_force_majeure(scenario))
    failed = {d: c for d, c in tests.items() if c < 18}
    months: dict[tuple[int, int], list[date]] = {}
    for day in sorted(failed):
        months.setdefault((day.year, day.month), []).append(day)
    counted = {month: five_apart(days) for month, days in months.items()}
    lines: list[Line] = []
    if sum(len(days) >= 3 for days in counted.values()) > 3:
        share = share_of(bands, min(failed.values()))
        whole = int(season.days())
        lines += sum_of(season, "tests", season.day_of(season.since), whole, share, lines, closed)
        return with_outages(season, scenario, closed, claimed(season, scenario, lines))
    for month, days in counted.items():
        pays = {1: 2, 2: 10}.get(len(days), 30)
        share = share_of(bands, min(failed[day] for day in months[month]))
        lines += sum_of(season, "tests", days[0], pays, share, lines, closed)
    return with_outages(season, scenario, closed, claimed(season, scenario, lines))


def with_outages(
    season: Season, scenario: Scenario, closed: Set[date], found: dict[str, Any]
) -> dict[str, Any]:
    """What outages pay was not seen: undetermined, but of those whose cause excuses."""
    excusing = of_force_majeure(scenario)
    own = [span for span in scenario["outages"] if span not in excusing]
    is_open = season.unseen({**scenario, "outages": own}, closed)
    return {**found, "undetermined": found["undetermined"] or is_open}


def five_apart(days: list[date]) -> list[date]:
    """Those at least five days after the one that counted before."""
    found: list[date] = []
    for day in days:
        if not found or (day - found[-1]).days >= 5:
            found.append(day)
    return found


@each_payer
@uncapped_fee_of_days
def changchun(scenario: Scenario, closed: Set[date]) -> dict[str, Any]:
    """The mean of a month's three lowest tests; stops of 48 h pay twice, and their part of the month."""
    season = Season(scenario)
    long = [(a, b) for a, b in season.stops(scenario) if b - a >= 48 * 3600]
    lines = [line for a, b in long for line in season.outage(a, b, 2, closed)]
    tests = coldest_records(season, scenario, closed)
    for year, month in sorted({(day.year, day.month) for day in tests}):
        own = sorted(c for day, c in tests.items() if (day.year, day.month) == (year, month))
        share = share_of(CHANGCHUNS, sum(own[:3], Fraction(0)) / 3)
        days = [
            day for day in season.local_days(season.since, season.until)
            if (day.year, day.month) == (year, month)
        ]  # fmt: skip
        left = season.charged(closed, days[0], days[-1])
        for a, b in long:
            for day in set(season.local_days(a, b)) & set(left):
                left[day] -= season.part_of(day, a, b)
        if len(own) >= 3 and share > 0 and sum(left.values()) > 0:
            shown = {"from": str(days[0]), "to": str(days[-1])}
            lines.append(line_of("month_mean", left, share, season.daily()) | shown)
    return answer(lines)
