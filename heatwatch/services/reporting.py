"""Files reports: every kind for every company, each ended period once, in every language and format."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from cases.calendar.whose import Whose
from domain.actor import By, program
from domain.errors import Refused, WrongCall
from domain.language import Text, msg, sentence_of
from domain.time import Span
from domain.tree import PlaceKind, Tree
from heatwatch.config_tables import CompanyConfig
from heatwatch.output import note, said
from heatwatch.selection import refuse_empty_registry, zone_of
from heatwatch.services.companies import network_of, own_feeds, refused_messages
from heatwatch.services.season_law import season_law
from heatwatch.wiring import World
from ingest.mqtt.delivery import faults_of
from reports.figures.views import Compliance
from reports.filing.changes import replacing
from reports.filing.files import (
    begun,
    file_whole,
    filed,
    first_filed,
    missing,
)
from reports.filing.make import document, newest_over
from reports.filing.seasons import seasons_of, seasons_with
from reports.kinds import kind_of
from reports.report import Period, Sources
from store.books.delivery import DeliveryFault
from store.books.registry import Season
from store.books.uplinks import DeviceUplinks, uplinks_of

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Order:
    """Which report is wanted."""

    kind: str
    company: CompanyConfig
    day: date  # any of the period's
    as_of: int | None = None  # data version; None: flushes and takes the newest
    formats: Sequence[str] = ()  # empty: every one that this machine can draw
    season: str = ""  # code; empty: one report for each season with days of the period


def default_day(world: World, kind: str, company: CompanyConfig, now: datetime) -> date:
    """A day of the newest period that is over in the company's zone."""
    return newest_over(kind_of(kind), now, zone_of(world, company.code, now)).last


def write_report(
    world: World, order: Order, folder: Path, made: By, *, only_changed: bool = False
) -> list[Path]:
    """Builds a report and writes its files whole (a reader never sees half of one).

    What was filed for the period before is kept beside it, in `earlier/`, and the new one names
    what is otherwise; with `only_changed` one that says the same is not written.
    """
    refuse_empty_registry(world)
    version = _version(world, order.as_of, made.at)
    refused = partial(refused_messages, world, order.company)
    network = network_of(world, order.company.code)
    period, paths = kind_of(order.kind).period(order.day), list[Path]()
    for season in seasons_with(world.books, order.company.code, period):
        if order.season in {"", season.code}:
            policy = season_law(world, season).policy
            sources = Sources(
                books=world.books,
                readings=world.readings,
                network=_own_network(world, network, season, period),
                season_id=season.id,
                policy=policy,
                refused_messages=refused,
                delivery_faults=partial(_delivery_faults, world, order.company),
                season=Span(season.since, season.until),
                known_share=Decimal(str(world.config.reports.known_share)),
                supply=policy.supply_rule(),
                uplinks=partial(_uplinks, world, order.company),
            )
            report = document(order.kind, sources, season, order.day, version, made)
            report = replacing(folder, report)
            if only_changed and (report.replaces is None or not report.replaces.changed):
                continue
            written, lacking = file_whole(
                folder, report, order.formats, world.config.reports.languages
            )
            paths += written
            for why in lacking:
                note_once(why)
            if isinstance(report.view, Compliance) and report.view.nothing_measured:
                note(
                    msg(
                        "{title}, {period}: nothing was measured, there is not one usable "
                        "reading of its days",
                        title=report.report.title, period=period.shown(),
                    )
                )  # fmt: skip
    return paths


def _uplinks(world: World, company: CompanyConfig, since: date, until: date) -> list[DeviceUplinks]:
    """Of the devices of the company's feeds."""
    is_own = own_feeds(world, company)
    with Session(world.books) as session:
        return [each for each in uplinks_of(session, since, until) if is_own(each.feed)]


def _delivery_faults(world: World, company: CompanyConfig, span: Span) -> list[DeliveryFault]:
    """Those of any feed, and of senders of the company's feeds."""
    is_own = own_feeds(world, company)
    found = faults_of(world.books, span=span)
    return [each for each in found if each.feed is None or is_own(each.feed)]


def _own_network(world: World, network: Tree, season: Season, period: Period) -> Tree:
    """The company's places that are of the season in the period, where another one of it runs at once."""
    company = int(network.of_kind(PlaceKind.COMPANY)[0])
    over = min(period.span(ZoneInfo(season.zone)).until, season.until)
    parts = Whose(world.books, company).parts(max(over - INSTANT, season.since))
    if len(parts) == 1 and parts[0][0].id == season.id:
        return network
    own = (places for each, places in parts if each.id == season.id)
    return network.holding(np.append(next(own, network.ids[:0]), np.int32(company)))


def _version(world: World, as_of: int | None, now: datetime) -> int:
    """The data version to read as of; WrongCall where the lake does not hold it."""
    if as_of is None:
        return world.readings.flush(now).number
    last = world.readings.lake.last_flush().number
    if not 1 <= as_of <= last:
        raise WrongCall(
            msg(
                "--as-of {as_of}: no such data version; allowed: 1 to {last}",
                as_of=as_of,
                last=last,
            )
        )
    return as_of


def note_once(line: Text) -> None:
    """What is missing is so for each report of a process; it is said with the first."""
    _note_once(said(line))


@cache
def _note_once(line: str) -> None:
    note(line)


def file_missing_reports(
    world: World, now: datetime, stop: Callable[[], bool] = lambda: False
) -> list[Path]:
    """What the configuration wants filed and is over and not filed yet, company by company.

    Where one of a company's can't be filed, that is said, and the others are filed. Ends between
    two reports where `stop` says so.
    """
    written: list[Path] = []
    for company in world.config.all_companies:
        for kind in company.file or world.config.reports.file:
            try:
                for period, season in _missing(world, company, kind, now):
                    if stop():
                        return written
                    order = Order(kind, company, period.first, season=season.code)
                    made = By(program("maintenance"), now)
                    written += write_report(world, order, world.config.reports.folder, made)
            except (WrongCall, Refused) as wrong:
                note_once(msg("no report can be filed: {why}", why=sentence_of(wrong)))
    return written


def _missing(
    world: World, company: CompanyConfig, kind: str, now: datetime
) -> Iterator[tuple[Period, Season]]:
    folder, report = world.config.reports.folder, kind_of(kind)
    have = filed(folder, kind, company.code, report)
    seasons, zone = seasons_of(world.books, company.code), zone_of(world, company.code, now)
    newest = newest_over(report, now, zone)
    since = begun(folder, kind, company.code, first_filed(have, seasons) or newest)
    return missing(report, have, seasons, since, newest)
