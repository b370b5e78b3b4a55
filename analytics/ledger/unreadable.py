"""Rows of the ledger's tables that hold no values of their columns: something else wrote them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.language import Text, msg, sentence_of
from store.books.ledger import LedgerEntry, SettlementLine, SettlementResult, SettlementRun
from store.books.registry import Season

#: What columns raise where a cell is no time, number, actor or JSON.
NO_VALUE = (ValueError, ArithmeticError, TypeError)
Table = (
    type[LedgerEntry] | type[SettlementRun] | type[SettlementResult] | type[SettlementLine]
    | type[Season]
)  # fmt: skip
TABLES: tuple[Table, ...] = (
    LedgerEntry, SettlementRun, SettlementResult, SettlementLine, Season,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The first row that can't be read, and why."""

    table: Table
    row: int
    why: Text


def unreadable(session: Session) -> Unreadable | None:
    """The first such row, entries first; None where every row can be read."""
    for table in TABLES:
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
