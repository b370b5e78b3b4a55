"""A point in the life of registry and evidence, after which something was recorded or ended.

Clocks go wrong and are set; the numbers of changes only grow. What changes the registry does so one
after another (`store.registry.books.lock`), so that none becomes visible with a lower number later.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, Select, func, select

from store.books.changes import ChangeRecord
from store.registry import books


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

    def is_before(self, change: int, at: datetime) -> bool:
        """Whether a change with this number and time came after it."""
        return at > self.at if self.change is None else change > self.change


def last_change(engine: Engine) -> int:
    """The number of the last change; 0: there was none. Waits for one that is being written."""
    with nothing_changes(engine) as last:
        return last


@contextmanager
def nothing_changes(engine: Engine) -> Iterator[int]:
    """The number of the last change (0: there was none); another waits until this ends."""
    with engine.begin() as link:
        books.lock(link)
        yield link.scalar(select(func.max(ChangeRecord.id))) or 0
