"""A season's local civil days and how many they are."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np

from analytics.facts.season_facts import SeasonFacts
from domain.columns import IntArray
from domain.time import SECOND_US, local_days, to_us


@dataclass(frozen=True, slots=True)
class SeasonDays:
    """The season's local civil days (d days)."""

    days: tuple[date, ...]
    start_us: IntArray  # (d + 1,) first instants of the days, whole days
    inside_s: IntArray  # (d,) seconds of the day inside the season
    length_s: IntArray  # (d,) seconds of the whole day: 23, 24 or 25 h

    @classmethod
    def of(cls, season: SeasonFacts) -> "SeasonDays":
        zone = ZoneInfo(season.zone)
        found = list(local_days(season.span, zone))
        edges = [to_us(span.since) for _, span in found] + [to_us(found[-1][1].until)]
        start = np.array(edges, dtype=np.int64)
        inside = np.minimum(start[1:], season.until_us) - np.maximum(start[:-1], season.since_us)
        return cls(
            tuple(day for day, _ in found), start, inside // SECOND_US, np.diff(start) // SECOND_US
        )

    def count(self) -> Fraction:
        """How many days the season has, a part of a day as its part (7.11, 7.20)."""
        return sum(
            (Fraction(int(a), int(b)) for a, b in zip(self.inside_s, self.length_s, strict=True)),
            Fraction(0),
        )
