"""An import of readings as the books record it: one that kept nothing is no part of the history.

Its record stays all the same, and a feed that it brought: others may have seen their numbers, which
grow for good, or have sealed the rows, or file readings under that feed by now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from domain.actor import By
from store.books.changes import KEPT_NOTHING, READINGS_IMPORT, begun, ended
from store.registry.series import feed_id


@dataclass(frozen=True, slots=True)
class Attempt:
    """The records of an import that has begun."""

    feed: int  # its id
    change: int


def attempt(engine: Engine, feed: str, files: Iterable[Path], by: By) -> Attempt:
    """Records that an import begins, with its feed where that is new; `withdraw` takes it back."""
    return Attempt(feed_id(engine, feed, False, by), begun(engine, by, READINGS_IMPORT, files))


def withdraw(engine: Engine, made: Attempt) -> None:
    """Notes that an import kept no reading: the history leaves it out from now on."""
    ended(engine, made.change, {KEPT_NOTHING: True})
