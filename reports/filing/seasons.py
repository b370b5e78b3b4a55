"""The seasons that a period has days of: each has a report of its own days, by its own policy."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from domain.errors import WrongCall
from domain.language import msg
from domain.time import day_start
from reports.report import Period
from store.books.registry import Place, Season


def seasons_of(books: Engine, company: str) -> list[Season]:
    """The company's seasons by their begin."""
    with Session(books) as session:
        chosen = select(Season).join(Place, Place.id == Season.company_id)
        return list(session.scalars(chosen.where(Place.code == company).order_by(Season.since)))


def season_days(season: Season, period: Period) -> tuple[date, ...]:
    """The period's days with an instant in the season; one that begins at noon has half of its first."""
    zone = ZoneInfo(season.zone)
    return tuple(
        day
        for day in period.days()
        if day_start(day, zone) < season.until
        and season.since < day_start(day + timedelta(days=1), zone)
    )


def seasons_in(seasons: Sequence[Season], period: Period) -> list[Season]:
    """Those with days of the period: none in summer, two where one follows the other inside it."""
    return [each for each in seasons if season_days(each, period)]


def seasons_with(books: Engine, company: str, period: Period) -> list[Season]:
    """The company's seasons with days of the period, at least one; WrongCall says which there are."""
    seasons = seasons_of(books, company)
    found = seasons_in(seasons, period)
    if not found:
        known = ", ".join(f"{s.code} ({_local_days(s)})" for s in seasons)
        raise WrongCall(
            msg(
                "{period} lies in no season of company {company!r}; there are: {known}",
                period=period,
                company=company,
                known=known or "none",
            )
        )
    return found


def _local_days(season: Season) -> str:
    """First and last local day, e.g. `2025-11-01 to 2026-03-15`."""
    zone = ZoneInfo(season.zone)
    last = season.until - timedelta(microseconds=1)
    return f"{season.since.astimezone(zone):%Y-%m-%d} to {last.astimezone(zone):%Y-%m-%d}"
