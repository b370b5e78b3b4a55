"""Bringing a database to the newest revision; several processes may try at once."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, TypeDecorator, inspect, text

from domain.errors import WrongCall
from domain.language import msg
from store.books.revision import MIGRATIONS
from store.books.tables import METADATA

LOCK = 0x68656174  # key of PostgreSQL's advisory lock: "heat"

_one_at_a_time = threading.Lock()  # alembic's operations are global to the process


def migrate(engine: Engine, to: str = "head") -> None:
    """Runs the missing migrations, up to a revision, in one transaction under the database's lock.

    WrongCall when the database is of a newer heatwatch, or holds somebody else's tables.
    """
    scripts = script_directory()
    with _one_at_a_time, _locked(engine) as connection:
        _check(connection, scripts)
        _upgrade(connection, scripts, to)
        _check_references(connection)
        connection.commit()


def script_directory() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def revision(connection: Connection) -> str | None:
    """The database's revision; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def options() -> dict[str, Any]:
    """What both migrating and comparing tell Alembic."""
    return {
        "target_metadata": METADATA,
        "compare_type": True,
        "render_as_batch": True,
        "transactional_ddl": True,
        "render_item": _plain_type,
    }


def _plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name the database's types, not ours, which may change later."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    return f"sa.{item.impl_instance!r}"


@contextmanager
def _locked(engine: Engine) -> Iterator[Connection]:
    """A connection that alone may migrate; on SQLite with references unchecked.

    SQLite changes a table by rebuilding it, which must not reach the tables that refer to it.
    """
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            yield connection
            return
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("BEGIN IMMEDIATE")
        connection.info["writes"] = True
        try:
            yield connection
        finally:
            raw.rollback()
            raw.execute("PRAGMA foreign_keys = ON")


def _check(connection: Connection, scripts: ScriptDirectory) -> None:
    found = revision(connection)
    if found is None:
        strange = sorted(set(inspect(connection).get_table_names()) & set(METADATA.tables))
        if strange:
            raise WrongCall(
                msg(
                    "books: the database holds tables that heatwatch did not make ({strange}, "
                    "...); give heatwatch a database of its own",
                    strange=strange[0],
                )
            )
        return
    try:
        scripts.get_revision(found)
    except (CommandError, ResolutionError):
        raise WrongCall(
            msg(
                "books: the database is of revision {found}, this heatwatch knows up to "
                "{newest}; install the newer heatwatch again, or restore a backup",
                found=found,
                newest=scripts.get_current_head(),
            )
        ) from None


def _upgrade(connection: Connection, scripts: ScriptDirectory, to: str) -> None:
    def steps(found: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs(to, found)

    context = MigrationContext.configure(connection, opts={**options(), "fn": steps})
    with Operations.context(context):
        context.run_migrations()


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise RuntimeError(f"a migration left a broken reference: {tuple(broken)}")
