"""Many rows into one table at once, by column; and out of it, some at a time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Table,
    insert,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import TypeEngine

AT_A_TIME = 5_000  # rows of a page
Key = ColumnElement[Any] | InstrumentedAttribute[Any]


def insert_columns(
    link: Connection, table: FromClause, columns: Mapping[str, Sequence[Any]]
) -> None:
    """Inserts (n,) values of each column as n rows, in their order, within the caller's transaction.

    What SQLAlchemy does for each row of a bulk insert is done for each column: a third of the time.
    Columns that are not named get what the database gives them. Raises ValueError where columns
    differ in length or one is not of the table.
    """
    assert isinstance(table, Table)
    names = [*columns]
    if not set(names) <= set(table.columns.keys()):
        raise ValueError(f"expected columns of {table.name}, got {names}")
    if not any(map(len, columns.values())):
        return
    bound = [_bound(table.c[name].type, link.dialect, columns[name]) for name in names]
    rows = zip(*bound, strict=True)
    made = insert(table).compile(dialect=link.dialect, column_keys=names)
    if made.positional:
        order = [names.index(name) for name in made.positiontup or ()]
        if order != [*range(len(names))]:
            rows = zip(*(bound[i] for i in order), strict=True)
        link.exec_driver_sql(str(made), [*rows])
    else:
        link.exec_driver_sql(str(made), [dict(zip(names, row, strict=True)) for row in rows])


def _bound(kind: TypeEngine[Any], dialect: Dialect, values: Sequence[Any]) -> Sequence[Any]:
    """Values of a column as the driver takes them; one object that stands in many rows is made once."""
    made = kind.dialect_impl(dialect).bind_processor(dialect)
    if made is None:
        return values
    bound = {mark: made(value) for mark, value in {id(each): each for each in values}.items()}
    return [bound[id(value)] for value in values]


def pages(
    link: Connection | Session, query: Any, *keys: Key, size: int = AT_A_TIME
) -> Iterator[Sequence[Any]]:
    """Rows by keys, at most `size` at a time; what is not asked for yet is not in memory.

    A cursor would not do: answers are fetched whole (`store.books.sqlite`). The keys, beside each
    other, are different in every row; they are added to it behind its other columns.
    """
    wanted = query.add_columns(*keys).order_by(*keys).limit(size)
    page = wanted
    while True:
        rows = link.execute(page).all()
        if rows:
            yield rows
        if len(rows) < size:
            return
        last = tuple(rows[-1])[-len(keys) :]
        after = keys[0] > last[0] if len(keys) == 1 else tuple_(*keys) > tuple_(*last)
        page = wanted.where(after)
