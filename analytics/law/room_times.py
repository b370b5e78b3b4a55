"""What is known of the temperatures of a household's rooms, over stretches in which nothing changes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.law.cold_days.samples import Samples
from domain.columns import IntArray


@dataclass(frozen=True, slots=True)
class Known:
    """One room's readings and records: each stands from `at` to `until`. [µs, 0.001 °C]"""

    at: IntArray
    until: IntArray
    value: IntArray

    def during(self, since_us: IntArray) -> tuple[IntArray, NDArray[np.bool_]]:
        """(k,) what stands at each instant, and whether anything does."""
        if self.at.size == 0:
            return np.zeros(since_us.size, np.int64), np.zeros(since_us.size, np.bool_)
        row = np.searchsorted(self.at, since_us, side="right") - 1
        known = (row >= 0) & (since_us < self.until[row])
        return self.value[row], known


def rooms_of(samples: Samples, first: int, last: int) -> list[Known]:
    """Rooms [first, last) of a piece."""
    found = []
    for room in range(first, last):
        own = slice(int(samples.start[room]), int(samples.start[room] + samples.size[room]))
        found.append(Known(samples.at[own], samples.until[own], samples.value[own]))
    return found


def edges(rooms: Sequence[Known], since_us: int, until_us: int, *more: int) -> IntArray:
    """(k + 1,) increasing instants in [since, until] between which nothing that is known changes."""
    told = [each for room in rooms for each in (room.at, room.until)]
    every = np.concatenate([*told, np.array([since_us, until_us, *more], dtype=np.int64)])
    inside: IntArray = np.unique(every[(every >= since_us) & (every <= until_us)])
    return inside
