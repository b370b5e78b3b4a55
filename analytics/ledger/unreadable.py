"""Rows of the books that hold no values of their columns: something else wrote them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.language import Text, msg, sentence_of
from store.books.base import Base
from store.books.ledger import LedgerEntry, SettlementLine, SettlementResult, SettlementRun
from store.books.registry import Season

#: What columns raise where a cell is no time, number, actor or JSON.
NO_VALUE = (ValueError, ArithmeticError, TypeError)
Table = Any  # a mapped class with an id
#: The ledger's first; then every other.
FIRST: tuple[Table, ...] = (
    LedgerEntry, SettlementRun, SettlementResult, SettlementLine, Season,
)  # fmt: skip


def tables() -> Iterator[Table]:
    """Every table whose rows have a number."""
    yield from FIRST
    mapped = {each.class_.__tablename__: each.class_ for each in Base.registry.mappers}
    for name in sorted(mapped):
        if hasattr(mapped[name], "id") and mapped[name] not in FIRST:
            yield mapped[name]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The first row that can't be read, and why."""

    table: Table
    row: int
    why: Text


def unreadable(session: Session) -> Unreadable | None:
    """The first such row, entries first; None where every row can be read."""
    for table in tables():
        ids = session.scalars(select(table.id).order_by(table.id)).all()
        if (error := _fault(session, table, ids)) is None:
            continue
        while len(ids) > 1:  # halves, so that a city's lines take seconds
            half = ids[: len(ids) // 2]
            first = _fault(session, table, half)
            ids, error = (half, first) if first else (ids[len(half) :], error)
        error = _fault(session, table, ids) or error
        why = msg(
            "row {row} of table {table} can't be read: {error}",
            row=ids[0], table=table.__tablename__, error=sentence_of(error),
        )  # fmt: skip
        return Unreadable(table, ids[0], why)
    return None


def _fault(session: Session, table: Table, ids: Sequence[int]) -> Exception | None:
    if not ids:
        return None
    query = select(table.__table__).where(table.id.between(ids[0], ids[-1]))
    try:
        for _ in session.execute(query.execution_options(yield_per=1000)):
            pass
    except NO_VALUE as error:
        return error
    return None
