"""Stores that may only be read: copies for an auditor, and databases whose user may not write."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine

from domain.errors import WrongCall
from domain.language import msg

OPTION = "heatwatch_read_only"  # of an engine
WRITES_BESIDE = ("-wal", "-shm")  # files of SQLite beside the database's own, while it is open


class ReadOnly(WrongCall):
    """A store was to be written to that may only be read; `key` is its place in the configuration."""

    def __init__(self, key: str, where: str) -> None:
        super().__init__(
            msg(
                "{key} = {where!r} may only be read here, and this would write to it; allowed: what only "
                "reads, such as settle verify, settle show, explain and evidence list, or a user who may write",
                key=key, where=where,
            )
        )  # fmt: skip


def may_write(path: Path) -> bool:
    """Whether this user may write a file and make others beside it, or make it where it is not."""
    effective = os.access in os.supports_effective_ids
    if not path.exists():
        return True  # whoever makes it learns why it can't be made
    return all(
        os.access(each, os.W_OK, effective_ids=effective) for each in {path, path.resolve().parent}
    )


def is_read_only(engine: Engine) -> bool:
    """Whether a database was opened to be read only."""
    return bool(engine.get_execution_options().get(OPTION))


def marked(engine: Engine) -> None:
    """Notes of a database that it is opened to be read only."""
    engine.update_execution_options(**{OPTION: True})


def connector(path: Path) -> Callable[[], sqlite3.Connection]:
    """Opens a file of SQLite without writing anything, not even beside it.

    A copy in rest is read as it is. Beside one that somebody has open, or that was copied while
    somebody had, stand files with its newest changes, which SQLite then reads, too.
    """
    beside = (path.with_name(path.name + end) for end in WRITES_BESIDE)
    how = "mode=ro" if any(each.exists() for each in beside) else "mode=ro&immutable=1"
    uri = f"file:{quote(str(path.resolve()))}?{how}"
    return lambda: sqlite3.connect(uri, uri=True, check_same_thread=False)
