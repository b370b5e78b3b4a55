"""What the InfluxDB mirror holds, as lines of its protocol.

`reading`: every reading of the places mirrored in full. Tags: place (code), kind, role, series_id,
station and source (codes of the ancestors). Fields: value (in the quantity's unit), mark.
`household_day`: one point a household, role and local civil day, at the day's first instant.
Tags: place, kind, role, station, source. Fields: mean, least, last, readings, last_at.

The identity of a point (measurement, tags, time) is that of the reading, so that writing it
again changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from domain.columns import Columns
from domain.quantity import Role
from domain.time import Span, from_us, local_days, to_us
from domain.tree import PlaceKind
from store.config import InfluxConfig
from store.registry.places import Tree, tree
from store.registry.series import SeriesIndex

ROLES = tuple(Role)
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Day:
    """What was touched on one local civil day."""

    span: Span  # the whole day, 23 to 25 hours
    series: NDArray[np.int32]  # (n,) touched, increasing
    first_us: int  # least and greatest event time touched
    last_us: int


def days_of(series: NDArray[np.int32], at_us: IntArray, zone: ZoneInfo) -> Iterator[Day]:
    """The touched series of each local day."""
    if at_us.size == 0:
        return
    touched = Span(from_us(int(at_us.min())), from_us(int(at_us.max()) + 1))
    spans = [span for _day, span in local_days(touched, zone)]
    starts = np.array([to_us(span.since) for span in spans])
    number = np.searchsorted(starts, at_us, "right") - 1
    for i in np.unique(number).tolist():
        at = at_us[number == i]
        yield Day(spans[i], np.unique(series[number == i]), int(at.min()), int(at.max()))


class PointMap:
    """Which series are mirrored how, and the tags of each; as the registry stood when made."""

    def __init__(self, engine: Engine, config: InfluxConfig) -> None:
        self._index = SeriesIndex.load(engine)
        self._tree: Tree = tree(engine)
        index, rows = self._index, self._tree.rows(self._index.place)
        kinds = np.array([PlaceKind(name).level for name in config.full], dtype=np.int8)
        self._full = np.isin(self._tree.kind[rows], kinds)
        homes = self._tree.ancestors[rows, PlaceKind.HOUSEHOLD.level]
        self._home = homes if config.households == "day" else np.full_like(homes, -1)
        self._place = rows
        self._scale = [float(1 / role.quantity.value.resolution) for role in ROLES]
        self.series = index.series

    def _rows(self, series: NDArray[np.int32]) -> IntArray:
        """Rows of those series that the registry knows."""
        known = series[np.isin(series, self.series)]
        rows: IntArray = np.searchsorted(self.series, known)
        return rows

    def full(self, series: NDArray[np.int32]) -> NDArray[np.int32]:
        """Those of the series whose every reading is mirrored."""
        rows = self._rows(series)
        return self.series[rows[self._full[rows]]]

    def homes(self, series: NDArray[np.int32]) -> NDArray[np.int32]:
        """All series of the households that these series belong to."""
        homes = self._home[self._rows(series)]
        return self.series[np.isin(self._home, homes[homes >= 0])]

    def readings(self, columns: Columns) -> Iterator[str]:
        """Lines of the measurement `reading`."""
        for i, series in enumerate(columns.series.tolist()):
            row = int(np.searchsorted(self.series, series))
            start, end = int(columns.offsets[i]), int(columns.offsets[i + 1])
            head = f"reading,{self._tags(int(self._place[row]), row)},series_id={series}"
            scale = self._scale[self._index.role[row]]
            usable = columns.usable()[start:end]
            for at, value, mark, good in zip(
                columns.at_us[start:end].tolist(),
                (columns.value[start:end] / scale).tolist(),
                columns.mark[start:end].tolist(),
                usable.tolist(),
                strict=True,
            ):
                known = f"value={value!r}," if good else ""
                yield f"{head} {known}mark={mark}i {at}"

    def household_days(self, columns: Columns, day: Span) -> Iterator[str]:
        """Lines of the measurement `household_day`, from all readings of the day."""
        row = np.repeat(np.searchsorted(self.series, columns.series), np.diff(columns.offsets))
        good = columns.usable() & (self._home[row] >= 0)
        row, at, value = row[good], columns.at_us[good], columns.value[good]
        if row.size == 0:
            return
        key = self._home[row].astype(np.int64) * len(ROLES) + self._index.role[row]
        order = np.lexsort((value, at, key))
        row, at, value, key = row[order], at[order], value[order], key[order]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        ends = np.append(first[1:], key.size) - 1
        for a, b in zip(first.tolist(), ends.tolist(), strict=True):
            yield self._day_line(int(row[a]), value[a : b + 1], int(at[b]), to_us(day.since))

    def _day_line(self, row: int, value: IntArray, last_us: int, day_us: int) -> str:
        scale = self._scale[self._index.role[row]]
        fields = (
            f"mean={float(value.mean()) / scale!r},least={int(value.min()) / scale!r},"
            f"last={int(value[-1]) / scale!r},readings={value.size}i,last_at={last_us}i"
        )
        home = self._tree.row(int(self._home[row]))
        return f"household_day,{self._tags(home, row)} {fields} {day_us}"

    def _tags(self, place: int, row: int) -> str:
        """Tags of a place (its row in the tree) and the role of a series (its row)."""
        above = self._tree.ancestors[place]
        parents = [k for k in (PlaceKind.STATION, PlaceKind.SOURCE) if above[k.level] >= 0]
        tags = [
            ("place", self._tree.codes[place]),
            ("kind", tuple(PlaceKind)[self._tree.kind[place]].value),
            ("role", ROLES[self._index.role[row]].code),
            *((kind.value, self._tree.code(int(above[kind.level]))) for kind in parents),
        ]
        return ",".join(f"{name}={_escaped(value)}" for name, value in tags)


def _escaped(tag: str) -> str:
    """A tag's value as the line protocol wants it."""
    for each in (",", "=", " "):
        tag = tag.replace(each, "\\" + each)
    return tag.replace("\n", "\\n")
