"""What decisions settle of a household's undetermined hours, instant by instant and room by room.

Where an act counts hours a decision settles those of its own span that are undetermined, and no others;
one about a room settles what is unknown of that room, and says nothing of another one.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.facts.recorded import Decided
from analytics.law.cold_days.decided import coldest_first
from domain.columns import IntArray
from domain.quantity import Quantity
from domain.recorded import BELOW

Mask = NDArray[np.bool_]


class Hours(NamedTuple):
    """How far a household is below the limit at (k,) instants. [0.001 K]"""

    low: IntArray  # for certain
    high: IntArray  # at most
    settled: Sequence[tuple[Decided, Mask]] = ()  # decisions, with the instants that each settled


class _Rooms:
    """(r, k) how far each room is below the limit, for certain and at most. [0.001 K]"""

    def __init__(self, sure: IntArray, most: IntArray, limit: IntArray, standard: int) -> None:
        self.sure, self.most = sure.copy(), most.copy()
        self.settled: list[tuple[Decided, Mask]] = []
        self._limit, self._standard = limit, standard

    def room(self, row: int, each: Decided, inside: Mask) -> None:
        """Settles what is unknown of one room."""
        sure, most = self.sure[row], self.most[row]
        own = inside & (sure < most)
        as_decided = np.clip(self._below(each), sure, most) if each.outcome == BELOW else sure
        self.sure[row], self.most[row] = (np.where(own, as_decided, of) for of in (sure, most))
        self.settled.append((each, own))

    def dwelling(self, each: Decided, inside: Mask) -> None:
        """Settles what is unknown of all rooms together: the coldest is as decided."""
        low, high = self.sure.max(axis=0), self.most.max(axis=0)
        own = inside & (low < high)
        as_decided = np.clip(self._below(each), low, high) if each.outcome == BELOW else low
        self.sure, self.most = (np.where(own, as_decided, of) for of in (self.sure, self.most))
        self.settled.append((each, own))

    def _below(self, each: Decided) -> IntArray:
        """The temperature that the decision names, else just below the standard."""
        celsius = self._standard - 1
        if each.temperature:
            celsius = min(celsius, Quantity.TEMPERATURE.to_ticks(Decimal(each.temperature)))
        return np.maximum(self._limit - celsius, 0)


def decided_hours(
    decisions: Sequence[Decided], names: Sequence[str], at: IntArray,
    sure: IntArray, most: IntArray, limit: IntArray, standard: int,
) -> Hours:  # fmt: skip
    """What is sure and at most below where decisions settle the unknown.

    `names` (r,): codes of the rooms; `at` (k,): instants [µs]; `sure`, `most` (r, k): how far each room is
    below `limit` (k,) [0.001 K, 0.001 °C]. Below holds before compliant, of those the coldest; what is decided
    is never below what is known, nor above what was possible.
    """
    rooms = _Rooms(sure, most, limit, standard)
    for whole, is_below in ((False, True), (True, True), (False, False), (True, False)):
        for each in sorted(decisions, key=coldest_first):
            if (each.outcome == BELOW) is not is_below or (not each.room) is not whole:
                continue
            inside = (at >= each.since) & (at < each.until)
            if whole:
                rooms.dwelling(each, inside)
            elif each.room in names:
                rooms.room(names.index(each.room), each, inside)
    return Hours(
        rooms.sure.max(axis=0, initial=0), rooms.most.max(axis=0, initial=0), rooms.settled
    )
