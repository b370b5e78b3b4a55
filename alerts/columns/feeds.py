"""A dead feed: meters of many stations, or the sensors of their homes, that fell silent together.

The registry does not say which devices share a gateway or a bridge, so it is told by what falls
silent: the stations' own meters, or the sensors in their homes, all of them at a station, while
others speak. It is one fault at the source, or the company, where

- at least two of its stations and `common_share` of them (0.3) fell silent so,
- within one wait (`silent.intervals` declared ones, at least `least_min`) of each other.

Stations that fall silent one by one, further apart, stay faults of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from alerts.columns.watched import NEVER_US, Index, Ints, Watched
from domain.tree import PlaceKind

Mask = NDArray[np.bool_]
#: What falls silent together, by where it measures: the reason of the episode.
METERS, SENSORS = "station_meters", "home_sensors"
REASONS = (METERS, SENSORS)
LEVEL = PlaceKind.STATION.level


def belongs(reason: str, level: int) -> bool:
    """Whether what measures at a place of this `PlaceKind.level` is of the feed of this reason."""
    return level == LEVEL if reason == METERS else level > LEVEL


@dataclass(frozen=True, slots=True)
class Dead:
    """Stations below a place from which nothing of one kind comes any more, since one window."""

    reason: str
    stations: Index  # (k,) rows
    of: int  # stations below the place that have such meters
    last_us: Ints  # (k,) newest value of each [µs]
    wait_us: int  # the shortest wait among them [µs]

    @property
    def due_us(self) -> int:
        """When it was certain."""
        return int(self.last_us.max()) + self.wait_us


class Feeds:
    """Looks for dead feeds among the series of a registry version."""

    def __init__(self, watched: Watched, wait_us: Ints, share: float) -> None:
        """`share` of the stations of a place [1] are many."""
        self._share = share
        self._wait_us = wait_us
        self._station = watched.ancestor(PlaceKind.STATION)
        places = watched.places
        level = places.kind[watched.place]
        self._kinds: dict[str, Mask] = {
            METERS: (self._station >= 0) & (level == LEVEL),
            SENSORS: (self._station >= 0) & (level > LEVEL),
        }
        self._above = [places.ancestor(kind) for kind in (PlaceKind.SOURCE, PlaceKind.COMPANY)]
        self._size = places.ids.size

    def of(self, reason: str) -> Mask:
        """(n,) series of this kind."""
        return self._kinds[reason]

    def dead(
        self, active: Mask, last_us: Ints, now_us: int, known: Iterable[tuple[int, str]]
    ) -> dict[int, Dead]:
        """By place row, the lowest that holds all of it; what is `known` holds on with two stations."""
        open_rows = dict(known)
        found: dict[int, Dead] = {}
        for reason, mine in self._kinds.items():
            silent = self._silent(active & mine, last_us, now_us)
            for above in self._above:
                for row, dead in self._groups(reason, above, *silent):
                    need = max(2, ceil(self._share * dead.of))
                    if open_rows.get(row) == reason:
                        need = 2
                    if dead.stations.size < need or row in found:
                        continue
                    inside = [r for r in found if found[r].reason == reason and self._has(row, r)]
                    if any(found[r].stations.size == dead.stations.size for r in inside):
                        continue  # all of it is that place's below
                    found = {r: each for r, each in found.items() if r not in inside}
                    found[row] = dead
        return found

    def _has(self, row: int, below: int) -> bool:
        return any(int(above[below]) == row for above in self._above)

    def _silent(self, mine: Mask, last_us: Ints, now_us: int) -> tuple[Index, Index, Ints, Ints]:
        """Stations with such series; those of them all silent, with newest value and wait. [µs]"""
        count = np.bincount(self._station[mine], minlength=self._size)
        last, wait = np.zeros(self._size, dtype=np.int64), np.full(self._size, NEVER_US)
        np.maximum.at(last, self._station[mine], last_us[mine])
        np.minimum.at(wait, self._station[mine], self._wait_us[mine])
        silent = np.flatnonzero((count > 0) & (now_us - last > wait)).astype(np.int32)
        return np.flatnonzero(count).astype(np.int32), silent, last[silent], wait[silent]

    def _groups(
        self, reason: str, above: Index, stations: Index, silent: Index, last: Ints, wait: Ints
    ) -> Iterable[tuple[int, Dead]]:
        """By place of one level, the most of its silent stations that fell silent in one window."""
        for row in np.unique(above[silent]).tolist():
            mine = np.flatnonzero(above[silent] == row)
            if row < 0 or mine.size < 2:
                continue
            window = int(wait[mine].min())
            times = np.sort(last[mine])
            ends = np.searchsorted(times, times + window, side="right")
            first = int(np.argmax(ends - np.arange(times.size)))
            since, until = times[first], times[int(ends[first]) - 1]
            together = mine[(last[mine] >= since) & (last[mine] <= until)]
            of = int(np.count_nonzero(above[stations] == row))
            yield row, Dead(reason, silent[together], of, last[together], window)
