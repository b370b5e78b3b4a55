"""What is known of the temperatures of a household's rooms, over stretches in which nothing changes."""

from collections.abc import Sequence

import numpy as np

from analytics.law.cold_days.samples import Samples
from analytics.law.known import Known
from domain.columns import IntArray


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
