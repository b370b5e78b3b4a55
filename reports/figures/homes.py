"""The homes' day: each household by its worst covered room, against the standard."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.heat.comfort import comfort, means
from domain.columns import Columns
from domain.time import HOUR_US, Span, to_us
from domain.validity import with_lead
from store.readings.readings import Readings
from store.registry.series import CoveredRooms

#: An hour's mean counts from 45 known minutes on (regulations.md 7.20, "band of a day"). [µs]
KNOWN_HOUR_US = 45 * 60 * 1_000_000
NO_MEAN = np.iinfo(np.int64).max

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Homes:
    """(n,) arrays, one row a household with a covered room, by place id."""

    household: NDArray[np.int32]
    known_us: IntArray  # in the room known for the shortest time [µs]
    below_us: IntArray  # in the worst room [µs]
    deficit: IntArray  # in the worst room [0.001 K · µs]
    lowest_mean: IntArray  # lowest one-hour mean [0.001 Cel], rounded down; NO_MEAN: none
    days_below: IntArray  # days on which some hour's mean is below the standard
    received: IntArray  # usable readings, of each sensor no more than it promises
    expected: IntArray  # readings that the declared intervals promise


def homes_day(
    readings: Readings,
    rooms: CoveredRooms,
    day: Span,
    standard: int,
    zone: ZoneInfo,
    as_of: int,
) -> Homes:
    """Works out one local day.

    Parameters
    ----------
    rooms : CoveredRooms
        Also rooms without a sensor (series -1): they make the household's day unknown.
    standard : int
        Room standard. [0.001 Cel]
    """
    series, row = np.unique(rooms.series[rooms.series >= 0], return_inverse=True)
    columns = readings.columns(series, with_lead(day), as_of=as_of)
    interval = np.zeros(series.size, dtype=np.int64)
    interval[row] = rooms.interval_s[rooms.series >= 0]
    per_series = _series_day(columns, interval, day, standard, zone)
    return _households(rooms, series, per_series)


def _hour_edges(day: Span) -> IntArray:
    hours = (to_us(day.until) - to_us(day.since)) // HOUR_US
    edges: IntArray = to_us(day.since) + np.arange(hours + 1, dtype=np.int64) * HOUR_US
    return edges


def _series_day(
    columns: Columns, interval_s: IntArray, day: Span, standard: int, zone: ZoneInfo
) -> dict[str, IntArray]:
    sums = comfort(columns, interval_s, standard, day, zone).whole()
    hourly = means(columns, interval_s, _hour_edges(day))
    full = hourly.known_us >= KNOWN_HOUR_US
    mean = hourly.total // np.maximum(hourly.known_us, 1)
    below = full & (hourly.total < standard * hourly.known_us)
    inside = (columns.at_us >= to_us(day.since)) & columns.usable()
    counts = np.concatenate(([0], np.cumsum(inside)))
    day_s = (to_us(day.until) - to_us(day.since)) // 1_000_000
    expected = day_s // np.maximum(interval_s, 1)
    return {
        "known_us": sums.known_us[:, 0],
        "below_us": sums.below_us[:, 0],
        "deficit": sums.deficit[:, 0],
        "lowest_mean": np.where(full, mean, NO_MEAN).min(axis=1, initial=NO_MEAN),
        "days_below": below.any(axis=1).astype(np.int64),
        "received": np.minimum(
            counts[columns.offsets[1:]] - counts[columns.offsets[:-1]], expected
        ),
        "expected": expected,
    }


#: How the rooms of a household come together in its day.
WORST = {
    "known_us": np.minimum,
    "below_us": np.maximum,
    "deficit": np.maximum,
    "lowest_mean": np.minimum,
    "days_below": np.maximum,
    "received": np.add,
    "expected": np.add,
}


def _households(rooms: CoveredRooms, series: NDArray[np.int32], of: dict[str, IntArray]) -> Homes:
    household, into = np.unique(rooms.household, return_inverse=True)
    at = np.searchsorted(series, np.maximum(rooms.series, 0))
    without = rooms.series < 0
    nothing = {"lowest_mean": NO_MEAN}
    start = {"known_us": NO_MEAN, "lowest_mean": NO_MEAN}
    found = {}
    for name, joined in WORST.items():
        per_room = np.full(rooms.series.size, nothing.get(name, 0), dtype=np.int64)
        per_room[~without] = of[name][at[~without]]
        total = np.full(household.size, start.get(name, 0), dtype=np.int64)
        joined.at(total, into, per_room)
        found[name] = total
    return Homes(
        household=household,
        known_us=found["known_us"],
        below_us=found["below_us"],
        deficit=found["deficit"],
        lowest_mean=found["lowest_mean"],
        days_below=found["days_below"],
        received=found["received"],
        expected=found["expected"],
    )
