"""When which limit of a room's temperature applies: by the calendar, the hour and the cold outside."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.facts.season_days import SeasonDays
from analytics.facts.season_facts import SeasonFacts
from analytics.law.known import Known
from domain.columns import IntArray
from domain.time import day_start, to_us

Span = tuple[int, int]  # half-open [µs]


class Hours(NamedTuple):
    """A limit of some hours of every day of the heat season."""

    since: str  # local time of day
    until: str  # of the next day where it is not later
    limit: int  # below it a room is too cold [0.001 °C]
    outdoor: int | None  # it applies while it is below this outdoors [0.001 °C]; None: always


class Watched(NamedTuple):
    """Stretches of time (w) with one limit, by time; each belongs to a period, a day or a night."""

    since: IntArray  # [µs]
    until: IntArray  # [µs]
    limit: IntArray  # [0.001 °C]
    sure: NDArray[np.bool_]  # whether it is known that the limit applies
    period: IntArray  # row of the season's periods

    def without(self, spans: Sequence[Span]) -> "Watched":
        """The same but for some time."""
        if not spans:
            return self
        rows = [
            (*part, row)
            for row, span in enumerate(zip(self.since.tolist(), self.until.tolist(), strict=True))
            for part in _left(span, spans)
        ]
        since, until, row = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return Watched(since, until, self.limit[row], self.sure[row], self.period[row])


class Period(NamedTuple):
    """The hours of a limit on one day; they may end on the next."""

    hours: int  # row of the policy's
    day: date


def watched_of(
    season: SeasonFacts,
    days: SeasonDays,
    heat_season: tuple[str, str],
    hours: Sequence[Hours],
    outdoor: Known,
) -> tuple[Watched, list[Period]]:
    """All that is past of the season.

    `heat_season`: first and last day, as "10-01"; both are in it.
    """
    zone = ZoneInfo(season.zone)
    inside = list(_heat_season(season, days, heat_season, zone))
    periods: list[Period] = []
    rows: list[tuple[int, int, int, bool, int]] = []
    for day in (days.days[0] - timedelta(days=1), *days.days):
        for number, each in enumerate(hours):
            parts = list(_common(_of_day(day, each, zone), inside))
            told = [part for span in parts for part in _applies(span, each.outdoor, outdoor)]
            rows += [(a, b, each.limit, sure, len(periods)) for a, b, sure in told]
            if parts:
                periods.append(Period(number, day))
    rows.sort()
    since, until, limit, sure, period = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return Watched(since, until, limit, sure.astype(np.bool_), period), periods


def _heat_season(
    season: SeasonFacts, days: SeasonDays, ends: tuple[str, str], zone: ZoneInfo
) -> Iterator[Span]:
    """What of the season is past and lies on its days of the heat season."""
    first, last = ends
    for day in days.days:
        shown = day.isoformat()[5:]
        if first <= shown <= last if first <= last else shown >= first or shown <= last:
            span = to_us(day_start(day, zone)), to_us(day_start(day + timedelta(days=1), zone))
            yield from _common(span, [(season.since_us, season.end_us)])


def _of_day(day: date, hours: Hours, zone: ZoneInfo) -> Span:
    since, until = time.fromisoformat(hours.since), time.fromisoformat(hours.until)
    end = day if since < until else day + timedelta(days=1)
    return to_us(datetime.combine(day, since, zone)), to_us(datetime.combine(end, until, zone))


def _common(span: Span, others: Sequence[Span]) -> Iterator[Span]:
    for since, until in others:
        both = max(span[0], since), min(span[1], until)
        if both[0] < both[1]:
            yield both


def _left(span: Span, gone: Sequence[Span]) -> Iterator[Span]:
    now = span[0]
    for since, until in sorted(gone):
        if since >= span[1]:
            break
        if now < since:
            yield now, since
        now = max(now, until)
    if now < span[1]:
        yield now, span[1]


def _applies(span: Span, below: int | None, outdoor: Known) -> Iterator[tuple[int, int, bool]]:
    """Parts of the span in which the limit applies; False beside those where that is not known."""
    if below is None:
        yield (*span, True)
        return
    near = slice(
        int(np.searchsorted(outdoor.until, span[0], side="right")),
        int(np.searchsorted(outdoor.at, span[1])),
    )
    now = span[0]
    for at, until, value in zip(
        outdoor.at[near].tolist(), outdoor.until[near].tolist(), outdoor.value[near].tolist(), strict=True
    ):  # fmt: skip
        if now < at:
            yield now, at, False
        since, now = max(at, span[0]), min(until, span[1])
        if value < below and since < now:
            yield since, now, True
    if now < span[1]:
        yield now, span[1], False
