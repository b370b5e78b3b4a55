"""The meters of places: which registers they have had, out of the registry, and what these show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Float, cast, select

from analytics.heat.registers import LARGE_M2, Registers, most_of, several_at_once
from domain.columns import Columns, IntArray
from domain.plausible import all_of
from domain.quantity import Role
from domain.time import Span, to_us
from domain.tree import PlaceKind, Tree
from store.books.registry import Place
from store.readings.plausible import judged
from store.readings.readings import Readings
from store.registry.registers import lengths_of
from store.registry.series import SeriesIndex

#: So far before and behind a span its registers are read: a longer gap at its ends is not bridged.
AROUND = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Meters:
    """Where registers are read from: of one role, up to one data version and instant."""

    books: Engine
    readings: Readings
    index: SeriesIndex
    network: Tree
    now: datetime
    role: Role = Role.ENERGY
    as_of: int | None = None

    def placed(self, places: NDArray[np.int32], span: Span) -> Registers:
        """The registers at these places at any time of the span."""
        rows = self._rows(places, span)
        index, runs = self.index, _runs(self.index, rows)
        first = np.array([run[0] for run in runs], dtype=np.int64)
        place = index.place[first]
        since = index.since_us[first]
        until = np.array([int(index.until_us[run[-1]]) for run in runs], dtype=np.int64)
        until = np.minimum(until, to_us(self.now))
        read = [self._filed(row) for row in first.tolist()]
        keys = [(int(index.place[row]), index.devices[row]) for row in first.tolist()]
        rate, slack = self._most(place)
        return Registers(
            place=place.astype(np.int32),
            interval_s=np.array(
                [int(index.interval_s[run].max()) for run in runs], dtype=np.int64
            ),
            since_us=since, until_us=until, rate=rate, slack=slack,
            length=lengths_of(self.books, self.role, index.series[first]),
            several=several_at_once(keys, since, until),
            series=np.array([each for own in read for each in own], dtype=np.int32),
            of_series=np.repeat(np.arange(first.size), [len(own) for own in read]),
        )  # fmt: skip

    def _rows(self, places: NDArray[np.int32], span: Span) -> IntArray:
        """Rows of the index that hold at any time of the span, by place and begin; withdrawn ones do not."""
        index = self.index
        series, _ = index.of_role(self.role, places)
        rows = np.array([index.row_of(each) for each in series.tolist()], dtype=np.int64)
        since, until = index.since_us[rows], index.until_us[rows]
        there = (since < until) & (since < to_us(min(span.until, self.now)))
        kept: IntArray = rows[there & (until > to_us(span.since))]
        return kept

    def _filed(self, row: int) -> list[int]:
        """Series of the device's channel: readings may be filed under its earlier or later ones."""
        spans = self.index.spans(self.index.devices[row], self.index.channels[row])
        return [each.series for each in spans]

    def _most(self, places: NDArray[np.int32]) -> tuple[IntArray, IntArray]:
        """(k,) the most that a register of each place counts in an hour, and how coarse it may be."""
        with self.books.connect() as link:
            large = select(Place.id, Place.area_m2).where(
                Place.kind == PlaceKind.HOUSEHOLD.value, cast(Place.area_m2, Float) > LARGE_M2
            )
            areas = {place: area for place, area in link.execute(large) if area is not None}
        kinds = self.network.kind[self.network.rows(places)].tolist()
        found = [
            most_of(tuple(PlaceKind)[kind], self.role, areas.get(place))
            for kind, place in zip(kinds, places.tolist(), strict=True)
        ]
        table = np.array(found, dtype=np.int64).reshape(-1, 2)
        return table[:, 0].copy(), table[:, 1].copy()

    def read(self, registers: Registers, span: Span) -> Columns:
        """What they show, from before the span and behind it as far as a gap there is bridged."""
        wide = Span(span.since - AROUND, span.until + AROUND)
        found = self.readings.columns(registers.series, wide, as_of=self.as_of)
        return judged(found, all_of(self.role, found.series.size))  # of a register limits alone


def _runs(index: SeriesIndex, rows: IntArray) -> Sequence[list[int]]:
    """Rows that are one register at one place: a channel that goes on where its row ended has had no exchange."""
    found: list[list[int]] = []
    last: dict[tuple[int, str, str], list[int]] = {}
    for row in rows.tolist():
        key = int(index.place[row]), index.devices[row], index.channels[row]
        run = last.get(key)
        if run is not None and index.until_us[run[-1]] == index.since_us[row]:
            run.append(row)
            continue
        last[key] = [row]
        found.append(last[key])
    return found
