"""Who changes the books in tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from domain.actor import By, user
from store.books.changes import record

TESTER = user("tester")
WHEN = datetime(2025, 1, 1, tzinfo=UTC)
TEST = By(TESTER, WHEN)


def at(when: datetime, name: str = "tester") -> By:
    """A person at an instant."""
    return By(user(name), when)


@contextmanager
def changing(engine: Engine) -> Iterator[Session]:
    """A transaction whose rows of the registry name a record of the tester's."""
    with Session(engine) as session, session.begin():
        record(session.connection(), TEST, "test")
        yield session
