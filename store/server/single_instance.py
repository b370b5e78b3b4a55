"""One process at a time for one job on one set of books; the second learns who holds it."""

import os
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

#: Whose advisory lock it is; keys of 32 bits stand in `objid`.
HOLDER = """
SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid::bigint = :key
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
#: The session of the lock, known from others that get its number later.
SESSION = "SELECT pid, backend_start AS began FROM pg_stat_activity WHERE pid = pg_backend_pid()"
END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = :pid AND backend_start = :began
"""
#: libpq: how long to wait for a server that is cut off; in s, and in ms.
LIMITS = {"connect_timeout": 5, "tcp_user_timeout": 10_000}
#: Somebody who only checks whether it is held has it for less than this. [s]
TIMEOUT_S = 3.0


class HeldBy(BaseException):
    """Another process holds it; says which.

    No Exception: what goes on after a fault must not go on without its lock.
    """


@contextmanager
def single_by_file(folder: Path, name: str, *, sign: bool = True) -> Iterator[None]:
    """Held by a file of `folder`; the system frees it when the process ends, however it ends.

    Without `sign` it only checks whether it could be held: the file keeps the last holder's name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.lock"
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise HeldBy(f"process {path.read_text('utf-8').strip()}") from None
    try:
        if sign:
            _sign(path)
        yield
    finally:
        lock.release()


def _sign(path: Path) -> None:
    with suppress(OSError):  # on a full disk the lock holds without its owner's name
        path.write_text(str(os.getpid()), "utf-8")


class PostgresHold:
    """An advisory lock, held by a session of its own: it goes with the session, and is taken again.

    Safe for several threads.
    """

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self._engine = sa.create_engine(engine.url, poolclass=sa.NullPool, connect_args=LIMITS)
        self._key = {"key": zlib.crc32(f"heatwatch single instance {name}".encode())}
        self._me = {"me": f"process {os.getpid()} on {socket.gethostname()}"[:63]}
        self._link: sa.Connection | None = None
        self._session = {"pid": 0, "began": None}  # the last one that held it
        self._turn = threading.Lock()

    def is_own(self, engine: sa.Engine) -> bool:
        """Whether this is the engine that the lock itself uses."""
        return engine is self._engine

    def keep(self) -> None:
        """Held when this returns; HeldBy where another has it, OperationalError without a server."""
        with self._turn:
            if self._link is None or not _lives(self._link):
                self.close()
                self._link = self._taken()

    def _taken(self) -> sa.Connection:
        link = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            link.execute(sa.text("SELECT set_config('application_name', :me, false)"), self._me)
            end = time.monotonic() + TIMEOUT_S
            while not link.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), self._key):
                if not self._session["pid"] or time.monotonic() > end:
                    raise HeldBy(link.scalar(sa.text(HOLDER), self._key) or "another process")
                # cut off from the network, the session before this one may live on
                link.execute(sa.text(END), self._session)
                time.sleep(0.1)
            self._session = dict(link.execute(sa.text(SESSION)).one()._mapping)
        except BaseException:
            link.invalidate()
            link.close()
            raise
        return link

    def close(self) -> None:
        """Not held any more."""
        link, self._link = self._link, None
        if link is not None:
            link.invalidate()
            link.close()


def _lives(link: sa.Connection) -> bool:
    try:
        link.execute(sa.text("SELECT 1"))
    except sa.exc.DBAPIError:
        return False
    return True


@contextmanager
def single_by_postgres(engine: sa.Engine, name: str) -> Iterator[PostgresHold]:
    """Held by a connection of its own; a lost connection frees it, `keep` takes it again."""
    hold = PostgresHold(engine, name)
    try:
        hold.keep()
        yield hold
    finally:
        hold.close()
