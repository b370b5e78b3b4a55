"""Records made at hours at which the act lets nobody measure: no evidence, whether they pass or fail.

They are as if they had not been made: they start no clock, set no band, serve no request, and the supplier who
made them has not come in time. What sensors say of these hours is no measurement on site, and counts.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.terms import Terms
from domain.time import from_us


class ClosedRecords(NamedTuple):
    """The records that do not count."""

    rows: Ragged  # household -> instant [µs], value [0.001 °C], room by index
    codes: tuple[str, ...]  # of the rooms

    def of(self, home: int) -> Iterator[tuple[int, int, str]]:
        """(instant, value, room) of a household, by its row."""
        own = slice(*self.rows.offsets[home : home + 2].tolist())
        for at, value, room in zip(
            *(each[own].tolist() for each in self.rows.columns), strict=True
        ):
            yield at, value, self.codes[room]


def at_open_hours(snapshot: Snapshot, terms: Terms) -> tuple[Snapshot, ClosedRecords | None]:
    """The snapshot with the records that count, and the others; None: there are no others."""
    hours = terms.closed_hours()
    at, value = snapshot.measurements.columns
    if hours is None or not at.size:
        return snapshot, None
    zone = ZoneInfo(snapshot.season.zone)
    every, which = np.unique(at, return_inverse=True)
    held = [hours.hold(from_us(each).astimezone(zone).time()) for each in every.tolist()]
    closed = np.array(held, dtype=np.bool_)[which]
    if not closed.any():
        return snapshot, None
    room = np.repeat(
        np.arange(snapshot.measurements.offsets.size - 1), snapshot.measurements.count()
    )
    home = np.repeat(np.arange(snapshot.household.size), snapshot.rooms.count())
    kept = ~closed
    rest = Ragged.grouped(room[kept], len(snapshot.room_code), at[kept], value[kept])
    out = room[closed]
    rows = Ragged.grouped(home[out], snapshot.household.size, at[closed], value[closed], out)
    return replace(snapshot, measurements=rest), ClosedRecords(rows, snapshot.room_code)
