"""Households that no run has, as no contract of the season is recorded: named beside drafts and reviews."""

from typing import Any

from domain.language import msg
from heatwatch.output import formats, note
from heatwatch.wiring import World


def named(world: World, season: str) -> list[str]:
    """Their codes, which are noted with what to do where there are any."""
    from sqlalchemy.orm import Session

    from analytics.facts.without_contract import codes_without, told
    from store.registry.seasons import season_of

    with Session(world.books) as session:
        own = season_of(session, season)
    if codes := codes_without(world.books, own):
        note(told(codes, season))
    return codes


def rows_of(data: dict[str, Any]) -> list[list[Any]]:
    """A row of how many there are, for tables of a run; none where there are none."""
    codes = data["without_contract"]
    told = msg("households without a contract of the season, in no run")
    return [[told, formats().number(len(codes))]] if codes else []
