"""The seasons that a period has days of: each has a report of its own days, by its own policy."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from domain.errors import WrongCall
from domain.language import Text, joined, msg
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
        known = joined(", ", [_with_days(each) for each in seasons]) if seasons else msg("none")
        raise WrongCall(
            msg(
                "{period} lies in no season of company {company!r}; there are: {known}",
                period=period.shown(),
                company=company,
                known=known,
            )
        )
    return found


def _with_days(season: Season) -> Text:
    """With its first and last local day, e.g. `2025-26 (2025-11-01 to 2026-03-15)`."""
    zone = ZoneInfo(season.zone)
    last = season.until - timedelta(microseconds=1)
    first = season.since.astimezone(zone)
    return msg(
        "{code} ({first} to {last})",
        code=season.code, first=first.date(), last=last.astimezone(zone).date(),
    )  # fmt: skip
