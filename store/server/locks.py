"""Locks between processes: one flusher, one compactor."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock

#: Takes a name, waits until nobody else holds it, holds it inside the `with`.
Lock = Callable[[str], AbstractContextManager[None]]


def file_locks(folder: Path) -> Lock:
    """Locks as files of `folder`; the system frees them when their process ends, however it ends."""

    @contextmanager
    def lock(name: str) -> Iterator[None]:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{name}.lock"):
            yield

    return lock


def postgres_locks(engine: sa.Engine) -> Lock:
    """Advisory locks of a PostgreSQL database; a lost connection frees them."""

    @contextmanager
    def lock(name: str) -> Iterator[None]:
        key = {"key": zlib.crc32(f"heatwatch {name}".encode())}
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
            link.execute(sa.text("SELECT pg_advisory_lock(:key)"), key)
            try:
                yield
            finally:
                link.execute(sa.text("SELECT pg_advisory_unlock(:key)"), key)

    return lock
