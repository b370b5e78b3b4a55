"""Builds the daily compliance report from books and readings, as of a flush."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session

from analytics.heat.stations import Limits
from analytics.law.policy import Policy
from analytics.ledger.drafts import WHAT_IF
from domain.columns import Columns
from domain.errors import WrongCall
from domain.quantity import Quantity
from domain.time import Span, day_start, to_us
from domain.tree import PlaceKind
from reports.figures.homes import NO_MEAN, Homes, degree_hours, homes_day, hours
from reports.figures.stops import DayStops, stopped_hours, stops_of_day
from reports.render.view import DailyReport, HouseholdDay, Name, Refunds, StationDay
from reports.render.words import WORDS
from store.books.ledger import LedgerEntry, SettlementResult, SettlementRun
from store.books.registry import Place, Season, Series
from store.books.watch import MeasurementTask
from store.readings.readings import Readings
from store.registry.series import Tree, covered_rooms, tree

WORST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a report takes its facts from."""

    books: Engine
    readings: Readings
    policy: Policy
    refused_messages: int
    known_share: Decimal
    outage_limits: Limits = field(default_factory=Limits)


def in_season(books: Engine, company: str, day: date) -> bool:
    """Whether the local day lies in a season of the company."""
    return any(_holds(season, day) for season in _seasons(books, company))


def season_of(books: Engine, company: str, day: date) -> Season:
    """The company's season that the local day lies in; WrongCall says which there are."""
    seasons = _seasons(books, company)
    for season in seasons:
        if _holds(season, day):
            return season
    known = ", ".join(f"{s.code} ({_local_days(s)})" for s in seasons)
    raise WrongCall(f"{day} lies in no season of company {company!r}; there are: {known or 'none'}")


def _local_days(season: Season) -> str:
    """First and last local day, e.g. `2025-11-01 to 2026-03-15`."""
    zone = ZoneInfo(season.zone)
    last = season.until - timedelta(microseconds=1)
    return f"{season.since.astimezone(zone):%Y-%m-%d} to {last.astimezone(zone):%Y-%m-%d}"


def _seasons(books: Engine, company: str) -> list[Season]:
    with Session(books) as session:
        chosen = select(Season).join(Place, Place.id == Season.company_id)
        return list(session.scalars(chosen.where(Place.code == company).order_by(Season.since)))


def _holds(season: Season, day: date) -> bool:
    return season.since <= day_start(day, ZoneInfo(season.zone)) < season.until


def daily_report(
    sources: Sources, company: str, season: Season, day: date, now: datetime
) -> DailyReport:
    """The report of one ended local day; flushes first and names its flush.

    Raises
    ------
    WrongCall
        Where the day has not ended at `now`.
    """
    zone = ZoneInfo(season.zone)
    span = Span(day_start(day, zone), day_start(day + timedelta(days=1), zone))
    if span.until > now:
        raise WrongCall(f"day {day} has not ended; allowed: a day before {now.astimezone(zone):%F}")
    flush = sources.readings.flush(now).number
    network = tree(sources.books)
    rooms = covered_rooms(sources.books, span=span, unmeasured=True)
    standard = Quantity.TEMPERATURE.to_ticks(sources.policy.standard.temp)
    homes = homes_day(sources.readings, rooms, span, standard, zone, flush)
    stops = stops_of_day(
        sources.books, sources.readings, network, span, zone, sources.outage_limits, flush
    )
    place = _place(sources.books, company)
    return DailyReport(
        company=company,
        name=Name(place.name, place.name_en),
        day=day,
        zone=season.zone,
        season=season.code,
        policy=sources.policy.id,
        policy_title=Name(sources.policy.title.zh, sources.policy.title.en),
        clause=sources.policy.standard.clause,
        standard_c=sources.policy.standard.temp,
        known_share=sources.known_share,
        flush=flush,
        made_at=now,
        stations=_stations(sources, network, homes, stops, span, flush),
        worst=_worst(sources.books, network, homes),
        households_with_deficit=int(np.count_nonzero(homes.deficit > 0)),
        outages=stops.lines,
        losses_not_recorded=stops.not_recorded,
        losses_partly_recorded=stops.partly_recorded,
        refunds=refunds(sources.books, season, now),
        refused_messages=sources.refused_messages,
    )


def _place(books: Engine, code: str) -> Place:
    with Session(books) as session:
        return session.scalars(select(Place).where(Place.code == code)).one()


