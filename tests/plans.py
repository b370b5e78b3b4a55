"""How SQLite reads what is asked: a statement that goes through a whole table says SCAN."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def plans_of(session: Session) -> Iterator[list[str]]:
    """The plans of what is asked inside, once it has ended."""
    asked: list[tuple[str, Any]] = []
    plans: list[str] = []
    link = session.connection()
    event.listen(link, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    yield plans
    for query, values in [*asked]:
        found = link.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)
        plans.append(" | ".join(row[3] for row in found))
