"""Records of a stop without an end, whose supply the stations' meters show to be back.

A record without end goes on for settlement until somebody ends it (regulations.md 7.9): so it
is asked for, with the time that the meters show. Nothing is ended by telemetry alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.heat.outage_reconciliation import Record
from analytics.heat.outages import StationOutage
from analytics.heat.stations import Limits, station_outages
from domain.time import Span
from domain.tree import PlaceKind
from store.readings.readings import Readings
from store.registry.series import SeriesIndex, Tree

#: A stop that begins later than this after its record is another one.
NEAR = timedelta(hours=12)
#: Before the record the meters show what flow is usual, and a loss that began earlier.
LOOK_BACK = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """A record without end whose supply is back."""

    record: Record
    back: datetime  # since when, at the last of its stations
    stations: int  # whose meters show the stop and its end


def open_records(
    index: SeriesIndex,
    readings: Readings,
    network: Tree,
    records: Iterable[Record],
    until: datetime,
    zone: ZoneInfo,
    limits: Limits,
    as_of: int | None = None,
) -> list[OpenRecord]:
    """Those of the records that have no end though every station they stopped has supply again.

    Records of a building or a home are left out: a station's meters do not show their supply.
    """
    found = []
    for record in records:
        if record.until is not None or record.since >= until:
            continue
        stations = network.under(record.place, PlaceKind.STATION)
        span = Span(record.since - LOOK_BACK, until)
        stops = _of_record(record, stations, index, readings, span, zone, limits, as_of)
        if stops and all(stop.ended for stop in stops):
            found.append(OpenRecord(record, max(stop.until for stop in stops), len(stops)))
    return found


def _of_record(
    record: Record,
    stations: NDArray[np.int32],
    index: SeriesIndex,
    readings: Readings,
    span: Span,
    zone: ZoneInfo,
    limits: Limits,
    as_of: int | None,
) -> list[StationOutage]:
    """The first stop of each station from the record's begin on."""
    if not stations.size:
        return []
    _, stops = station_outages(index, readings, stations, span, zone, limits, as_of)
    first: dict[int, StationOutage] = {}
    for stop in stops:
        if stop.until > record.since and stop.since <= record.since + NEAR:
            first.setdefault(stop.station, stop)
    return list(first.values())
