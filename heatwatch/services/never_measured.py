"""Rooms that a season's act covers and that nothing and nobody measured in a span, for `readings coverage`."""

from contextlib import suppress
from datetime import datetime

from analytics.facts.never_measured import rooms_never_measured
from analytics.law.room_limits import rooms_looked_at
from domain.errors import WrongCall
from domain.time import Span
from domain.tree import COVERED_ROOMS, Tree
from heatwatch.services.season_law import season_law
from heatwatch.wiring import World
from reports.filing.seasons import seasons_of


def unmeasured(
    world: World, company: str, network: Tree, span: Span, now: datetime
) -> dict[str, list[str]]:
    """Home -> its rooms, by code, of a part of the company's network; what is to come is not looked at."""
    found: dict[str, list[str]] = {}
    for season in seasons_of(world.books, company):
        part = Span(
            max(span.since, season.since), max(season.since, min(span.until, season.until, now))
        )
        if part.since >= part.until:
            continue
        uses = COVERED_ROOMS
        with suppress(WrongCall):  # a policy that is gone, and that no run keeps
            uses = rooms_looked_at(season_law(world, season).policy.standard)
        found |= rooms_never_measured(world.books, season, network, part, uses)
    return dict(sorted(found.items()))
