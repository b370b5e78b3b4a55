"""One holder at a time, by file and by PostgreSQL, freed when its process dies."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.books.engine import open_books
from store.server.single_instance import HeldBy, single_by_file, single_by_postgres
from tests.ingest import live

ENDED = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE application_name LIKE 'process %' AND datname = current_database()"""
HOLDS = """
import sys, time
from pathlib import Path
from store.books.engine import open_books
from store.server.single_instance import single_by_file, single_by_postgres

where = sys.argv[1]
lock = single_by_postgres(open_books(where), "ingest") if "://" in where else single_by_file(Path(where), "ingest")
with lock:
    print("held", flush=True)
    time.sleep(60)
"""


def holding(where: str) -> subprocess.Popen[bytes]:
    """A process that holds the lock by now."""
    process = subprocess.Popen([sys.executable, "-c", HOLDS, where], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def kill(process: subprocess.Popen[bytes]) -> None:
    with process:
        os.kill(process.pid, signal.SIGKILL)


def is_free(engine: sa.Engine) -> bool:
    """Whether it could be taken, and was given back."""
    try:
        with single_by_postgres(engine, "ingest"):
            return True
    except HeldBy:
        return False


def names_its_holder_until_kill(
    take: Callable[[str], AbstractContextManager[object]], where: str, named: str
) -> None:
    """Another process holds "ingest" there: it is named, another lock is free; then it is killed."""
    process = holding(where)
    try:
        with pytest.raises(HeldBy, match=named.format(pid=process.pid)), take("ingest"):
            pass
        with take("alerts"):
            pass
    finally:
        kill(process)


def test_a_file_names_its_holder_and_is_free_after_kill_nine(tmp_path: Path) -> None:
    names_its_holder_until_kill(
        lambda name: single_by_file(tmp_path, name), str(tmp_path), "process {pid}$"
    )
    with single_by_file(tmp_path, "ingest", sign=False):
        pass


def test_postgresql_names_its_holder_and_is_free_after_it(postgres: str) -> None:
    engine = open_books(postgres)
    names_its_holder_until_kill(
        lambda name: single_by_postgres(engine, name), postgres, "process {pid} on "
    )
    for _ in range(2):  # the server hears of it a moment later
        live.wait_for(lambda: is_free(engine))
    engine.dispose()


def test_a_lock_whose_session_was_lost_is_taken_again_or_names_who_has_it(postgres: str) -> None:
    engine = open_books(postgres)
    with single_by_postgres(engine, "ingest") as hold:
        with engine.connect() as link:
            link.execute(sa.text(ENDED))
        hold.keep()
        with pytest.raises(HeldBy), single_by_postgres(engine, "ingest"):
            pass
        lost = hold._link
        hold._link = None  # cut off: the server has not noticed yet, and the session lives on there
        hold.keep()
        with pytest.raises(HeldBy), single_by_postgres(engine, "ingest"):
            pass
        assert lost is not None
        lost.invalidate()
        lost.close()
        hold.close()
        process = holding(postgres)
        try:
            with pytest.raises(HeldBy, match=f"process {process.pid} on "):
                hold.keep()
        finally:
            kill(process)
    engine.dispose()
