"""PostgreSQL's sequences: a copy that left them out gives numbers that rows have already."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, Table, func, select, text

from domain.errors import WrongCall
from domain.language import Text, msg
from store.books.tables import METADATA

#: Tables of one row, whose id is written and never drawn.
ONE_ROW = frozenset({"registry_version"})


class Behind(NamedTuple):
    """A table whose next number is one of a row."""

    table: str
    highest: int  # id

    def told(self) -> Text:
        return msg(
            "store.books: the sequence of table {table} is behind its rows, whose highest id is {id}, as after "
            "a restore that left sequences out; set it: SELECT setval(pg_get_serial_sequence('{table}', 'id'), {id})",
            table=self.table, id=self.highest,
        )  # fmt: skip


def next_numbers(connection: Connection, table: Table, wanted: int) -> list[int]:
    """Numbers nobody else gets; WrongCall where rows have them already."""
    query = text(
        "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :wanted)"
    )
    found = [*connection.scalars(query, {"table": table.name, "wanted": wanted})]
    if found and min(found) <= (highest := _highest(connection, table)):
        raise WrongCall(Behind(table.name, highest).told())
    return found


def behind(connection: Connection) -> Iterator[Behind]:
    """Every table of the books whose sequence is behind; none on SQLite, which has no sequences."""
    if connection.dialect.name != "postgresql":
        return
    for table in METADATA.sorted_tables:
        if "id" not in table.c or table.name in ONE_ROW:
            continue
        name = connection.scalar(text("SELECT pg_get_serial_sequence(:t, 'id')"), {"t": table.name})
        if name is None:
            continue
        last, used = connection.execute(text(f"SELECT last_value, is_called FROM {name}")).one()
        highest = _highest(connection, table)
        if highest > last or (highest == last and not used):
            yield Behind(table.name, highest)


def _highest(connection: Connection, table: Table) -> int:
    return int(connection.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0)
