"""Facts of a season, all as they stood at one change of the registry."""

from collections.abc import Callable
from typing import TypeVar

from heatwatch.wiring import World
from store.evidence.since import last_change, nothing_changes

Taken = TypeVar("Taken")
TRIES = 3  # before who changes the registry must wait


def steady(world: World, take: Callable[[], Taken]) -> tuple[Taken, int]:
    """What `take` reads of the registry, and the number of its last change, which it has whole.

    Taking again is cheap beside settling, and keeps nobody waiting; where the registry changes each
    time, changes wait for the last of them.
    """
    for _ in range(TRIES):
        before = last_change(world.books)
        taken = take()
        if last_change(world.books) == before:
            return taken, before
    with nothing_changes(world.books) as last:
        return take(), last
