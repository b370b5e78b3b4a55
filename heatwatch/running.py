"""`heatwatch run`: broker, ingest, keeper, alerts, mirror and console as one thing that stops cleanly."""

import socket
import time
from collections.abc import Sequence
from pathlib import Path

from domain.errors import WrongCall
from heatwatch.config import Config
from heatwatch.output import note
from heatwatch.processes import Part, Supervisor, heatwatch_part
from heatwatch.wiring import open_world
from heatwatch.workers import WORKERS, stop_on_signals
from ingest import broker

#: Started in this order, stopped in the reverse: what writes stops before what keeps.
ORDER = ("keeper", "ingest", "alerts", "mirror", "console")
LOOK_S = 0.2  # how often the children are looked at [s]


def parts_of(config: Config, path: Path, names: Sequence[str]) -> list[Part]:
    """The children of a run; WrongCall where a name is not known."""
    if unknown := [name for name in names if name not in WORKERS]:
        raise WrongCall(f"worker {unknown[0]!r} is not known; allowed: {', '.join(ORDER)}")
    chosen = [name for name in ORDER if name in (names or ORDER)]
    if config.store.influx is None and "mirror" not in names:
        chosen = [name for name in chosen if name != "mirror"]
    parts = [heatwatch_part(name, path) for name in chosen]
    return parts if names else [*broker_part(config), *parts]


def address(config: Config) -> str:
    """Where the console answers."""
    return f"http://{config.console.host}:{config.console.port}"


def broker_part(config: Config) -> list[Part]:
    """The embedded broker, where the configuration asks for one."""
    if config.broker.mode != "embedded":
        return []
    return [Part("broker", broker.command(config.broker))]


class Run:
    """The started children of one configuration; a context that always stops them."""

    def __init__(self, path: Path, logs: Path, names: Sequence[str] = ()) -> None:
        self.config = open_world(path).config
        self.supervisor = Supervisor(logs, note)
        self._parts = parts_of(self.config, path, names)

    def __enter__(self) -> "Run":
        try:
            for part in self._parts:
                self.supervisor.start(part)
                if part.name == "broker":
                    broker.wait_ready(self.config.broker.host, self.config.broker.port)
        except BaseException:
            self.supervisor.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.supervisor.stop()

    @property
    def address(self) -> str:
        """Where the console answers."""
        return address(self.config)


def run_all(path: Path, logs: Path, names: Sequence[str]) -> None:
    """Runs until SIGINT or SIGTERM, then stops every child."""
    stop = stop_on_signals()
    with Run(path, logs, names) as run:
        if not names or "console" in names:
            note(f"console: {run.address}   (Ctrl-C stops everything)")
        while not stop.is_set():
            run.supervisor.watch()
            time.sleep(LOOK_S)
        note("stopping")


def free_console_port(wanted: int) -> int:
    """The wanted port, or any free one where it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            found = broker.free_port()
            note(f"port {wanted} is taken, the console takes {found}")
            return found
    return wanted


def run_one(path: Path, name: str) -> None:
    """One worker in this process, until SIGINT or SIGTERM."""
    stop = stop_on_signals()
    WORKERS[name](open_world(path), stop)
