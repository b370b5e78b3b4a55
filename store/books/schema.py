"""New SQLite books in one go: the tables that the migrations make, written down as SQL.

SQLite changes a table by rebuilding it, so all migrations one after another take a third of a
second and the loading of Alembic. For developers, after a new migration:
`python -m store.books.schema` writes the file anew; a test fails where it is forgotten.
"""

import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from store.books.revision import newest

SCHEMA = Path(__file__).parent / "migrations" / "schema.sql"
_REVISION = re.compile(r"INSERT INTO \"alembic_version\" VALUES\('(\w+)'\);")


def make(engine: Engine) -> bool:
    """Fills an empty SQLite database, in one transaction; False where it is not empty.

    False too where the file is of an older revision than the newest migration.
    """
    script = SCHEMA.read_text("utf-8")
    if revision_of(script) != newest():
        return False
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute("BEGIN IMMEDIATE")
        try:
            empty = raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
            if empty:
                for statement in statements(script):
                    raw.execute(statement)
            raw.execute("COMMIT")
        finally:
            raw.rollback()
    return empty


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one."""
    lines: list[str] = []
    for line in script.splitlines():
        lines.append(line)
        if sqlite3.complete_statement(text := "\n".join(lines)):
            yield text
            lines.clear()


def same(one: str, other: str) -> bool:
    """Whether two scripts make the same; Alembic makes constraints and indexes in any order."""
    return _made(one) == _made(other)


def _made(script: str) -> list[list[str]]:
    return sorted(
        sorted(line.strip(" ,") for line in each.expandtabs().splitlines())
        for each in statements(script)
    )


def revision_of(script: str) -> str | None:
    """The revision of the books that the script makes."""
    found = _REVISION.search(script)
    return found[1] if found else None


def migrated() -> str:
    """The script of what all migrations make of an empty database."""
    from sqlalchemy import create_engine

    from store.books.migrate import migrate

    engine = create_engine("sqlite://")
    migrate(engine)
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        script = dumped(raw)
    engine.dispose()
    return script


def dumped(connection: sqlite3.Connection) -> str:
    """The script that makes a database again, but for the bounds of its transaction."""
    lines = "\n".join(connection.iterdump()).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines[1:-1])


if __name__ == "__main__":
    if not same(SCHEMA.read_text("utf-8"), made := migrated()):
        SCHEMA.write_text(made, "utf-8")
    sys.stdout.write(f"{SCHEMA}\n")
