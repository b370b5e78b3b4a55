"""One process at a time for one job on one set of books; the second is told who is first."""

import fcntl
import os
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import sqlalchemy as sa

#: Whose advisory lock it is; keys of 32 bits stand in `objid`.
HOLDER = """
SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid::bigint = :key
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class HeldBy(Exception):
    """Another process holds it; says which."""


@contextmanager
def sole_by_file(folder: Path, name: str, *, sign: bool = True) -> Iterator[None]:
    """Held by a file of `folder`; the system frees it when the process ends, however it ends.

    Without `sign` it only asks whether it could be held: the file keeps the last holder's name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise HeldBy(f"process {file.read().strip()}") from None
        if sign:
            _sign(file)
        yield


def _sign(file: TextIO) -> None:
    with suppress(OSError):  # on a full disk the lock holds without its owner's name
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()


@contextmanager
def sole_by_postgres(engine: sa.Engine, name: str) -> Iterator[None]:
    """Held by a connection of its own; a lost connection frees it."""
    key = {"key": zlib.crc32(f"heatwatch sole {name}".encode())}
    me = {"me": f"process {os.getpid()} on {socket.gethostname()}"[:63]}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        try:
            link.execute(sa.text("SELECT set_config('application_name', :me, false)"), me)
            if not link.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), key):
                raise HeldBy(link.scalar(sa.text(HOLDER), key) or "another process")
            yield
        finally:
            link.invalidate()  # back in the pool it would keep the lock and the name
