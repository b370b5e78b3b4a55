"""Whether the database itself holds: its pages, checks and sequences, and rows that name rows that are gone."""

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, ForeignKey, func, select
from sqlalchemy.exc import DatabaseError

from domain.language import Text, msg, plural
from store.books.sequences import behind
from store.books.tables import METADATA
from store.server.damaged_database import DamagedDatabase

SHOWN = 20  # of what the database finds


def faults(engine: Engine) -> Iterator[Text]:
    """What is wrong with the database as a file, else each table with rows that name missing ones."""
    with engine.connect() as link:
        if engine.dialect.name == "sqlite" and (found := _of_file(link)):
            yield from found
            return
        for each in behind(link):
            yield each.told()
        for table in METADATA.sorted_tables:
            for key in sorted(table.foreign_keys, key=lambda each: each.parent.name):
                if (count := _dangling(link, key)) > 0:
                    yield plural(
                        "{n} row of table {table} names a row of table {other} that is gone",
                        "{n} rows of table {table} name a row of table {other} that is gone",
                        n=count, table=table.name, other=key.column.table.name,
                    )  # fmt: skip


def _of_file(link: Connection) -> list[Text]:
    try:
        found = link.exec_driver_sql(f"PRAGMA integrity_check({SHOWN})").scalars().all()
    except DamagedDatabase as error:
        found = [error.why]
    except DatabaseError as error:
        found = [str(error.orig)]
    return [
        msg(
            "the file of store.books is damaged ({why}); put it back from a copy",
            why=line,
        )
        for line in found
        if line != "ok"
    ]


def _dangling(link: Connection, key: ForeignKey) -> int:
    """How many rows name a row that is not there."""
    named = key.column.table.alias("named")
    there = select(named.c[key.column.name]).where(named.c[key.column.name] == key.parent)
    lost = select(func.count()).where(key.parent.is_not(None), ~there.exists())
    return int(link.scalar(lost) or 0)
