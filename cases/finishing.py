"""Tasks are done once: who was first stays who did it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, update

from domain.actor import Actor
from store.books.watch import CaseTask


class Finished(NamedTuple):
    """A task, the instant at which it was done, and why it needs nobody any more."""

    task: int
    at: datetime
    why: str = ""


_MARK = (
    update(CaseTask)
    .where(CaseTask.id == bindparam("task"), CaseTask.done_at.is_(None))
    .values(done_at=bindparam("at"), done_by=bindparam("who"), done_reason=bindparam("why"))
)


def finished(connection: Connection, tasks: Iterable[Finished], who: Actor) -> int:
    """Marks tasks as done, those excepted that somebody has finished meanwhile. How many."""
    return sum(connection.execute(_MARK, {**each._asdict(), "who": who}).rowcount for each in tasks)
