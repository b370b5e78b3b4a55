"""The stops of supply that touch a day: the dispatch's record, and what only the meters show."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from analytics.outages import outages
from domain.columns import Columns
from domain.quantity import Role
from domain.time import Span
from domain.tree import PlaceKind
from reports.view import Name, OutageLine
from store.books.registry import OutageRecord, Place, Series
from store.readings import Readings
from store.series import Tree

#: How far back the meters are looked at for a stop that began before the day.
LOOK_BACK = timedelta(days=2)


def stops_of_day(
    books: Engine, readings: Readings, network: Tree, day: Span, zone: ZoneInfo, as_of: int
) -> list[OutageLine]:
    """Recorded stops, then stops that the stations' meters show and no record covers."""
    recorded = _recorded(books, network, day)
    seen = [
        line
        for line in _seen(books, readings, network, day, zone, as_of)
        if not any(_same(line, other) for other in recorded)
    ]
    return sorted(recorded + seen, key=lambda line: (line.since, line.place))


def _same(line: OutageLine, other: OutageLine) -> bool:
    ends = other.until is None or other.until > line.since
    return line.place == other.place and ends and (line.until is None or other.since < line.until)


def _hours(since_until: Span, day: Span) -> Decimal:
    inside = min(since_until.until, day.until) - max(since_until.since, day.since)
    seconds = max(inside, timedelta()) // timedelta(seconds=1)
    return (Decimal(seconds) / 3600).quantize(Decimal("0.01"))


def _name(network: Tree, place: int) -> Name:
    return Name(network.name(place, "zh"), network.name(place, "en"))


def _recorded(books: Engine, network: Tree, day: Span) -> list[OutageLine]:
    with Session(books) as session:
        chosen = select(OutageRecord).where(
            OutageRecord.since < day.until,
            func.coalesce(OutageRecord.until, day.until) > day.since,
        )
        return [
            OutageLine(
                place=network.code(each.place_id),
                name=_name(network, each.place_id),
                since=each.since,
                until=each.until,
                hours_of_day=_hours(Span(each.since, each.until or day.until), day),
                planned=each.planned,
                recorded=True,
            )
            for each in session.scalars(chosen)
        ]


def _seen(
    books: Engine, readings: Readings, network: Tree, day: Span, zone: ZoneInfo, as_of: int
) -> list[OutageLine]:
    span = Span(day.since - LOOK_BACK, day.until)
    stations, flow, supply, interval = station_columns(books, readings, span, as_of)
    found = outages(flow, supply, interval, span, zone)
    return [
        OutageLine(
            place=network.code(stations[stop.station]),
            name=_name(network, stations[stop.station]),
            since=stop.since,
            until=stop.until if stop.ended else None,
            hours_of_day=_hours(Span(stop.since, stop.until), day),
            planned=False,
            recorded=False,
        )
        for stop in found
        if stop.until > day.since
    ]


def station_columns(
    books: Engine, readings: Readings, span: Span, as_of: int
) -> tuple[list[int], Columns, Columns, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Stations with their flow and supply temperature, row i of both for station i, and intervals [s]."""
    roles = (Role.FLOW.code, Role.SUPPLY_TEMPERATURE.code)
    chosen = (
        select(Series.id, Series.role, Series.place_id, Series.interval_s)
        .join(Place, Place.id == Series.place_id)
        .where(Place.kind == PlaceKind.STATION.value, Series.role.in_(roles))
        .where(Series.since < span.until)
        .where(func.coalesce(Series.until, span.until) > span.since)
    )
    series: dict[str, dict[int, int]] = {role: {} for role in roles}
    interval: dict[int, int] = {}
    with Session(books) as session:
        for row in session.execute(chosen.order_by(Series.since)):
            series[row.role][row.place_id] = row.id
            interval[row.place_id] = max(interval.get(row.place_id, 0), row.interval_s)
    stations = sorted(interval)
    of_role = [in_order(readings, series[role], stations, span, as_of) for role in roles]
    return stations, *of_role, np.array([interval[s] for s in stations], dtype=np.int64)  # type: ignore[return-value]


def in_order(
    readings: Readings, series_of: dict[int, int], places: list[int], span: Span, as_of: int
) -> Columns:
    """Columns with one row a place, in the order of `places`; a place without a series has no readings."""
    columns = readings.columns(
        np.array(sorted(series_of.values()), dtype=np.int32), span, as_of=as_of
    )
    parts = [columns.of(series_of.get(place, -1)) for place in places]
    offsets = np.concatenate(([0], np.cumsum([part[0].size for part in parts]))).astype(np.int64)
    ids = np.array([series_of.get(place, -1) for place in places], dtype=np.int32)
    return Columns(
        ids,
        offsets,
        at_us=np.concatenate([columns.at_us[:0], *(part[0] for part in parts)]),
        value=np.concatenate([columns.value[:0], *(part[1] for part in parts)]),
        mark=np.concatenate([columns.mark[:0], *(part[2] for part in parts)]),
    )
