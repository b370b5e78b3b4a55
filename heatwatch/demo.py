"""`heatwatch demo`: the same as `run`, with a simulated city that publishes over MQTT."""

import shutil
import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.time import from_us
from heatwatch.config import load
from heatwatch.demo_config import MARK, write_config
from heatwatch.output import note
from heatwatch.processes import Part
from heatwatch.running import LOOK_S, Run
from heatwatch.summary import Summary, summarise
from heatwatch.wiring import World, open_world
from heatwatch.workers import stop_on_signals
from ingest.broker import free_port

CONSOLE_PORT = 8080
#: How long the last messages may take from the publisher to the journal. [s]
DRAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """How big the demo is and how fast its clock runs until it has caught up."""

    folder: Path
    households: int = 2000
    seed: int = 1
    live_hours: float = 12.0
    seconds: float = 75.0  # in which the live hours are shown [s]
    port: int = CONSOLE_PORT
    once: bool = False
    influx: bool = True

    @property
    def speed(self) -> float:
        return max(self.live_hours * 3600 / self.seconds, 1.0)


def run_demo(options: Options) -> Summary | None:
    """Prepares the city and runs it: until it has caught up (`once`), or until Ctrl-C."""
    from heatwatch.demo_world import Prepared, prepare

    stop = stop_on_signals()
    began = time.monotonic()
    fresh_folder(options.folder)
    prepared: Prepared = prepare(options, note)
    path = start_clock(options, prepared)
    with Run(path, options.folder / "log") as run:
        note(f"console: {run.address}   (Ctrl-C stops everything)")
        run.supervisor.start(Part("city", prepared.publisher(path), restart=False))
        while not stop.is_set() and not (options.once and run.supervisor.ended("city") is not None):
            run.supervisor.watch()
            time.sleep(LOOK_S)
        if not options.once or stop.is_set():
            note("stopping")
            return None
        note("the clock has caught up; flushing")
        world = open_world(path)
        drained(world, prepared.published())
        return summarise(world, prepared, run.supervisor, time.monotonic() - began)


def fresh_folder(folder: Path) -> None:
    """An empty folder for the demo; one that is not a demo's is left alone."""
    from domain.errors import WrongCall

    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise WrongCall(f"--folder {folder} is not empty and not a demo's; name another")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()


def free_console_port(wanted: int) -> int:
    """The wanted port, or any free one where it is taken."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            found = free_port()
            note(f"port {wanted} is taken, the console takes {found}")
            return found
    return wanted
