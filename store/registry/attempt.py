"""An import of readings as the books record it: one that kept nothing is no part of the history.

Its record stays all the same, and a feed that it brought: others may have seen their numbers, which
grow for good, or have sealed the rows, or file readings under that feed by now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from domain.actor import By
from store.books.changes import KEPT_NOTHING, READINGS_IMPORT, ChangeRecord, begun, ended
from store.books.registry import Feed
from store.registry.series import feed_id


@dataclass(frozen=True, slots=True)
class Attempt:
    """The records of an import that has begun."""

    feed: int  # its id
    change: int
    new_feed: bool  # the feed was not there before


def attempt(engine: Engine, feed: str, files: Iterable[Path], by: By) -> Attempt:
    """Records that an import begins, with its feed where that is new; `kept` or `withdraw` ends it."""
    with engine.connect() as connection:
        there = connection.execute(select(Feed.id).where(Feed.code == feed)).first()
    number = feed_id(engine, feed, False, by)
    return Attempt(number, begun(engine, by, READINGS_IMPORT, files), there is None)


def kept(engine: Engine, made: Attempt, details: Mapping[str, Any]) -> None:
    """What came of an import; its feed is one that readings came by, whoever brought it."""
    ended(engine, made.change, details)
    _mark_feed(engine, made.feed, nothing=False)


def withdraw(engine: Engine, made: Attempt) -> None:
    """Notes that an import kept no reading: the history leaves it out, and a feed that it brought."""
    ended(engine, made.change, {KEPT_NOTHING: True})
    if made.new_feed:
        _mark_feed(engine, made.feed, nothing=True)


def _mark_feed(engine: Engine, feed: int, *, nothing: bool) -> None:
    query = select(ChangeRecord.id, ChangeRecord.details)
    query = query.join(Feed, Feed.change_id == ChangeRecord.id).where(Feed.id == feed)
    with engine.connect() as connection:
        change, details = connection.execute(query).one()
    if (KEPT_NOTHING in details) != nothing:
        rest = {name: value for name, value in details.items() if name != KEPT_NOTHING}
        ended(engine, change, rest | ({KEPT_NOTHING: True} if nothing else {}))
