"""A PostgreSQL cluster of our own, and a fresh database for each test."""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from store.books.engine import open_books
from tests.servers.process import Server, free_port
from tests.servers.programs import need

PASSWORD = "only-for-this-test-run"  # the cluster lives on loopback and goes with the run
MIGRATED = "migrated"  # the database that new books are copied from


@dataclass
class Cluster:
    """A running cluster that hands out databases."""

    server: Server
    number: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    migrated: bool = False  # whether there are books to copy

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.server.port, user="heat", password=PASSWORD,
            dbname="postgres", autocommit=True,
        )  # fmt: skip

    def ready(self) -> bool:
        """Whether it takes logins: the port is open a little earlier."""
        try:
            self._admin().close()
        except psycopg.OperationalError:
            return False
        return True

    @contextmanager
    def database(self) -> Iterator[str]:
        """The SQLAlchemy URL of a database that nobody used before; dropped afterwards."""
        with self._copy_of("template1") as url:
            yield url

    @contextmanager
    def books(self) -> Iterator[str]:
        """The same with new books in it: migrated once in the cluster, copied from then on."""
        if not self.migrated:
            with self._admin() as admin:
                admin.execute(f'CREATE DATABASE "{MIGRATED}"'.encode())
            open_books(self._url(MIGRATED)).dispose()
            self.migrated = True
        with self._copy_of(MIGRATED) as url:
            yield url

    @contextmanager
    def _copy_of(self, template: str) -> Iterator[str]:
        name = f"test_{next(self.number)}"
        with self._admin() as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        try:
            yield self._url(name)
        finally:
            with self._admin() as admin:
                admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://heat:{PASSWORD}@127.0.0.1:{self.server.port}/{name}"


def _owner() -> str | None:
    """PostgreSQL refuses root, so root runs it as the user that Debian's package made."""
    return "postgres" if os.geteuid() == 0 else None


def _initdb(program: str, data: Path, owner: str | None) -> None:
    secret = data.parent / "password"
    secret.write_text(PASSWORD)
    if owner:
        for each in (data.parent, secret):
            shutil.chown(each, owner, owner)
    access = ["-U", "heat", "-A", "scram-sha-256", f"--pwfile={secret}"]
    subprocess.run(
        [program, "-D", str(data), *access, "-E", "UTF8", "--locale=C", "--no-sync"],
        check=True, capture_output=True, user=owner, group=owner, cwd=data.parent,
        extra_groups=[] if owner else None, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def postgres_cluster() -> Iterator[Cluster]:
    """A new cluster in a temporary folder, without fsync: tests kill our processes, not it."""
    initdb, program = need("initdb"), need("postgres")
    # not pytest's folder: that one is closed to other users, and root's cluster is another user's
    folder = Path(tempfile.mkdtemp(prefix="heatwatch-pg-"))
    try:
        _initdb(initdb, folder / "data", _owner())
        port = free_port()
        options = [f"-cport={port}", "-clisten_addresses=127.0.0.1", "-cfsync=off"]
        options += ["-cunix_socket_directories=", "-cmax_connections=50", "-clog_timezone=UTC"]
        server = Server(
            [program, "-D", str(folder / "data"), *options], port, folder / "postgres.log",
            stop_signal=signal.SIGINT, user=_owner(),
        )  # fmt: skip
        cluster = Cluster(server)
        server.ready = cluster.ready
        server.start()
        try:
            yield cluster
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
