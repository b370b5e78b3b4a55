"""Balance of stations: what their own meters counted beside the sum of their buildings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.heat.energy import consumption
from analytics.heat.meters import Meters
from analytics.heat.registers import State
from domain.columns import IntArray
from domain.tree import PlaceKind


@dataclass(frozen=True, slots=True)
class Balance:
    """Stations that have a meter of their own (n) in each bin (b)."""

    station: NDArray[np.int32]  # (n,) place ids, increasing
    edges_us: IntArray  # (b + 1,) [µs]
    supplied: (
        IntArray  # (n, b) what the station's meter counted [Wh]; at least, where it is unknown
    )
    used: IntArray  # (n, b) what its buildings used [Wh]; at least, where one is unknown
    known: IntArray  # (n, b) meters of the buildings that are known
    meters: IntArray  # (n, b) meters that make up the buildings, and homes without one
    supplied_state: NDArray[np.int8]  # (n, b) `State` of the station's meter
    used_state: NDArray[np.int8]  # (n, b) `State` of the sum

    @property
    def determined(self) -> NDArray[np.bool_]:
        """(n, b) whether both sides are known; with one meter missing the loss is not."""
        both: NDArray[np.bool_] = (self.supplied_state != State.UNKNOWN) & (
            self.used_state != State.UNKNOWN
        )
        return both

    @property
    def loss(self) -> IntArray:
        """(n, b) supplied less used [Wh], where `determined`; negative where the buildings counted more."""
        return self.supplied - self.used


def balance(meters: Meters, root: int, edges_us: IntArray) -> Balance:
    """Every station below `root` that has a meter of its own in some bin.

    Parameters
    ----------
    meters : Meters
        Of the role ENERGY.
    edges_us : (b + 1,) int64
        As `consumption` takes them. [µs]
    """
    parts = list(consumption(meters, root, PlaceKind.STATION, edges_us))
    if not parts:
        return _nothing(edges_us)
    station, supplied, state, own = (
        np.concatenate(each)
        for each in zip(
            *((part.place, part.amount, part.state, part.own) for part in parts), strict=True
        )
    )
    used, known, needed = (np.zeros(supplied.shape, dtype=np.int64) for _ in range(3))
    estimated = np.zeros(supplied.shape, dtype=np.bool_)
    for part in consumption(meters, root, PlaceKind.BUILDING, edges_us):
        above = meters.network.above(part.place, PlaceKind.STATION)
        mine = above >= 0
        row = np.searchsorted(station, above[mine])
        np.add.at(used, row, part.amount[mine])
        np.add.at(known, row, part.known[mine])
        np.add.at(needed, row, part.meters[mine])
        np.logical_or.at(estimated, row, part.state[mine] == State.ESTIMATED)
    whole = (known == needed) & (needed > 0)
    used_state = np.where(
        whole, np.where(estimated, State.ESTIMATED, State.MEASURED), State.UNKNOWN
    )
    state = np.where(own, state, State.UNKNOWN)
    kept = own.any(axis=1)
    return Balance(
        station[kept], edges_us, np.where(own, supplied, 0)[kept], used[kept], known[kept],
        needed[kept], state[kept].astype(np.int8), used_state[kept].astype(np.int8),
    )  # fmt: skip


def _nothing(edges_us: IntArray) -> Balance:
    """There is no station."""
    none = np.zeros((0, edges_us.size - 1), dtype=np.int64)
    state = none.astype(np.int8)
    return Balance(
        np.zeros(0, dtype=np.int32), edges_us, none, none, none, none, state, state
    )  # fmt: skip
