"""What the database of the books has that heatwatch did not make: programs in it, rows of no change, lost numbers,
times in another form."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, Date, String, func, or_, select, text, type_coerce

from store.books.base import Base, UtcTime
from store.books.seals import ENDS, RECORDS, names_change, tables_of_changes

#: Of heatwatch's own schema there is none: they change what is written, or refuse it, unseen.
_PROGRAMS = {
    "sqlite": "SELECT type, name, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY 2",
    "postgresql": """
        SELECT 'trigger', tgname, relname FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE NOT tgisinternal AND nspname = current_schema()
        UNION ALL SELECT 'rule', rulename, tablename FROM pg_rules WHERE schemaname = current_schema()
        ORDER BY 2
    """,
}
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
#: What SQLite has in a column of a type.
_FORMS = {
    Date: _DAY,
    UtcTime: f"{_DAY} [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]",
}


class Program(NamedTuple):
    """A trigger or a rule of the database."""

    kind: str
    name: str
    table: str


def programs(link: Connection) -> list[Program]:
    """Triggers and rules on tables of the books' schema."""
    return [Program(*row) for row in link.execute(text(_PROGRAMS[link.dialect.name]))]


def of_no_change(link: Connection) -> Iterator[tuple[str, int]]:
    """(table, rows) that name a change that can't have written them, or can't have ended them."""
    newest = select(func.max(Base.metadata.tables[RECORDS].c.id)).scalar_subquery()
    for name, table in tables_of_changes().items():
        wrote = table.c[names_change(table)]
        wrong = [wrote < 1, wrote > newest]
        if ENDS in table.c:
            wrong += [table.c[ENDS] <= wrote, table.c[ENDS] > newest]
        if count := int(link.scalar(select(func.count()).where(or_(*wrong))) or 0):
            yield name, count


def odd_times(link: Connection) -> Iterator[tuple[str, str, int]]:
    """(table, column, rows) with a time that is not in the one form that heatwatch writes.

    SQLite keeps times as text: one in another form reads as the same instant, and is compared as another one.
    """
    if link.dialect.name != "sqlite":
        return
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            if (form := _FORMS.get(type(column.type))) is None:
                continue
            odd = type_coerce(column, String).bool_op("NOT GLOB")(form)  # what is empty is not
            rows = select(func.count()).where(odd)
            if count := int(link.scalar(rows) or 0):
                yield table.name, column.name, count


def lost_numbers(link: Connection) -> Iterator[tuple[str, int, int]]:
    """(table, last number it has, last number it gave) where the rows at its end are gone.

    SQLite alone knows: it takes back the number of a row that is rolled back, PostgreSQL does not.
    """
    if link.dialect.name != "sqlite":
        return
    given = link.execute(text("SELECT name, seq FROM sqlite_sequence ORDER BY name"))
    for name, seq in given:
        table = Base.metadata.tables.get(name)
        last = None if table is None else int(link.scalar(select(func.max(table.c.id))) or 0)
        if last is not None and last < seq:
            yield name, last, int(seq)
