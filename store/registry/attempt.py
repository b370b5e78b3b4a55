"""An import of readings as the books record it: nothing of one that is refused stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, delete, select

from domain.actor import By
from store.books.changes import READINGS_IMPORT, ChangeRecord, begun
from store.books.registry import Feed
from store.registry.series import feed_id


@dataclass(frozen=True, slots=True)
class Attempt:
    """The records of an import that has begun."""

    feed: int  # its id
    change: int
    new_feed: bool  # the feed was not there before


def attempt(engine: Engine, feed: str, files: Iterable[Path], by: By) -> Attempt:
    """Records that an import begins, with its feed where that is new; `withdraw` takes it back."""
    with engine.connect() as connection:
        there = connection.execute(select(Feed.id).where(Feed.code == feed)).first()
    number = feed_id(engine, feed, False, by)
    return Attempt(number, begun(engine, by, READINGS_IMPORT, files), there is None)


def withdraw(engine: Engine, made: Attempt) -> None:
    """Takes back the records of an import that kept no reading, and the feed that it brought."""
    gone = {made.change}
    with engine.begin() as connection:
        if made.new_feed:
            own = select(Feed.change_id).where(Feed.id == made.feed)
            gone.add(connection.execute(own).scalar_one())
            connection.execute(delete(Feed).where(Feed.id == made.feed))
        connection.execute(delete(ChangeRecord).where(ChangeRecord.id.in_(gone)))
