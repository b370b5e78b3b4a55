"""`heatwatch run`: broker, ingest, maintenance, alerts, mirror and console as one thing that stops cleanly."""

import logging
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from copy import copy
from pathlib import Path

from dashboards.listen import check_reach, listen
from domain.errors import ServerMissing, WrongCall
from domain.language import Text, msg, not_known
from heatwatch.config_tables import Config
from heatwatch.output import note, said
from heatwatch.services.client_id import client_id_of
from heatwatch.services.workers import WORKERS, delivery_of, refuse_no_feeds, stop_on_signals
from heatwatch.supervisor.disk_space import disk_problem, stores_of
from heatwatch.supervisor.processes import (
    BACK_OFF,
    TROUBLE,
    Program,
    Supervisor,
    heatwatch_program,
)
from heatwatch.supervisor.single_instance import SingleRun, single_run, single_worker
from heatwatch.wiring import World, open_world
from ingest.mqtt import broker, session
from store.server.rate_limited_log import RateLimitedLog

#: Started in this order, stopped in the reverse: what writes stops before what keeps.
ORDER = ("maintenance", "ingest", "alerts", "mirror", "console")
#: Names of a release ago, each with what it is called now; they go with the next release.
OLD_NAMES = {"keeper": "maintenance"}
LOOK_S = 0.2  # how often the children are looked at [s]
SPACE_S = 5.0  # how often the room on the disks is, and the locks [s]


def known_as(name: str) -> str:
    """The worker's name; one of a release ago is taken with a warning."""
    if now := OLD_NAMES.get(name):
        note(msg("heatwatch: worker {name!r} is now called {now!r}", name=name, now=now))
    return now or name


def programs_of(config: Config, path: Path, names: Sequence[str]) -> list[Program]:
    """The children of a run; WrongCall where a name is not known."""
    if unknown := [name for name in names if name not in WORKERS]:
        raise WrongCall(not_known(msg("worker"), unknown[0], ORDER))
    chosen = [name for name in ORDER if name in (names or ORDER)]
    if config.store.influx is None and "mirror" not in names:
        chosen = [name for name in chosen if name != "mirror"]
    programs = [heatwatch_program(name, path) for name in chosen]
    return programs if names else [*broker_program(config), *programs]


def address(config: Config) -> str:
    """Where the console answers."""
    return f"http://{config.console.host}:{config.console.port}"


def logs_of(world: World) -> Path:
    """Beside the stores, by the configuration's name: two cities' logs do not mix."""
    config = world.path.resolve()
    store = world.config.store
    files = [
        Path(place).parent
        for place in (store.journal, store.books, store.lake)
        if "://" not in place
    ]
    return (files[0] if files else config.parent) / "log" / config.stem


def broker_program(config: Config) -> list[Program]:
    """The embedded broker, where the configuration asks for one."""
    if config.broker.mode != "embedded":
        return []
    return [Program("broker", broker.command(config.broker))]


def check_before(world: World, names: Sequence[str]) -> None:
    """What stops a run is found before anything starts: a taken port, a secret that is not set."""
    if "ingest" in names:
        refuse_no_feeds(world)
    if "mirror" in names:
        world.check_influx()
    if "broker" in names:
        broker.refuse_taken(world.config.broker)
    if "console" in names:
        check_reach(world.config.console)
        listen(world.config.console).close()


class Run:
    """The started children of one configuration; a context that always stops them."""

    def __init__(
        self,
        path: Path,
        logs: Path,
        names: Sequence[str] = (),
        back_off: Sequence[float] = BACK_OFF,
        say: Callable[[Text | str], None] = note,
    ) -> None:
        self._world = open_world(path)
        self.config = self._world.config
        self._programs = programs_of(self.config, path, names)
        self._held = ExitStack()
        self._locks: SingleRun | None = None
        self._stores = stores_of(self.config)
        self._full = RateLimitedLog(note)
        self._look_at = 0.0  # monotonic clock [s]
        self.supervisor = Supervisor(logs, say, back_off)

    def __enter__(self) -> "Run":
        names = [program.name for program in self._programs]
        try:
            self._locks = self._held.enter_context(single_run(self._world, names))
            check_before(self._world, names)
            for program in self._programs:
                self.supervisor.start(program)
                if program.name == "broker":
                    self._wait_for_broker()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait_for_broker(self) -> None:
        """Ready, our own, and queueing for ingest before anything uses it."""
        config, feeds = self.config.broker, self.config.ingest.feeds
        broker.wait_ready(config, lambda: self.supervisor.ended("broker") is None)
        self._refuse_ended_broker()
        there = session.prepare(config, client_id_of(self._world), [feed.filter for feed in feeds])
        with closing(delivery_of(self._world)) as delivery:
            delivery.connected(there, (), self._world.now())
        self._refuse_ended_broker()  # another broker may have answered

    def _refuse_ended_broker(self) -> None:
        if self.supervisor.ended("broker") is not None:
            tail = self.supervisor.tail("broker")
            raise ServerMissing(
                msg("the embedded broker"),
                msg("it ended at once; its log ends:\n{tail}", tail=tail),
            )

    def __exit__(self, *_: object) -> None:
        try:
            self.supervisor.stop()
        finally:
            self._held.close()

    def watch(self) -> None:
        """One look at the children, and now and then at the room on the disks and the locks."""
        self.supervisor.watch()
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + SPACE_S
            self._watch_space()
            if self._locks is not None:
                self._locks.keep()

    def _watch_space(self) -> None:
        """Says that a disk is full; the workers' logs may be on it and can't."""
        if problem := disk_problem(self._stores):
            self._full.say(said(problem))
        else:
            self._full.over(said(msg("there is room on the disk again")))

    @property
    def address(self) -> str:
        """Where the console answers."""
        return address(self.config)


def run_all(path: Path, logs: Path, names: Sequence[str]) -> None:
    """Runs until SIGINT or SIGTERM, then stops every child."""
    stop = stop_on_signals()
    with Run(path, logs, names) as run:
        if not names or "console" in names:
            note(
                msg(
                    "console: {address}   (Ctrl-C stops everything; logs in {logs})",
                    address=run.address, logs=logs,
                )
            )  # fmt: skip
        while not stop.is_set():
            run.watch()
            time.sleep(LOOK_S)
        note(msg("stopping"))


def free_console_port(wanted: int) -> int:
    """The wanted port, or any free one where it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            found = broker.free_port()
            note(
                msg("port {wanted} is taken, the console takes {found}", wanted=wanted, found=found)
            )
            return found
    return wanted


def run_one(path: Path, name: str) -> None:
    """One worker in this process, until SIGINT or SIGTERM."""
    stop = stop_on_signals()
    world = open_world(path)
    _mark_warnings()
    with single_worker(world, name, stop):
        WORKERS[name](world, stop)


def _mark_warnings() -> None:
    """Our own warnings are told apart in a log, so that `run` can show them."""
    handler = logging.StreamHandler()
    handler.setFormatter(Spoken(f"{TROUBLE}%(message)s"))
    logging.getLogger("heatwatch").addHandler(handler)


class Spoken(logging.Formatter):
    """Sentences of the log in the language of this process."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy(record)
        if isinstance(record.args, tuple):
            record.args = tuple(
                said(each) if isinstance(each, Text) else each for each in record.args
            )
        if isinstance(record.msg, Text):
            record.msg, record.args = said(record.msg), ()
        return super().format(record)