def _stations(
    sources: Sources,
    network: Tree,
    homes: Homes,
    stops: DayStops,
    span: Span,
    flush: int,
) -> tuple[StationDay, ...]:
    """Every station of the day, and a line for the homes that hang below none."""
    least_us = int(sources.known_share * ((span.until - span.since) // timedelta(microseconds=1)))
    at_standard = ~homes.is_below & (homes.known_us >= least_us)
    of_home = network.above(homes.household, PlaceKind.STATION)
    of_valid = network.above(_valid(sources.books, PlaceKind.HOUSEHOLD, span), PlaceKind.STATION)
    meters = _meter_counts(sources, span, flush)
    stations = {*_valid(sources.books, PlaceKind.STATION, span).tolist(), *of_valid.tolist()}
    found = []
    for station in stations:
        own = of_home == station
        received, expected = meters.get(station, (0, 0))
        households = int(np.count_nonzero(of_valid == station))
        good = int(np.count_nonzero(own & at_standard))
        below = int(np.count_nonzero(own & homes.is_below))
        found.append(
            StationDay(
                code=network.code(station) if station >= 0 else "",
                name=_station_name(network, station),
                households=households,
                at_standard=good,
                below=below,
                unknown=households - good - below,
                degree_hours=degree_hours(int(homes.deficit[own].sum())),
                readings=received + int(homes.received[own].sum()),
                expected=expected + int(homes.expected[own].sum()),
                outage_h=_outage_h(network, station, stops, span),
            )
        )
    return tuple(sorted(found, key=lambda s: (not s.code, s.code)))


def _valid(books: Engine, kind: PlaceKind, span: Span) -> NDArray[np.int32]:
    """Ids of the places of a kind that are valid at an instant of the span, increasing."""
    chosen = select(Place.id).where(Place.kind == kind.value, Place.since < span.until)
    chosen = chosen.where(or_(Place.until.is_(None), Place.until > span.since))
    with Session(books) as session:
        return np.array(list(session.scalars(chosen.order_by(Place.id))), dtype=np.int32)


def _station_name(network: Tree, station: int) -> Name:
    if station < 0:
        return Name(*(WORDS[language]["no_station"] for language in ("zh", "en")))
    return Name(network.name(station, "zh"), network.name(station, "en"))


def _outage_h(network: Tree, station: int, stops: DayStops, span: Span) -> Decimal | None:
    if station < 0:
        return None
    return stopped_hours(stops.lines, [network.code(p) for p in network.path(station)], span)


def _meter_counts(sources: Sources, span: Span, flush: int) -> dict[int, tuple[int, int]]:
    """Station place id -> (usable readings, promised ones) of its own meters that day.

    What a meter says beyond its promise makes up for nothing that another left out.
    """
    chosen = (
        select(Series.id, Series.place_id, Series.interval_s)
        .join(Place, Place.id == Series.place_id)
        .where(Place.kind == PlaceKind.STATION.value, Series.since < span.until)
        .where(or_(Series.until.is_(None), Series.until > span.since))
        .order_by(Series.id)
    )
    with Session(sources.books) as session:
        rows = list(session.execute(chosen))
    ids: NDArray[np.int32] = np.array([row.id for row in rows], dtype=np.int32)
    columns = sources.readings.columns(ids, span, as_of=flush)
    received = _usable_counts(columns)
    day_s = (to_us(span.until) - to_us(span.since)) // 1_000_000
    counts: dict[int, tuple[int, int]] = {}
    for i, row in enumerate(rows):
        before, promised = counts.get(row.place_id, (0, 0)), day_s // row.interval_s
        kept = min(received[i], promised)
        counts[row.place_id] = (before[0] + kept, before[1] + promised)
    return counts


def _usable_counts(columns: Columns) -> list[int]:
    counts = np.concatenate(([0], np.cumsum(columns.usable())))
    received: list[int] = (counts[columns.offsets[1:]] - counts[columns.offsets[:-1]]).tolist()
    return received


def _worst(books: Engine, network: Tree, homes: Homes) -> tuple[HouseholdDay, ...]:
    order = np.lexsort((homes.household, -homes.deficit))[:WORST_SHOWN]
    order = order[homes.deficit[order] > 0]
    ids = homes.household[order].tolist()
    with Session(books) as session:
        chosen = select(Place.id, Place.address).where(Place.id.in_(ids))
        address: dict[int, str] = {row.id: row.address for row in session.execute(chosen)}
    station = network.above(homes.household[order], PlaceKind.STATION).tolist()
    return tuple(
        HouseholdDay(
            code=network.code(home),
            address=address[home],
            station=network.code(station[i]) if station[i] >= 0 else "",
            known_h=hours(int(homes.known_us[row])),
            hours_below=hours(int(homes.below_us[row])),
            degree_hours=degree_hours(int(homes.deficit[row])),
            lowest_hour_c=_mean(int(homes.lowest_mean[row])),
        )
        for i, (row, home) in enumerate(zip(order.tolist(), ids, strict=True))
    )


def _mean(steps: int) -> Decimal | None:
    return None if steps == NO_MEAN else Quantity.TEMPERATURE.from_ticks(steps)


def refunds(books: Engine, season: Season, now: datetime) -> Refunds:
    """Where the season's refunds stand in the books."""
    with Session(books) as session:
        runs = select(SettlementRun).where(SettlementRun.season_id == season.id)
        runs = runs.where(SettlementRun.state != WHAT_IF)
        run = session.scalar(runs.order_by(SettlementRun.id.desc()).limit(1))
        amounts = select(LedgerEntry.amount).where(LedgerEntry.season_id == season.id)
        tasks = list(
            session.scalars(select(MeasurementTask).where(MeasurementTask.done_at.is_(None)))
        )
        paid = select(func.count()).where(
            SettlementResult.run_id == (run.id if run else -1), SettlementResult.total != "0.00"
        )
        return Refunds(
            draft=run.id if run else None,
            draft_flush=run.flush if run else None,
            households=session.scalar(paid) or 0,
            total=run.total if run else Decimal("0.00"),
            undetermined=run.undetermined if run else 0,
            approved=sum(session.scalars(amounts), Decimal("0.00")),
            currency=run.currency if run else "CNY",
            open_tasks=len(tasks),
            overdue_tasks=sum(task.due_at < now for task in tasks),
        )
