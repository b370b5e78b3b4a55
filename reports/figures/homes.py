"""The homes' day: each household by its worst covered room, against the standard."""

from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.heat.comfort import comfort, means
from analytics.heat.homes import by_room, parts, room_intervals, room_readings
from analytics.heat.owed import Owed
from analytics.heat.ragged import spread
from domain.columns import Columns
from domain.time import HOUR_US, SECOND_US, Span, to_us
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
    #: Lowest one-hour mean of the room that was furthest below its standard, or least above it
    #: [0.001 Cel], rounded down; NO_MEAN: none.
    lowest_mean: IntArray
    days_below: IntArray  # days on which some hour's mean is below its room's standard
    received: IntArray  # usable readings, of each sensor no more than it promises
    expected: IntArray  # readings that the declared intervals promise


def homes_day(
    readings: Readings,
    rooms: CoveredRooms,
    day: Span,
    owed: Owed,
    zone: ZoneInfo,
    as_of: int,
) -> Homes:
    """Works out one local day.

    Parameters
    ----------
    rooms : CoveredRooms
        As they hold at a reading's own time (`by_reading`): sensors of a room that followed each
        other are one. Also rooms without a sensor (series -1): they make the household's day unknown.
    owed : Owed
        How warm each room must be. A room that counts where it is measured makes nothing unknown, and
        a home of which nothing says what it is owed is unknown.
    """
    rooms = rooms.where((rooms.series >= 0) | ~np.isin(rooms.room, owed.if_measured))
    room, first = np.unique(rooms.room, return_index=True)
    limits = owed.of(room, rooms.household[first])
    found = {
        name: np.full(room.size, NOTHING.get(name, 0), dtype=np.int64)
        for name in (*WORST, "lowest_mean")
    }
    known = (rooms.series >= 0) & ~np.isin(rooms.household, owed.unjudged)
    for part in parts(rooms.where(known), day):
        columns = room_readings(readings, part, day, as_of)
        at = np.searchsorted(room, np.unique(part.room))
        asked = _Asked(owed, limits[at], day, zone)
        figures = _room_day(by_room(columns, part), room_intervals(part), asked)
        for name, values in (figures | _counts(columns, part, day)).items():
            found[name][at] = values
    return _households(rooms.household[first], found, limits)


def _hour_edges(day: Span) -> IntArray:
    hours = (to_us(day.until) - to_us(day.since)) // HOUR_US
    edges: IntArray = to_us(day.since) + np.arange(hours + 1, dtype=np.int64) * HOUR_US
    return edges


class _Asked(NamedTuple):
    """What is asked of a day's rooms (r)."""

    owed: Owed
    limits: IntArray  # (r,) [0.001 Cel]
    day: Span
    zone: ZoneInfo


def _room_day(columns: Columns, interval_s: IntArray, asked: _Asked) -> dict[str, IntArray]:
    """(r,) what is known of each room."""
    owed, limits, day, zone = asked
    against = owed.against_general(columns, limits)
    sums = comfort(against, interval_s, owed.general, day, zone).whole()
    hourly = means(columns, interval_s, _hour_edges(day))
    full = hourly.known_us >= KNOWN_HOUR_US
    mean = hourly.total // np.maximum(hourly.known_us, 1)
    below = full & (hourly.total < limits[:, np.newaxis] * hourly.known_us)
    return {
        "known_us": sums.known_us[:, 0],
        "below_us": sums.below_us[:, 0],
        "deficit": sums.deficit[:, 0],
        "lowest_mean": np.where(full, mean, NO_MEAN).min(axis=1, initial=NO_MEAN),
        "days_below": below.any(axis=1).astype(np.int64),
    }


def _counts(columns: Columns, rooms: CoveredRooms, day: Span) -> dict[str, IntArray]:
    """(r,) usable readings of each room, and how many its sensors promise while they are there."""
    since_us = np.maximum(rooms.since_us, to_us(day.since))
    until_us = np.minimum(rooms.until_us, to_us(day.until))
    start, size = columns.slices(rooms.series)
    rows, owner = spread(start, size), np.repeat(np.arange(size.size), size)
    at_us = columns.at_us[rows]
    inside = (at_us >= since_us[owner]) & (at_us < until_us[owner]) & columns.usable()[rows]
    expected = (until_us - since_us) // (SECOND_US * np.maximum(rooms.interval_s, 1))
    received = np.minimum(np.bincount(owner[inside], minlength=size.size), expected)
    room, into = np.unique(rooms.room, return_inverse=True)
    found = {}
    for name, each in {"received": received, "expected": expected}.items():
        found[name] = np.zeros(room.size, dtype=np.int64)
        np.add.at(found[name], into, each)
    return found


#: What a room without a sensor says.
NOTHING = {"lowest_mean": NO_MEAN}
#: How the rooms of a household come together in its day.
WORST = {
    "known_us": np.minimum,
    "below_us": np.maximum,
    "deficit": np.maximum,
    "days_below": np.maximum,
    "received": np.add,
    "expected": np.add,
}


def _households(of_room: NDArray[np.int32], rooms: dict[str, IntArray], limits: IntArray) -> Homes:
    household, into = np.unique(of_room, return_inverse=True)
    start = {"known_us": NO_MEAN}
    found = {"lowest_mean": _worst_mean(into, rooms["lowest_mean"], limits)}
    for name, joined in WORST.items():
        found[name] = np.full(household.size, start.get(name, 0), dtype=np.int64)
        joined.at(found[name], into, rooms[name])
    return Homes(household=household, **found)


def _worst_mean(into: NDArray[np.intp], lowest: IntArray, limits: IntArray) -> IntArray:
    """(h,) the lowest mean of the room that it leaves furthest below its limit."""
    order = np.lexsort((lowest - limits, into))
    first = np.unique(into[order], return_index=True)[1]
    return lowest[order[first]]
