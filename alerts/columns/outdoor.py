"""The outdoor temperature that holds at a place when a reading comes."""

from dataclasses import dataclass, field, fields
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from alerts.columns.newest import Rows
from alerts.columns.watched import LEVELS, Index, Ints, Watched
from domain.quantity import Quantity, Role
from domain.time import SECOND_US
from domain.validity import validity_us

Floats = NDArray[np.float64]
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(slots=True)
class OutdoorState:
    """Per series, its newest usable value: in ticks of the temperature, at an event time."""

    value: Ints
    at_us: Ints  # 0: none yet [µs]

    @classmethod
    def blank(cls, size: int) -> "OutdoorState":
        return cls(*(np.zeros(size, dtype=np.int64) for _ in fields(cls)))


def _by_place(watched: Watched) -> Index:
    """(p,) slot of the outdoor series at a place or nearest above it, -1 where there is none."""
    mine = np.flatnonzero(watched.has_role(Role.OUTDOOR_TEMPERATURE))[::-1]
    own = np.full(watched.places.ids.size, -1, dtype=np.int32)
    own[watched.place[mine]] = mine  # of several at one place the first
    found = np.full_like(own, -1)
    for kind in reversed(LEVELS):
        above = watched.places.ancestor(kind)
        found = np.where((found < 0) & (above >= 0), own[above], found)
    return found


@dataclass(slots=True)
class Outdoor:
    """Newest outdoor temperatures; `admit` a batch, ask for its rows, then `settle`.

    A row is judged by what came before it, so that the answer is the same however the stream is
    cut into batches. A value stands as `domain.validity` says; then the temperature is unknown.
    """

    slot_at: Index = field(default_factory=lambda: np.zeros(0, dtype=np.int32))  # (p,)
    stands_us: Ints = field(default_factory=_NONE.copy)
    state: OutdoorState = field(default_factory=lambda: OutdoorState.blank(0))
    series: Index = field(default_factory=lambda: np.zeros(0, dtype=np.int32))  # ids
    _mine: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    _rows: Rows | None = None

    @classmethod
    def of(cls, watched: Watched) -> "Outdoor":
        slot_at, size = _by_place(watched), watched.series.size
        mine = np.zeros(size, dtype=np.bool_)
        mine[slot_at[slot_at >= 0]] = True
        stands_us = validity_us(watched.interval_us // SECOND_US)
        return cls(slot_at, stands_us, OutdoorState.blank(size), watched.series, mine)

    def admit(self, rows: Rows) -> None:
        """The batch's outdoor readings are known from their place in it on."""
        if not self._mine.any():
            return
        mine = rows.of(self._mine[rows.slot])
        self._rows = mine.of(np.lexsort((mine.order, mine.slot)))

    def beside(self, rows: Rows, place: Index) -> Floats:
        """(k,) outdoor temperature at each row's place when it came, NaN: unknown. [Cel]"""
        slot = self.slot_at[place]
        value, at_us = self.state.value[slot], self.state.at_us[slot]
        if self._rows is not None and self._rows.slot.size:
            value, at_us = self._newer(rows, slot, value, at_us)
        known = (slot >= 0) & (at_us > 0) & (np.abs(rows.at_us - at_us) <= self.stands_us[slot])
        return np.where(known, value / Quantity.TEMPERATURE.to_ticks(Decimal(1)), np.nan)

    def _newer(self, rows: Rows, slot: Index, value: Ints, at_us: Ints) -> tuple[Ints, Ints]:
        """Of the batch itself, what came before each row."""
        assert self._rows is not None
        size = 1 + max(int(self._rows.order.max()), int(rows.order.max(initial=0)))
        keys = self._rows.slot.astype(np.int64) * size + self._rows.order
        last = np.searchsorted(keys, slot.astype(np.int64) * size + rows.order) - 1
        hit = (last >= 0) & (self._rows.slot[last] == slot)
        return (
            np.where(hit, self._rows.value[last], value),
            np.where(hit, self._rows.at_us[last], at_us),
        )

    def settle(self) -> None:
        """The batch is through: its last values are what is kept."""
        if self._rows is not None:
            self.state.value[self._rows.slot] = self._rows.value
            self.state.at_us[self._rows.slot] = self._rows.at_us
        self._rows = None
