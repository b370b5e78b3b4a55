"""Stops of supply of the stations of the registry, from their series in the lake."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.outages import (
    FLOW_SHARE,
    HELD_US,
    LEAST_US,
    SUPPLY_FLOOR,
    StationOutage,
    Window,
    outages,
)
from analytics.standing import MOST_HOLD_US
from domain.columns import Columns
from domain.quantity import Role
from domain.time import Span
from store.readings import Readings
from store.series import SeriesIndex

#: Where a station measures both, its primary side tells whether the network supplied it: its own
#: controller may lower the secondary side by night or on a mild day, and that is no stop.
SUPPLY_ROLES = (Role.PRIMARY_SUPPLY_TEMPERATURE, Role.SUPPLY_TEMPERATURE)


@dataclass(frozen=True, slots=True)
class Limits:
    """When a station has lost its supply."""

    supply_floor: int = SUPPLY_FLOOR  # colder supply is lost [0.001 Cel]
    flow_share: float = FLOW_SHARE  # less than this share of the usual flow is lost [1]
    held_us: int = HELD_US  # supply back this long ends a stop [µs]
    least_us: int = LEAST_US  # a shorter loss is not verified [µs]
    windows: Sequence[Window] = ()  # heat is off by schedule


@dataclass(frozen=True, slots=True)
class Stations:
    """Which series tell about each station; -1: it has none of that kind."""

    place: NDArray[np.int32]  # (n,) place ids, increasing
    flow: NDArray[np.int32]  # (n,) series ids
    supply: NDArray[np.int32]  # (n,) series ids
    interval_s: NDArray[np.int64]  # (n,) the longer declared interval [s]


def stations_of(index: SeriesIndex, places: NDArray[np.int32]) -> Stations:
    """The series of each station that has flow or supply; the latest where one was replaced."""
    flow = dict(zip(*reversed(index.of_role(Role.FLOW, places)), strict=True))
    supply: dict[int, int] = {}
    for role in reversed(SUPPLY_ROLES):
        supply |= dict(zip(*reversed(index.of_role(role, places)), strict=True))
    ids = sorted({*flow, *supply})
    interval = {int(s): int(i) for s, i in zip(index.series, index.interval_s, strict=True)}
    flows = [int(flow.get(each, -1)) for each in ids]
    supplies = [int(supply.get(each, -1)) for each in ids]
    longer = [
        max(interval.get(f, 0), interval.get(s, 0)) for f, s in zip(flows, supplies, strict=True)
    ]
    return Stations(
        np.array(ids, dtype=np.int32),
        np.array(flows, dtype=np.int32),
        np.array(supplies, dtype=np.int32),
        np.array(longer, dtype=np.int64),
    )


def rows_of(columns: Columns, wanted: NDArray[np.int32]) -> Columns:
    """One row per entry of `wanted`, in its order; empty where it is -1 or not in `columns`."""
    at = np.minimum(np.searchsorted(columns.series, wanted), max(columns.series.size - 1, 0))
    found = np.zeros(wanted.size, dtype=np.bool_)
    if columns.series.size:
        found = columns.series[at] == wanted
    first = np.where(found, columns.offsets[at], 0)
    sizes = np.where(found, columns.offsets[np.minimum(at + 1, columns.series.size)] - first, 0)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    rows = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes) + np.repeat(first, sizes)
    return Columns(
        series=np.arange(wanted.size, dtype=np.int32),
        offsets=offsets,
        at_us=columns.at_us[rows],
        value=columns.value[rows],
        mark=columns.mark[rows],
    )


def station_outages(
    index: SeriesIndex,
    readings: Readings,
    places: NDArray[np.int32],
    span: Span,
    zone: ZoneInfo,
    limits: Limits,
    as_of: int | None = None,
) -> tuple[Stations, list[StationOutage]]:
    """Stops of supply of these stations; `StationOutage.station` is a row of `Stations`."""
    stations = stations_of(index, places)
    series = np.concatenate([stations.flow, stations.supply])
    wide = Span(span.since - timedelta(microseconds=MOST_HOLD_US), span.until)
    columns = readings.columns(series[series >= 0], wide, as_of=as_of)
    found = outages(
        rows_of(columns, stations.flow), rows_of(columns, stations.supply),
        stations.interval_s, span, zone, windows=limits.windows, flow_share=limits.flow_share,
        supply_floor=limits.supply_floor, held_us=limits.held_us, least_us=limits.least_us,
    )  # fmt: skip
    return stations, found
