"""Python's collector of cycles, out of the way where a city's rows are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: New objects, and passes of the younger generations, between two searches.
SELDOM = 100_000, 50, 100


def collector_seldom() -> None:
    """Fewer searches for cycles, for a whole process: at Python's 700 objects imports take a fifth longer."""
    gc.set_threshold(*SELDOM)


@contextmanager
def collector_paused() -> Iterator[None]:
    """No search for cycles meanwhile; also a decorator.

    For short work that makes very many objects and no cycles: each search looks at all of them
    again, which took more than half of the time to read a city's registry. Memory is freed as
    before. It concerns every thread; whoever found it running lets it run again.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
