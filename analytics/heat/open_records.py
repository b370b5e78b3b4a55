"""Outage records without an end, whose supply the stations' meters show to be back.

A record without end goes on for settlement until somebody ends it: so it
is listed, with the time that the meters show. Nothing is ended by telemetry alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.heat.outage_reconciliation import OutageOnRecord
from analytics.heat.outages import StationOutage
from analytics.heat.stations import station_outages
from analytics.heat.supply import SupplyRule
from domain.time import Span
from domain.tree import PlaceKind
from store.readings.readings import Readings
from store.registry.series import SeriesIndex, Tree

#: An outage that begins later than this after its record is another one.
NEAR = timedelta(hours=12)
#: Before the record the meters show what flow is usual, and a loss that began earlier.
LOOK_BACK = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """A record without end whose supply is back."""

    record: OutageOnRecord
    back: datetime  # since when, at the last of its stations
    stations: int  # whose meters show the outage and its end


def open_records(
    index: SeriesIndex,
    readings: Readings,
    network: Tree,
    records: Iterable[OutageOnRecord],
    until: datetime,
    zone: ZoneInfo,
    rule: SupplyRule,
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
        lost = _of_record(record, stations, index, readings, span, zone, rule, as_of)
        if lost and all(each.ended for each in lost):
            found.append(OpenRecord(record, max(each.until for each in lost), len(lost)))
    return found


def _of_record(
    record: OutageOnRecord,
    stations: NDArray[np.int32],
    index: SeriesIndex,
    readings: Readings,
    span: Span,
    zone: ZoneInfo,
    rule: SupplyRule,
    as_of: int | None,
) -> list[StationOutage]:
    """The first outage of each station from the record's begin on."""
    if not stations.size:
        return []
    _, lost = station_outages(index, readings, stations, span, zone, rule, as_of)
    first: dict[int, StationOutage] = {}
    for each in lost:
        if each.until > record.since and each.since <= record.since + NEAR:
            first.setdefault(each.station, each)
    return list(first.values())
