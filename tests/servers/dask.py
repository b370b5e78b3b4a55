"""A real Dask cluster: a scheduler and workers, each a process of its own."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.servers.process import Server, free_port
from tests.servers.programs import ROOT

HERE = ("--host", "127.0.0.1", "--no-dashboard")


@dataclass
class Cluster:
    """A scheduler, and workers that can be killed one by one."""

    folder: Path
    scheduler: Server
    workers: list[Server] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.scheduler.port}"

    def add_worker(self) -> Server:
        """One more worker with one thread; nobody starts it again when it is killed."""
        port = free_port()
        log = self.folder / f"worker-{len(self.workers)}.log"
        command = _dask("worker", self.url, "--worker-port", str(port), "--nthreads", "1", "--no-nanny", *HERE)  # fmt: skip
        worker = Server(command, port, log, ready=partial(_registered, log), env=_environment())
        worker.start()
        self.workers.append(worker)
        return worker


@contextmanager
def cluster_in(folder: Path, workers: int) -> Iterator[Cluster]:
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = _dask("scheduler", "--port", str(port), *HERE)
    found = Cluster(folder, Server(command, port, folder / "scheduler.log", env=_environment()))
    found.scheduler.start()
    try:
        for _ in range(workers):
            found.add_worker()
        yield found
    finally:
        for server in (*found.workers, found.scheduler):
            server.stop()


def _registered(log: Path) -> bool:
    """Whether the scheduler knows a worker."""
    return log.exists() and "Registered to" in log.read_text(encoding="utf-8")


def _dask(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "dask", *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
