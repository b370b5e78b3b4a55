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
from analytics.law.known import Known
from analytics.law.room_times import edges
from domain.columns import IntArray
from domain.quantity import Quantity
from domain.recorded import BELOW

Mask = NDArray[np.bool_]
NOTHING = np.iinfo(np.int64).max  # of a temperature: none is known


class Hours(NamedTuple):
    """How far a household is below the limit at (k,) instants. [0.001 K]"""

    low: IntArray  # for certain
    high: IntArray  # at most
    settled: Sequence[tuple[Decided, Mask]] = ()  # decisions, with the instants that each settled


class Coldest(NamedTuple):
    """How cold a household was over some time, as decisions settle while nothing is known of its rooms."""

    begin: IntArray  # (k,) of stretches in which that does not change [µs]
    known: (
        IntArray  # (k,) the coldest that a room is known to be, `NOTHING` where none is [0.001 °C]
    )
    value: IntArray  # (k,) the same with what is decided
    unknown: Mask  # (k,) neither known nor decided
    settled: Sequence[tuple[Decided, Sequence[tuple[int, int]]]] = ()  # with what each settled [µs]

    @property
    def whole(self) -> bool:
        """Whether something is known or decided throughout."""
        return not self.unknown.any()


def coldest_decided(
    decisions: Sequence[Decided], names: Sequence[str], rooms: Sequence[Known],
    parts: Sequence[tuple[int, int]], standard: int,
) -> Coldest:  # fmt: skip
    """Over parts of time [µs]; `names` (r,): codes of the rooms, `standard` [0.001 °C].

    Time is undetermined while nothing is known of any room, and only that is settled: of what is decided
    below the coldest holds, as its temperature or just below the standard. "Compliant" is no colder than
    the standard, and about one of several rooms says nothing of the others.
    """
    turns = [at for each in decisions for at in (each.since, each.until)]
    spans = [edges(rooms, *part, *turns) for part in parts]
    begin = np.concatenate([each[:-1] for each in spans])
    end = np.concatenate([each[1:] for each in spans])
    known = np.full(begin.size, NOTHING)
    for value, stands in (room.during(begin) for room in rooms):
        known = np.minimum(known, np.where(stands, value, NOTHING))
    decided, unknown = known.copy(), known == NOTHING
    settled = []
    for each in sorted(decisions, key=coldest_first):
        of_one = bool(each.room) and len(names) > 1
        if (each.room and each.room not in names) or (of_one and each.outcome != BELOW):
            continue
        own = unknown & (begin >= each.since) & (begin < each.until)
        if own.any():
            settled.append((each, [*zip(begin[own].tolist(), end[own].tolist(), strict=True)]))
            decided[own] = as_decided(each, standard) if each.outcome == BELOW else NOTHING
            unknown &= ~own
    return Coldest(begin, known, decided, unknown, settled)


def as_decided(each: Decided, standard: int) -> int:
    """What "below" is taken as: the temperature that the decision names, else just below the standard.
    [0.001 °C]"""
    just_below = standard - 1
    if not each.temperature:
        return just_below
    return min(just_below, Quantity.TEMPERATURE.to_ticks(Decimal(each.temperature)))


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
        return np.maximum(self._limit - as_decided(each, self._standard), 0)


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
