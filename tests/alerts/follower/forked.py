"""A follower in a process of its own, to be killed."""

import os
from collections.abc import Callable

from alerts.follower.watch import AlertWatch
from tests.alerts.world import World, reopened


def forked(world: World, work: Callable[[World, AlertWatch], None]) -> int:
    """The id of a process that does `work` over and over until it is killed."""
    child = os.fork()
    if child:
        return child
    try:
        mine = reopened(world)
        watch = mine.watch()
        while True:
            work(mine, watch)
    finally:
        os._exit(1)
