"""Outages of the stations of the registry, from their series in the lake."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.heat.by_owner import by_owner
from analytics.heat.outages import StationOutage, outages
from analytics.heat.supply import SupplyRule
from domain.columns import Columns
from domain.quantity import Role
from domain.time import Span, to_us
from domain.validity import with_lead
from store.readings.readings import Readings
from store.registry.series import OPEN_US, SeriesIndex

#: Where a station measures both, its primary side tells whether the network supplied it: its own
#: controller may lower the secondary side by night or on a mild day, and that is no outage.
SUPPLY_ROLES = (Role.SUPPLY_TEMPERATURE, Role.PRIMARY_SUPPLY_TEMPERATURE)


@dataclass(frozen=True, slots=True)
class Stations:
    """Stations that have meters in a span (n rows)."""

    place: NDArray[np.int32]  # (n,) place ids, increasing
    interval_s: NDArray[np.int64]  # (n,) the longest declared interval of its meters [s]


@dataclass(frozen=True, slots=True)
class Meters:
    """The series that tell one thing about the stations, one a station at any instant (k rows)."""

    series: NDArray[np.int32]  # (k,) distinct
    place: NDArray[np.int32]  # (k,) station's place id
    interval_s: NDArray[np.int64]  # (k,) declared [s]
    since_us: NDArray[np.int64]  # (k,) when it counts [µs]
    until_us: NDArray[np.int64]  # (k,) half-open [µs]

    def of(self, columns: Columns, places: NDArray[np.int32]) -> Columns:
        """One row a station, in the order of `places`, increasing."""
        owner = np.searchsorted(places, self.place)
        return by_owner(columns, self.series, owner, self.since_us, self.until_us, places.size)


def meters_of(
    index: SeriesIndex, roles: Sequence[Role], places: NDArray[np.int32], span: Span
) -> Meters:
    """Series of these roles that count in a span, the best role last.

    A later one of a role, or one of a better role, ends those before it.
    """
    chains: dict[int, list[int]] = {}
    for role in roles:
        series, place = index.of_role(role, places)
        for number, owner in zip(series.tolist(), place.tolist(), strict=True):
            chains.setdefault(owner, []).append(index.row_of(number))
    found: list[tuple[int, ...]] = []
    for owner in sorted(chains):
        end = OPEN_US
        for row in reversed(chains[owner]):
            since, until = int(index.since_us[row]), int(index.until_us[row])
            until, end = min(until, end), min(since, end)
            if since < min(until, to_us(span.until)) and until > to_us(span.since):
                interval = int(index.interval_s[row])
                found.append((int(index.series[row]), owner, interval, since, until))
    table = np.array(found, dtype=np.int64).reshape(-1, 5).T
    series, place = table[0].astype(np.int32), table[1].astype(np.int32)
    return Meters(series, place, table[2], table[3], table[4])


def station_outages(
    index: SeriesIndex,
    readings: Readings,
    places: NDArray[np.int32],
    span: Span,
    zone: ZoneInfo,
    rule: SupplyRule,
    as_of: int | None = None,
) -> tuple[Stations, list[StationOutage]]:
    """Outages of these stations; `StationOutage.station` is a row of `Stations`."""
    wide = with_lead(span)
    flow = meters_of(index, (Role.FLOW,), places, wide)
    supply = meters_of(index, SUPPLY_ROLES, places, wide)
    place, owner = np.unique(np.concatenate([flow.place, supply.place]), return_inverse=True)
    interval = np.zeros(place.size, dtype=np.int64)
    np.maximum.at(interval, owner, np.concatenate([flow.interval_s, supply.interval_s]))
    found = outages(
        flow.of(readings.columns(flow.series, wide, as_of=as_of), place),
        supply.of(readings.columns(supply.series, wide, as_of=as_of), place),
        interval, span, zone, rule,
    )  # fmt: skip
    return Stations(place, interval), found
