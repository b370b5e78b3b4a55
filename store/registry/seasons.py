"""Heating seasons of the registry by their code."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import WrongCall
from domain.language import msg, not_known
from store.books.registry import Season


def season_of(session: Session, code: str) -> Season:
    """The season with this code; WrongCall names those that are in the registry."""
    season = session.scalar(select(Season).where(Season.code == code))
    if season is None:
        codes = session.scalars(select(Season.code).order_by(Season.code))
        raise WrongCall(not_known(msg("season"), code, codes))
    return season
