"""The stops of supply that touch a day: the dispatch's record, and what only the meters show."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.heat.open_records import open_records
from analytics.heat.outage_reconciliation import Record, State, compare, records_of
from analytics.heat.ragged import merged
from analytics.heat.stations import Limits, station_outages
from domain.time import SECOND_US, Span, to_us
from domain.tree import PlaceKind
from reports.render.view import Name, OutageLine
from store.readings.readings import Readings
from store.registry.series import SeriesIndex, Tree

#: How far back the meters are looked at for a stop that began before the day.
LOOK_BACK = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class DayStops:
    """Stops that touch a day, and how many of the verified losses no record holds whole."""

    lines: tuple[
        OutageLine, ...
    ]  # recorded, and found where the records of the station and above are silent
    not_recorded: int
    partly_recorded: int


def stops_of_day(
    books: Engine,
    readings: Readings,
    network: Tree,
    day: Span,
    zone: ZoneInfo,
    limits: Limits,
    as_of: int,
) -> DayStops:
    """Recorded stops, and stops that the stations' meters show, beside each other."""
    wide = Span(day.since - LOOK_BACK, day.until)
    records = records_of(books, wide)
    wanted = network.of_kind(PlaceKind.STATION)
    index = SeriesIndex.load(books)
    stations, found = station_outages(index, readings, wanted, wide, zone, limits, as_of)
    over = open_records(index, readings, network, records, day.until, zone, limits, as_of)
    back = {(each.record.place, each.record.since): each.back for each in over}
    lines = [
        replace(_line(each, network, day, recorded=True), back=back.get((each.place, each.since)))
        for each in records
        if _is_of(each, day)
    ]
    states = {State.RECORDED: 0, State.PARTLY: 0, State.NOT: 0}
    for stop in found:
        if stop.until <= day.since:
            continue
        place = int(stations.place[stop.station])
        interval_s = int(stations.interval_s[stop.station])
        beside = compare(network, records, place, stop.since, stop.until, interval_s)
        states[beside.state] += 1
        path = network.path(place)
        if not any(each.place in path for each in beside.records):
            until = stop.until if stop.ended else None
            seen = Record(place, stop.since, until, planned=False, cause="", evidence="")
            recorded = beside.state is State.RECORDED  # home by home
            lines.append(_line(seen, network, day, recorded=recorded))
    return DayStops(
        tuple(sorted(lines, key=lambda line: (line.since, line.place))),
        states[State.NOT],
        states[State.PARTLY],
    )


def stopped_hours(lines: Sequence[OutageLine], path: Sequence[str], day: Span) -> Decimal:
    """Hours of the day without heat at a place: recorded of it or a place above it, else seen.

    `path`: codes of the places from the company down to it. Stops that overlap count once.
    """
    own = [line for line in lines if line.place in path]
    counted = [line for line in own if line.recorded] or own
    spans = [_inside(line.since, line.until, day) for line in counted]
    return _hours(sum(until - since for since, until in merged(spans)))


def _is_of(record: Record, day: Span) -> bool:
    return record.since < day.until and (record.until is None or record.until > day.since)


def _line(stop: Record, network: Tree, day: Span, *, recorded: bool) -> OutageLine:
    since, until = _inside(stop.since, stop.until, day)
    return OutageLine(
        place=network.code(stop.place),
        name=Name(network.name(stop.place, "zh"), network.name(stop.place, "en")),
        since=stop.since,
        until=stop.until,
        hours_of_day=_hours(until - since),
        planned=stop.planned,
        recorded=recorded,
    )


def _inside(since: datetime, until: datetime | None, day: Span) -> tuple[int, int]:
    """What of a stop that touches the day lies in it. [µs]"""
    return to_us(max(since, day.since)), to_us(min(until or day.until, day.until))


def _hours(us: int) -> Decimal:
    return (Decimal(us // SECOND_US) / 3600).quantize(Decimal("0.01"))
