"""What detectors that keep a row of state per station share."""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from alerts.columns.newest import Rows, rounds
from alerts.columns.watched import Watched
from alerts.detectors.base import Change
from domain.quantity import Role


class ByStation(ABC):
    """Which row is whose, and readings in rounds that hold each station once."""

    def __init__(self, watched: Watched, *roles: Role) -> None:
        self.watched = watched
        self.rows = watched.stations
        self.station = watched.station_index(watched.has_role(*roles))

    @property
    def ids(self) -> NDArray[np.int32]:
        found: NDArray[np.int32] = self.watched.places.ids[self.rows]
        return found

    def take(self, rows: Rows) -> list[Change]:
        rows = rows.of(self.station[rows.slot] >= 0)
        changes: list[tuple[int, Change]] = []
        for nth in rounds(self.station[rows.slot]):
            changes += self._round(rows.of(nth))
        return [change for _, change in sorted(changes, key=lambda each: each[0])]

    @abstractmethod
    def _round(self, rows: Rows) -> list[tuple[int, Change]]:
        """What one reading a station changes, with its position in the batch."""
