"""SQLite so that it behaves as PostgreSQL does under READ COMMITTED, with many processes.

SQLite alone has a trap: a transaction that reads first and writes later fails at once with
"database is locked", without waiting, when another process wrote in between. So a transaction
begins at its first statement: a read begins a deferred one, which never blocks a writer; the
first write (or `SELECT ... FOR UPDATE`) ends that and begins an immediate one, which waits up
to `BUSY_MS` for its turn. As under READ COMMITTED, what was read before may have changed by then.
Answers are fetched whole, as psycopg does too: a half-read one would hold its old state open.
"""

import re
import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.engine.interfaces import ExecuteStyle

BUSY_MS = 30_000  # how long a writer waits for its turn [ms]

#: What a file is read by, and what it is written by.
READING = (
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA cache_size = -32768",  # KiB; the default of 2 MiB makes big imports spill
)
PRAGMAS = (
    *READING,
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)

_READS = re.compile(r"\s*(SELECT|PRAGMA|EXPLAIN|WITH)\b", re.IGNORECASE)
_CHANGES = re.compile(r"\b(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


def prepare(engine: Engine, *, read_only: bool = False) -> None:
    """Installs the settings and the way transactions begin; call once, before first use."""
    event.listen(engine, "connect", _set_up_to_read if read_only else _set_up)
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _fetch_all)


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin in `_begin`, nowhere else
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _set_up_to_read(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in READING:
        connection.execute(pragma)


def _begin(
    conn: Connection, _cursor: object, statement: str, _values: object, context: Any, _many: bool
) -> None:
    raw = conn.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    writes = is_write(statement, context)
    if not raw.in_transaction:
        raw.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        conn.info["writes"] = writes
    elif writes and not conn.info["writes"]:
        raw.execute("COMMIT")  # nothing was written in it
        raw.execute("BEGIN IMMEDIATE")
        conn.info["writes"] = True


def _fetch_all(
    _conn: Connection, cursor: Any, _statement: str, _values: object, context: Any, _many: bool
) -> None:
    if cursor.description is None or context is None:
        return
    if context.execute_style is not ExecuteStyle.INSERTMANYVALUES:  # that one fetches by itself
        rows = cursor.fetchall()
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
            cursor, initial_buffer=rows
        )


def is_write(statement: str, context: Any) -> bool:
    """Whether this statement needs the write lock; `FOR UPDATE` is gone from SQLite's text."""
    asked = getattr(context, "invoked_statement", None)
    if getattr(asked, "_for_update_arg", None) is not None:
        return True
    found = _READS.match(statement)
    if found is None:
        return True
    return found[1].upper() == "WITH" and _CHANGES.search(statement) is not None
