"""The exact facts of one local day: its homes, its stations' sums, its outages."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from analytics.facts.room_kinds_in_books import rooms_say, terms_change_at
from analytics.heat.owed import Owed
from analytics.law.room_limits import owed_of, own_kinds
from domain.columns import Columns
from domain.time import Span, to_us
from domain.tree import PlaceKind
from reports.figures.homes import Homes, homes_day
from reports.figures.stops import DayStops, stops_of_day
from reports.figures.tally import Tally
from reports.report import Head, Period, Sources
from store.books.registry import Place, Series
from store.registry.series import SeriesIndex, covered_rooms


@dataclass(frozen=True, slots=True)
class DayFacts:
    """One local day of a company."""

    span: Span
    homes: Homes
    stations: dict[int, Tally]  # by place id; -1: the homes that hang below no station
    stops: DayStops


def inside_season(season: Span, day: date, zone: ZoneInfo) -> Span:
    """What of a local day lies in the season."""
    whole = Period(day, day).span(zone)
    return Span(max(whole.since, season.since), min(whole.until, season.until))


def facts_of_days(sources: Sources, head: Head) -> list[DayFacts]:
    """The exact facts of each of `head.days`, as far as it lies in the season."""
    zone, index = ZoneInfo(head.zone), SeriesIndex.load(sources.books)
    standard = sources.policy.standard
    turns = terms_change_at(sources.books, sources.season_id)
    kinds, known = own_kinds(standard), dict[int, Owed]()
    found = []
    for day in head.days:
        span = inside_season(sources.season, day, zone)
        number = bisect_right(turns, span.since)  # of the terms that hold then
        if number not in known:
            say = rooms_say(sources.books, sources.season, kinds, sources.season_id, span.since)
            known[number] = owed_of(standard, say)
        found.append(day_facts(sources, index, known[number], span, zone, as_of=head.data_version))
    return found


def day_facts(
    sources: Sources, index: SeriesIndex, owed: Owed, span: Span, zone: ZoneInfo, *, as_of: int
) -> DayFacts:
    """Works out one local day from the readings as of a flush; `owed`: how warm rooms must be."""
    households = sources.network.of_kind(PlaceKind.HOUSEHOLD)
    rooms = covered_rooms(
        sources.books, households, span=span, unmeasured=True, by_reading=True, uses=owed.uses,
        whole=owed.whole,
    )  # fmt: skip
    homes = homes_day(sources.readings, rooms, span, owed, zone, as_of)
    return DayFacts(
        span,
        homes,
        _stations(sources, homes, span, as_of),
        stops_of_day(sources, index, span, zone, as_of),
    )


def valid(sources: Sources, kind: PlaceKind, span: Span) -> NDArray[np.int32]:
    """Ids of the company's places of a kind that are valid at an instant of the span, increasing."""
    chosen = select(Place.id).where(Place.kind == kind.value, Place.since < span.until)
    chosen = chosen.where(or_(Place.until.is_(None), Place.until > span.since))
    with Session(sources.books) as session:
        found = np.array(list(session.scalars(chosen.order_by(Place.id))), dtype=np.int32)
    own: NDArray[np.int32] = found[np.isin(found, sources.network.ids)]
    return own


def _stations(sources: Sources, homes: Homes, span: Span, as_of: int) -> dict[int, Tally]:
    """Every station of the day with its meters, and the homes that hang below none."""
    meters = _meter_counts(sources, span, as_of)
    return {
        station: homes_there + Tally(readings=received, expected=expected)
        for station, homes_there in home_tallies(sources, homes, span, PlaceKind.STATION).items()
        for received, expected in [meters.get(station, (0, 0))]
    }


def home_tallies(sources: Sources, homes: Homes, span: Span, kind: PlaceKind) -> dict[int, Tally]:
    """The day's homes by what they hang below: place id of every place of the kind -> their sums.

    -1 are those that hang below none of the kind. A household without a covered room counts, as
    unknown.
    """
    network, day_us = sources.network, to_us(span.until) - to_us(span.since)
    is_below = homes.days_below > 0
    at_standard = ~is_below & (homes.known_us >= int(sources.known_share * day_us))
    of_home = network.above(homes.household, kind)
    of_valid = network.above(valid(sources, PlaceKind.HOUSEHOLD, span), kind)
    found = {}
    for place in {*valid(sources, kind, span).tolist(), *of_valid.tolist()}:
        own = of_home == place
        households = int(np.count_nonzero(of_valid == place))
        found[place] = Tally(
            home_days=households,
            at_standard=int(np.count_nonzero(own & at_standard)),
            below=int(np.count_nonzero(own & is_below)),
            deficit=int(homes.deficit[own].sum()),
            known_us=int(homes.known_us[own].sum()),
            home_us=households * day_us,
            readings=int(homes.received[own].sum()),
            expected=int(homes.expected[own].sum()),
        )
    return found


def _meter_counts(sources: Sources, span: Span, as_of: int) -> dict[int, tuple[int, int]]:
    """Station place id -> (usable readings, promised ones) of its own meters that day.

    What a meter says beyond its promise makes up for nothing that another left out.
    """
    chosen = (
        select(Series.id, Series.place_id, Series.interval_s)
        .join(Place, Place.id == Series.place_id)
        .where(Place.kind == PlaceKind.STATION.value, Series.since < span.until)
        .where(or_(Series.until.is_(None), Series.until > span.since))
        .where(or_(Series.until.is_(None), Series.until > Series.since))  # else withdrawn
        .order_by(Series.id)
    )
    with Session(sources.books) as session:
        own = set(sources.network.of_kind(PlaceKind.STATION).tolist())
        rows = [row for row in session.execute(chosen) if row.place_id in own]
    ids: NDArray[np.int32] = np.array([row.id for row in rows], dtype=np.int32)
    received = _usable_counts(sources.readings.columns(ids, span, as_of=as_of))
    day_s = (to_us(span.until) - to_us(span.since)) // 1_000_000
    counts: dict[int, tuple[int, int]] = {}
    for i, row in enumerate(rows):
        before, promised = counts.get(row.place_id, (0, 0)), day_s // row.interval_s
        counts[row.place_id] = (before[0] + min(received[i], promised), before[1] + promised)
    return counts


def _usable_counts(columns: Columns) -> list[int]:
    counts = np.concatenate(([0], np.cumsum(columns.usable())))
    received: list[int] = (counts[columns.offsets[1:]] - counts[columns.offsets[:-1]]).tolist()
    return received
