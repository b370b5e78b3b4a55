"""Reports of a tiny city, as tests make them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.heat.supply import SupplyRule
from analytics.law.policy import load
from domain.language import Text
from domain.time import Span
from ingest.mqtt.delivery import faults_of
from reports.filing.make import document
from reports.filing.seasons import seasons_with
from reports.kinds import kind_of
from reports.render.words import WORDS
from reports.report import Document, Sources
from store.books.registry import Place
from store.books.uplinks import DeviceUplinks, uplinks_of
from store.registry.places import tree
from tests.actors import at
from tests.tiny import MIDNIGHT, NOW, Tiny

DAY = date(2026, 1, 15)
assert MIDNIGHT.date() == date(2026, 1, 14)  # in UTC


def sources_of(tiny: Tiny, company: str = "demo", rule: SupplyRule | None = None) -> Sources:
    """Facts of a company whose only season is under way."""
    (season,) = seasons_with(tiny.books, company, kind_of("daily").period(DAY))
    with Session(tiny.books) as session:
        place = session.scalars(select(Place.id).where(Place.code == company)).one()
    network = tree(tiny.books).within(place)
    policy = load(season.policy).policy
    known = Decimal("0.75")
    return Sources(
        tiny.books, tiny.readings, network, season.id, Span(season.since, season.until), policy,
        _refused, lambda span: faults_of(tiny.books, span=span), known, rule or SupplyRule(),
        partial(_uplinks, tiny),
    )  # fmt: skip


def _uplinks(tiny: Tiny, since: date, until: date) -> list[DeviceUplinks]:
    with Session(tiny.books) as session:
        return [*uplinks_of(session, since, until)]


def _refused(received: Span) -> int:
    """Seven on the day, six on each day around it."""
    hours = (received.until - received.since) // timedelta(hours=1)
    return 6 * (hours // 24) + (received.since <= MIDNIGHT < received.until)


def made(
    tiny: Tiny,
    kind: str = "daily",
    day: date = DAY,
    now: datetime = NOW,
    *,
    company: str = "demo",
    rule: SupplyRule | None = None,
) -> Document:
    """The report of the period with this day, as of a flush made now."""
    (season,) = seasons_with(tiny.books, company, kind_of(kind).period(day))
    version = tiny.readings.flush(now).number
    sources = sources_of(tiny, company, rule)
    return document(kind, sources, season, day, version, at(now))


def word(name: str, language: str, **values: object) -> str:
    """A word of the pages."""
    text: Text = WORDS[name]
    return Text(text.message, values, text.plural, text.context).to(language)
