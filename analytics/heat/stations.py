"""Outages of the stations of the registry, from their series in the lake."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.heat.by_owner import by_owner
from analytics.heat.outages import StationOutage, outages
from analytics.heat.supply import SupplyRule
from domain.columns import USABLE_MARKS, Columns, IntArray, MarkArray
from domain.quality import Quality
from domain.quantity import Role
from domain.time import Span, to_us
from domain.validity import validity_us, with_lead
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
            if until <= since:  # withdrawn
                continue
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
    """Losses at these stations, not judged yet; `StationOutage.station` is a row of `Stations`.

    The primary side tells where its meter is alive, else the secondary one.
    """
    wide = with_lead(span)
    flow = meters_of(index, (Role.FLOW,), places, wide)
    best, second = (meters_of(index, (role,), places, wide) for role in reversed(SUPPLY_ROLES))
    all_of = (flow, best, second)
    every = np.concatenate([each.place for each in all_of])
    place, owner = np.unique(every, return_inverse=True)
    interval = np.zeros(place.size, dtype=np.int64)
    np.maximum.at(interval, owner, np.concatenate([each.interval_s for each in all_of]))
    flows, primary, secondary = (
        each.of(readings.columns(each.series, wide, as_of=as_of), place) for each in all_of
    )
    supply = either(
        alive(primary), alive(secondary), validity_us(interval) if place.size else interval
    )
    found = outages(flows, supply, interval, span, zone, rule)
    return Stations(place, interval), found


def alive(columns: Columns) -> Columns:
    """Water temperatures with exact zeros marked: a dead meter shows 0.000 Cel, water never does."""
    mark = columns.mark.copy()
    mark[columns.usable() & (columns.value == 0)] = Quality.DEVICE_ERROR
    return replace(columns, mark=mark)


def either(best: Columns, second: Columns, stands_us: IntArray) -> Columns:
    """Row by row the best meter's values, and those of the second while none of the best stands.

    Parameters
    ----------
    stands_us : (n,) int64
        How long a value of each row stands. [µs]
    """
    rows = [_either(best.of(i), second.of(i), int(stands_us[i])) for i in best.series.tolist()]
    offsets = np.concatenate([[0], np.cumsum([row[0].size for row in rows])]).astype(np.int64)
    at, value, mark = (
        np.concatenate([row[k] for row in rows]) if rows else getattr(best, name)
        for k, name in enumerate(("at_us", "value", "mark"))
    )
    return Columns(best.series, offsets, at, value, mark)


Row = tuple[IntArray, IntArray, MarkArray]


def _either(best: Row, second: Row, stands_us: int) -> Row:
    """One station: a dead or silent meter leaves the word to the second one, where there is one."""
    if not second[0].size or not best[0].size:
        return best if best[0].size else second
    usable = USABLE_MARKS[best[2]]
    last = np.searchsorted(best[0], second[0], side="right") - 1
    inside = np.maximum(last, 0)
    stands = (last >= 0) & usable[inside] & (second[0] < best[0][inside] + stands_us)
    at = np.concatenate([best[0][usable], second[0][~stands]])
    value = np.concatenate([best[1][usable], second[1][~stands]])
    mark = np.concatenate([best[2][usable], second[2][~stands]])
    order = np.argsort(at, kind="stable")
    return at[order], value[order], mark[order]
