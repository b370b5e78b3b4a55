"""The journal as a file of SQLite: how it is opened, to be written or only to be read."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store.server.damaged_database import JOURNAL, name_damage
from store.server.read_only import connector, marked, may_write

# Pages of 8 KiB: a batch is about a hundred kilobytes in one row.
SETTINGS = ("page_size=8192", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=60000")


def opened(address: sa.URL, path: Path) -> sa.Engine:
    """The engine of a journal's file; where this user may not write it, one that only reads."""
    if may_write(path):
        engine = sa.create_engine(address, connect_args={"timeout": 60})
        sa.event.listen(engine, "connect", _prepare)
    else:
        engine = sa.create_engine(address, creator=connector(path))
        marked(engine)
    name_damage(engine, JOURNAL)
    return engine


def _prepare(link: Any, _record: object) -> None:
    for setting in SETTINGS:
        link.execute(f"PRAGMA {setting}")
