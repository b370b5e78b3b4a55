"""A point in the life of registry and evidence, after which something was recorded or ended.

Clocks go wrong and are set; the numbers of changes only grow. Who asks for the last one waits for
those that are being written, so that none becomes visible with a lower number later.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, not_, select

from store.books.changes import FEED, MIRROR_REBUILD, READINGS_IMPORT, REPLAY, ChangeRecord
from store.registry import books

#: Actions that change nothing of registry and facts: of a feed only the origin of readings.
OF_READINGS = (FEED, READINGS_IMPORT, REPLAY, MIRROR_REBUILD)


class Since(NamedTuple):
    """After a change with a number; where that was not kept, after an instant of the clock."""

    at: datetime
    change: int | None = None

    def later(self) -> ColumnElement[bool]:
        """Of change records: those after it."""
        if self.change is None:
            return ChangeRecord.at > self.at
        return ChangeRecord.id > self.change

    def changes(self) -> Select[int]:
        """The numbers of the changes after it."""
        return select(ChangeRecord.id).where(self.later())

    def by_then(self) -> Select[int]:
        """The numbers of the changes up to it."""
        return select(ChangeRecord.id).where(not_(self.later()))

    def registry_rests(self, link: Connection) -> bool:
        """Whether nothing of registry and facts was changed after it: only readings came."""
        others = self.later() & ChangeRecord.action.not_in(OF_READINGS)
        return link.scalar(select(ChangeRecord.id).where(others).limit(1)) is None

    def is_before(self, change: int, at: datetime) -> bool:
        """Whether a change with this number and time came after it."""
        return at > self.at if self.change is None else change > self.change


def last_change(link: Connection) -> int:
    """The number of the last change, 0: there was none; none below it comes in later.

    Waits for the changes that are being judged or written; others wait until this transaction ends.
    Locks are taken in one order: ledger, run, registry, and last the records of changes.
    """
    books.lock(link)  # an import judges its rows under it, and inserts its record behind that
    if link.dialect.name == "postgresql":  # what changes no registry inserts its record alone
        link.exec_driver_sql("LOCK TABLE change_record IN SHARE MODE")
    return int(link.scalar(select(func.max(ChangeRecord.id))) or 0)


@contextmanager
def nothing_changes(engine: Engine) -> Iterator[int]:
    """The number of the last change; another waits until this ends."""
    with engine.begin() as link:
        yield last_change(link)


def newest_change(engine: Engine) -> int:
    """The number of the last change, as it stands now."""
    with nothing_changes(engine) as last:
        return last
