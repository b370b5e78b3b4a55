"""A file of SQLite whose pages are damaged: which store it is and how to go on, never a fault of ours."""

import sqlite3
from collections.abc import Mapping

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from domain.errors import WrongCall
from domain.language import Text, msg

BOOKS, JOURNAL = "store.books", "store.journal"
REMEDIES: Mapping[str, Text] = {
    BOOKS: msg("put it back from a copy"),
    JOURNAL: msg(
        "put it back from a copy, or move it away: a new one goes on behind the lake, and what is "
        "not in the lake yet is lost"
    ),
}


class DamagedDatabase(WrongCall):
    """Pages of a database are not what was written; `key` is its place in the configuration."""

    def __init__(self, key: str, path: str, why: object) -> None:
        super().__init__(
            msg(
                "the file of {key} = {path!r} is damaged ({why}); {remedy}",
                key=key, path=path, why=why, remedy=REMEDIES[key],
            )
        )  # fmt: skip
        self.key, self.why = key, str(why)


def name_damage(engine: Engine, key: str) -> None:
    """Makes damaged pages a DamagedDatabase wherever a statement meets them; call before first use."""

    def named(context: ExceptionContext) -> DamagedDatabase | None:
        error = context.original_exception
        code = getattr(error, "sqlite_errorcode", None) or 0
        if code & 0xFF != sqlite3.SQLITE_CORRUPT:
            return None
        return DamagedDatabase(key, engine.url.database or "", error)

    event.listen(engine, "handle_error", named)


def refuse_damaged(engine: Engine, key: str) -> None:
    """DamagedDatabase where SQLite finds anything wrong with a file, whether or not it is read today."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as link:
        found = link.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    if found != "ok":
        raise DamagedDatabase(key, engine.url.database or "", " ".join(str(found).split()))
