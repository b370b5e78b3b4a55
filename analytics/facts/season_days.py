"""A season's local civil days and how many they are."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from analytics.facts.season_facts import SeasonFacts
from domain.columns import IntArray
from domain.time import SECOND_US, Span, local_days, to_us


@dataclass(frozen=True, slots=True)
class SeasonDays:
    """The season's local civil days (d days)."""

    days: tuple[date, ...]
    start_us: IntArray  # (d + 1,) first instants of the days, whole days
    inside_s: IntArray  # (d,) seconds of the day inside the season
    length_s: IntArray  # (d,) seconds of the whole day: 23, 24 or 25 h

    @classmethod
    def of(cls, season: SeasonFacts) -> "SeasonDays":
        days, start = _of_span(season.span, season.zone)
        inside = np.minimum(start[1:], season.until_us) - np.maximum(start[:-1], season.since_us)
        return cls(days, start, inside // SECOND_US, np.diff(start) // SECOND_US)

    def count(self) -> Fraction:
        """How many days the season has, a part of a day as its part (7.11, 7.20)."""
        whole = self.inside_s == self.length_s
        parts = zip(self.inside_s[~whole].tolist(), self.length_s[~whole].tolist(), strict=True)
        return sum((Fraction(a, b) for a, b in parts), Fraction(int(whole.sum())))


@lru_cache(maxsize=64)  # one season is settled many times over
def _of_span(span: Span, zone: str) -> tuple[tuple[date, ...], IntArray]:
    """The local days of a span and their (d + 1,) edges [us]."""
    found = list(local_days(span, ZoneInfo(zone)))
    edges = [to_us(each.since) for _, each in found] + [to_us(found[-1][1].until)]
    start = np.array(edges, dtype=np.int64)
    start.flags.writeable = False
    return tuple(day for day, _ in found), start
