"""How warm each room is owed, and the values of rooms as they compare with what is owed generally."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from domain.columns import Columns, IntArray
from domain.tree import COVERED_ROOMS, RoomUse

Ids = NDArray[np.int32]


def _no_ids() -> Ids:
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Owed:
    """A limit for all rooms, and those that are owed something else. [0.001 Cel]

    `rooms` and `homes` are increasing place ids, with a limit beside each; of a home it is that of
    all its rooms, unless the room has its own.
    """

    general: int
    rooms: Ids = field(default_factory=_no_ids)  # (k,)
    of_room: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # (k,)
    homes: Ids = field(default_factory=_no_ids)  # (h,)
    of_home: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # (h,)
    uses: Collection[RoomUse] = COVERED_ROOMS  # of the rooms that are looked at
    whole: Ids = field(
        default_factory=_no_ids
    )  # homes all of whose rooms are looked at, increasing
    unjudged: Ids = field(default_factory=_no_ids)  # homes of which nothing says what they are owed
    #: Rooms that count where something measures them, as a kitchen: increasing place ids.
    if_measured: Ids = field(default_factory=_no_ids)

    def of(self, rooms: Ids, homes: Ids, general: int | None = None) -> IntArray:
        """(n,) the limit of each room in its home; `general` in place of the one here. [0.001 Cel]

        >>> owed = Owed(18_000, np.array([7]), np.array([10_000]), np.array([2]), np.array([20_000]))
        >>> owed.of(np.array([5, 6, 7]), np.array([1, 2, 2])).tolist()
        [18000, 20000, 10000]
        """
        found = np.full(rooms.size, self.general if general is None else general, dtype=np.int64)
        for ids, limits, own in (
            (self.homes, self.of_home, homes),
            (self.rooms, self.of_room, rooms),
        ):
            if ids.size:
                at = np.searchsorted(ids, own).clip(max=ids.size - 1)
                found = np.where(ids[at] == own, limits[at], found)
        return found

    def against_general(self, columns: Columns, limits: IntArray) -> Columns:
        """Readings of rooms, a row each, as far above or below the general limit as above or below
        their own."""
        more = limits - self.general
        if not more.any():
            return columns
        by = np.repeat(more, np.diff(columns.offsets))
        return replace(columns, value=np.where(columns.usable(), columns.value - by, columns.value))
