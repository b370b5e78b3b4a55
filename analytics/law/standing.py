"""How long a household's request stands: until somebody measures that all is well (7.20).

Where readings and records together say how cold it is hour by hour; the settlement and the lives of requests
(`analytics.settlement.request_lives`) take what serves one from here alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.calculator import Basis, Piece
from analytics.law.cold_days.counted import (
    records_inside,
    records_that_count,
    requests_inside,
    visits_that_pass,
)
from analytics.law.cold_days.room_standards import (
    more_than_general,
    records_against_general,
    samples_against_general,
)
from analytics.law.cold_days.rules import BoolArray
from analytics.law.cold_days.samples import Samples, samples_of
from analytics.law.known import Known
from analytics.law.room_times import rooms_of
from domain.columns import IntArray
from domain.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Visited:
    """What of a piece's facts says how long its requests stand."""

    part: Snapshot  # its records against the general standard, without those of days of a fault
    fault: BoolArray  # (n, d) days that a user's fault touches
    more: IntArray  # (r,) how much more than the general standard each room is owed [0.001 K]
    samples: Samples  # against the general standard
    inside: Ragged  # room -> its records inside the season
    passed: Ragged  # household -> last instant of visits whose rooms all passed
    standard: int  # the general one [0.001 °C]

    def rooms(self, home: int) -> list[Known]:
        """What is known of each room of a household."""
        return rooms_of(self.samples, *self.part.rooms.offsets[home : home + 2].tolist())

    def serving(self, home: int) -> list[int]:
        """Visits at which no room of the household is known below. [µs]"""
        passed = self.passed.columns[0][slice(*self.passed.offsets[home : home + 2].tolist())]
        return serving(passed.tolist(), self.rooms(home), self.standard)

    def surely_serving(self, home: int, start_us: IntArray) -> list[int]:
        """Those of them at which every room of the household is known, or was measured; days begin at `start_us`. [µs]"""
        first, last = self.part.rooms.offsets[home : home + 2].tolist()
        rooms = dict(zip(range(first, last), self.rooms(home), strict=True))
        return [
            at
            for at in self.serving(home)
            if all(
                self._measured(row, at, start_us) or _is_known(each, at)
                for row, each in rooms.items()
            )
        ]

    def _measured(self, row: int, at: int, start_us: IntArray) -> bool:
        """Whether a room has a record of the visit whose last one is this."""
        begin = int(start_us[np.searchsorted(start_us, at, side="right") - 1])
        records = self.inside.columns[0][slice(*self.inside.offsets[row : row + 2].tolist())]
        return bool(((records >= begin) & (records <= at)).any())


def visited(basis: Basis, piece: Piece) -> Visited:
    """Of the piece's households; its requests are those of the season."""
    fault, records = records_that_count(piece.part, basis.days)
    part = replace(piece.part, measurements=records, requests=requests_inside(piece.part))
    more = more_than_general(part, basis.terms)
    part = records_against_general(part, more)
    inside = records_inside(part.measurements, part.season)
    standard = Quantity.TEMPERATURE.to_ticks(basis.terms.standard.temp)
    passed = visits_that_pass(part, inside, standard, basis.days)
    samples = samples_against_general(samples_of(part, piece.columns), more)
    return Visited(part, fault, more, samples, inside, passed, standard)


def serving(passed: Iterable[int], rooms: Sequence[Known], standard: int) -> list[int]:
    """Those of the visits that passed at which no room is known below `standard` [0.001 °C], by time. [µs]"""
    return sorted(at for at in passed if not _below(rooms, at, standard))


def standing(
    requests: Iterable[int], serving_: Sequence[int], until_us: int
) -> list[tuple[int, int]]:
    """Spans in which a request stands: from it to the visit that serves it, or to `until_us`. [µs]

    A request while another one stands starts nothing.
    """
    found: list[tuple[int, int]] = []
    for asked in sorted(requests):
        if found and asked <= found[-1][1]:
            continue
        end = next((at for at in serving_ if at >= asked), until_us)
        found.append((asked, min(end, until_us)))
    return found


def _is_known(room: Known, at: int) -> bool:
    known = room.during(np.array([at], dtype=np.int64))[1]
    return bool(known[0])


def _below(rooms: Sequence[Known], at: int, standard: int) -> bool:
    when = np.array([at], dtype=np.int64)
    told = (room.during(when) for room in rooms)
    return any(bool(known[0]) and int(value[0]) < standard for value, known in told)
