"""Facts of a season, all as they stood at one change of the registry."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import func, select

from domain.tree import PlaceKind
from heatwatch.wiring import World
from store.books.registry import Place
from store.evidence.seal import last_change_of
from store.evidence.since import newest_change, nothing_changes

Taken = TypeVar("Taken")
TRIES = 3  # before who changes the registry must wait


def steady(world: World, company: int, take: Callable[[], Taken]) -> tuple[Taken, int]:
    """What `take` reads of the registry, and the number of the company's last change, which it has whole.

    Taking again is cheap beside settling, and keeps nobody waiting; where the registry changes each
    time, changes wait for the last of them. Changes of other companies alone are not counted: what one
    is owed may not hang on how busy another is.
    """
    for _ in range(TRIES):
        before = newest_change(world.books)
        taken = take()
        if newest_change(world.books) == before:
            return taken, _own(world, company, before)
    with nothing_changes(world.books) as last:
        taken = take()
    return taken, _own(world, company, last)


def _own(world: World, company: int, upto: int) -> int:
    with world.books.connect() as link:
        companies = select(func.count()).where(Place.kind == PlaceKind.COMPANY.value)
        if (link.scalar(companies) or 0) < 2:
            return upto
        return last_change_of(link, company, upto)
