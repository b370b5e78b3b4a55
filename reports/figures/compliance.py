"""The compliance of a company over the days of a report, from the readings as of one flush."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.heat.outage_reconciliation import RecordState
from domain.delivery_faults import Kind
from domain.quantity import Quantity
from domain.time import Span
from domain.tree import PlaceKind
from reports.figures.days import DayFacts, facts_of_days, valid
from reports.figures.homes import NO_MEAN, Homes
from reports.figures.refunds import refunds
from reports.figures.stops import Stop, joined_losses, joined_stops, stopped_us
from reports.figures.tally import Tally, degree_hours, hours
from reports.figures.uplinks import uplink_figures
from reports.figures.views import (
    Compliance,
    DayFigures,
    DeliveryLine,
    HouseholdFigures,
    OutageLine,
    StationFigures,
)
from reports.report import Head, Name, Period, Sources
from store.books.delivery import DeliveryFault
from store.books.registry import Place
from store.registry.series import Tree

WORST_SHOWN = 20
DAY = timedelta(days=1)


def compliance(sources: Sources, head: Head, days: Sequence[DayFacts] | None = None) -> Compliance:
    """Every figure of `head.days`, summed from exact days and rounded once.

    `days` are their facts where a report has worked them out already (`facts_of_days`).
    """
    days = facts_of_days(sources, head) if days is None else days
    span = Span(days[0].span.since, days[-1].span.until)
    homes = _joined_homes([day.homes for day in days])
    whole = Period(head.days[0], head.days[-1]).span(ZoneInfo(head.zone))
    losses = [loss.state for loss in joined_losses(day.stops for day in days)]
    tallies = [sum(day.stations.values(), Tally()) for day in days]
    households = valid(sources, PlaceKind.HOUSEHOLD, span)
    return Compliance(
        known_share=sources.known_share,
        total=sum(tallies, Tally()).counts(households.size),
        households_with_deficit=int(np.count_nonzero(homes.deficit > 0)),
        stations=_stations(sources.network, days, households),
        days=tuple(
            DayFigures(day, tally.counts(tally.home_days))
            for day, tally in zip(head.days, tallies, strict=True)
        ),
        worst=_worst(sources, homes),
        outages=tuple(
            _line(sources.network, stop)
            for stop in joined_stops((day.stops for day in days), sources.network)
        ),
        losses_not_recorded=losses.count(RecordState.NOT),
        losses_partly_recorded=losses.count(RecordState.PARTLY),
        refunds=refunds(sources, head.made_at, head.zone),
        refused_messages=sources.refused_messages(whole),
        delivery_faults=tuple(
            DeliveryLine(each.kind, each.about, each.since, each.until, each.at_most)
            for each in sorted(sources.delivery_faults(whole), key=_place_of_fault)
            if each.kind != Kind.UPLINKS_LOST.value  # radio: a figure of its own
        ),
        uplinks=uplink_figures(sources.uplinks(head.days[0], head.days[-1] + DAY)),
    )


def _place_of_fault(fault: DeliveryFault) -> tuple[bool, datetime]:
    """What concerns all senders before what concerns one: a page shows the first ones."""
    return fault.kind == Kind.SEQUENCE_GAP.value, fault.since


def _joined_homes(days: Sequence[Homes]) -> Homes:
    """Households over all days: sums, the lowest mean, and on how many days they were below."""
    household, into = np.unique(
        np.concatenate([day.household for day in days]), return_inverse=True
    )

    def added(name: str) -> NDArray[np.int64]:
        total = np.zeros(household.size, dtype=np.int64)
        np.add.at(total, into, np.concatenate([getattr(day, name) for day in days]))
        return total

    lowest = np.full(household.size, NO_MEAN, dtype=np.int64)
    np.minimum.at(lowest, into, np.concatenate([day.lowest_mean for day in days]))
    return Homes(
        household=household,
        known_us=added("known_us"),
        below_us=added("below_us"),
        deficit=added("deficit"),
        lowest_mean=lowest,
        days_below=added("days_below"),
        received=added("received"),
        expected=added("expected"),
    )


def _stations(
    network: Tree, days: Sequence[DayFacts], households: NDArray[np.int32]
) -> tuple[StationFigures, ...]:
    homes = Counter(network.above(households, PlaceKind.STATION).tolist())
    found = []
    for station in {station for day in days for station in day.stations}:
        tally = sum((day.stations.get(station, Tally()) for day in days), Tally())
        there = station >= 0
        found.append(
            StationFigures(
                code=network.code(station) if there else "",
                name=_name(network, station) if there else None,
                counts=tally.counts(homes[station]),
                outage_h=hours(_outage_us(network, station, days)) if there else None,
            )
        )
    return tuple(sorted(found, key=lambda s: (not s.code, s.code)))


def _outage_us(network: Tree, station: int, days: Sequence[DayFacts]) -> int:
    path = network.path(station)
    return sum(stopped_us(day.stops.stops, path, day.span) for day in days)


def _name(network: Tree, place: int) -> Name:
    return Name(network.name(place, "zh"), network.name(place, "en"))


def _line(network: Tree, stop: Stop) -> OutageLine:
    return OutageLine(
        place=network.code(stop.place),
        name=_name(network, stop.place),
        since=stop.since,
        until=stop.until,
        hours=hours(stop.us),
        planned=stop.planned,
        recorded=stop.recorded,
        back=stop.back,
    )


def _worst(sources: Sources, homes: Homes) -> tuple[HouseholdFigures, ...]:
    network = sources.network
    order = np.lexsort((homes.household, -homes.deficit))[:WORST_SHOWN]
    order = order[homes.deficit[order] > 0]
    ids = homes.household[order].tolist()
    with Session(sources.books) as session:
        chosen = select(Place.id, Place.address).where(Place.id.in_(ids))
        address: dict[int, str] = {row.id: row.address for row in session.execute(chosen)}
    station = network.above(homes.household[order], PlaceKind.STATION).tolist()
    return tuple(
        HouseholdFigures(
            code=network.code(home),
            address=address[home],
            station=network.code(station[i]) if station[i] >= 0 else "",
            known_h=hours(int(homes.known_us[row])),
            days_below=int(homes.days_below[row]),
            hours_below=hours(int(homes.below_us[row])),
            degree_hours=degree_hours(int(homes.deficit[row])),
            lowest_hour_c=None
            if homes.lowest_mean[row] == NO_MEAN
            else Quantity.TEMPERATURE.from_ticks(int(homes.lowest_mean[row])),
        )
        for i, (row, home) in enumerate(zip(order.tolist(), ids, strict=True))
    )
