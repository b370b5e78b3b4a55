"""Whether anything acknowledged is lost: a run whose workers and broker are killed while devices send.

The publisher's list of acknowledgements is held against what DuckDB finds in the lake.
"""

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.time import to_us
from heatwatch.bench.city import SINCE, City, register
from heatwatch.durability.kills import Killer, There
from heatwatch.durability.publisher import Publisher
from heatwatch.durability.telegraf import Telegraf, find_telegraf, telegraf
from heatwatch.services.client_id import client_id_of
from heatwatch.services.running import LOOK_S, Run
from heatwatch.services.workers import READY
from heatwatch.wiring import World, open_world
from ingest.mqtt.broker import READY_S, answers, free_port
from ingest.mqtt.probe import unacknowledged
from store.books.engine import open_books

LOG = logging.getLogger("heatwatch.evaluate")
Progress = Callable[[int, int], None]

#: How long the queue may take to be empty once nobody is killed any more, beside the broker's start. [s]
DRAIN_S = 120.0
#: Restarts nearly at once, so that the run is hit while it works. [s]
BACK_OFF = (0.1, 0.5)
#: Nothing more comes into the journal for so long: ingest has taken all. [s]
STEADY_S = 5.0
#: The publisher reads an acknowledgement at most so long after it was sent. [s]
READ_LATE_S = 0.1
#: So old may be what a killed broker loses: Mosquitto writes what it holds once a second, in its loop; of
#: RabbitMQ nothing may be lost, however young. [s]
WINDOW_S = {"mosquitto": 2.0, "rabbitmq": -np.inf}

CONFIG = """\
[city]
name = "durability"
company = "bench"
zone = "Asia/Shanghai"

[store]
journal = "journal.sqlite"
lake = "lake"
books = "books.sqlite"
flush_seconds = 0.5
compact_seconds = 2.0

[broker]
mode = "embedded"
engine = "{engine}"
port = {port}
folder = "broker"

[[ingest.feeds]]
name = "rooms"
topic = "heatwatch/v1/{{device}}"

[ingest]

[alerts]

[alerts.sms]
channel = "in-tray"

[reports]
folder = "reports"

[console]
port = {console}
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done: so many hits, under so many messages a second of so many devices."""

    kills: int = 200
    seed: int = 1
    engine: str = "rabbitmq"
    rate: int = 1_000  # [messages/s]
    devices: int = 500


@dataclass(slots=True)
class Score:
    """What came of it."""

    engine: str
    hits: dict[str, int]
    seconds: float
    sent: int
    acknowledged: int
    kept: int  # messages in the lake
    queued: int  # what the broker holds at the end
    lost: int  # acknowledged and not in the lake
    outside: int  # of these, what the engine promises to keep
    oldest_lost_s: float | None  # from an acknowledgement to the broker's next kill, the longest
    doubled: int  # kept with two values, or never sent
    stored_again: int  # rows that say again what is there, and count once
    telegraf_lost: int | None  # acknowledged and not in its InfluxDB; None where it is not there
    restarts_s: list[float]  # of ingest, from its start to ready

    @property
    def holds(self) -> bool:
        """Whether the engine's promise was kept; of nothing that was promised nothing is known."""
        return self.acknowledged > 0 and not (self.outside or self.doubled or self.queued)


def durability(folder: Path, plan: Plan, progress: Progress) -> Score:
    """Makes a city in the empty `folder`, runs and hits it, and counts. ServerMissing without the broker."""
    config, programs = _make(folder, plan), find_telegraf()
    began = time.monotonic()
    with Run(config, folder / "log", back_off=BACK_OFF, say=LOG.debug) as run:
        run.supervisor.wait_ready("ingest", READY)
        broker = run.config.broker
        publisher = Publisher(broker.host, broker.port, plan.devices, plan.rate)
        world = open_world(config)
        with ExitStack() as beside:
            peer = (
                None if programs is None else beside.enter_context(telegraf(programs, folder, run))
            )
            beside.callback(publisher.close)
            publisher.start()
            killer, restarts = _hit(run, plan, peer, progress)
            queued = _drain(run, world, publisher)
            peer_kept = None if peer is None else peer.kept(DRAIN_S)
    world.readings.flush(world.now())
    found = _count(world, plan, publisher.sent)
    acknowledged = publisher.acknowledged_at
    promised = np.isfinite(acknowledged)
    missing = np.asarray(found["missing"], dtype=np.int64)
    lost = acknowledged[missing[promised[missing]]]
    old = ages(lost, killer.ends("broker"))
    return Score(
        engine=plan.engine,
        hits=killer.counted(),
        seconds=round(time.monotonic() - began, 1),
        sent=publisher.sent,
        acknowledged=int(promised.sum()),
        kept=found["kept"],
        queued=queued,
        lost=lost.size,
        outside=outside(old, plan.engine),
        oldest_lost_s=round(float(old.max()), 3) if lost.size else None,
        doubled=found["doubled"] + found["strange"],
        stored_again=found["stored_again"],
        telegraf_lost=None if peer_kept is None else int(promised.sum()) - peer_kept,
        restarts_s=[round(each, 2) for each in restarts],
    )


def _make(folder: Path, plan: Plan) -> Path:
    config = folder / "heatwatch.toml"
    text = CONFIG.format(engine=plan.engine, port=free_port(), console=free_port())
    config.write_text(text, encoding="utf-8")
    books = open_books(str(folder / "books.sqlite"))
    register(books, City(plan.devices, cold=0.0))
    books.dispose()
    return config


def _hit(
    run: Run, plan: Plan, peer: Telegraf | None, progress: Progress
) -> tuple[Killer, list[float]]:
    """Until so many hits were made; with how long ingest took to be ready again. [s]"""
    broker = run.config.broker

    def there(name: str) -> There | None:
        if name == "broker" and not answers(broker.host, broker.port):
            return None  # on its way up it has nothing to lose
        age = run.supervisor.age(name)
        return There(run.supervisor.pid(name), age) if age else None

    beside = {} if peer is None else {"ingest": peer.NAME}
    killer, times = Killer(plan.seed, there, beside), ReadyTimes(run)
    while len(killer.hits) < plan.kills:
        run.watch()
        killer.look()
        times.look()
        progress(len(killer.hits), plan.kills)
        time.sleep(LOOK_S / 10)
    killer.release()
    return killer, times.seconds


def ready(run: Run) -> bool:
    """Whether ingest is there and has said so."""
    return READY in run.supervisor.said("ingest").splitlines()


class ReadyTimes:
    """How long each start of ingest took until it was ready. [s]"""

    def __init__(self, run: Run) -> None:
        self._run, self._supervisor = run, run.supervisor
        self._known = {self._supervisor.pid("ingest")}
        self.seconds: list[float] = []

    def look(self) -> None:
        pid = self._supervisor.pid("ingest")
        age = self._supervisor.age("ingest")
        if age and pid not in self._known and ready(self._run):
            self._known.add(pid)
            self.seconds.append(age)


def _drain(run: Run, world: World, publisher: Publisher) -> int:
    """Until the broker took what was sent and ingest what the broker has; what the broker still holds."""
    publisher.end()
    end = time.monotonic() + READY_S[run.config.broker.engine] + DRAIN_S
    kept, steady_from = -1, time.monotonic()
    while time.monotonic() < end and time.monotonic() - steady_from < STEADY_S:
        run.watch()
        now_kept = world.journal.counts().messages
        if publisher.waiting or now_kept != kept or not ready(run):
            kept, steady_from = now_kept, time.monotonic()
        time.sleep(LOOK_S)
    publisher.close()
    run.supervisor.stop_part("ingest")
    return unacknowledged(run.config.broker, client_id_of(world))


def _count(world: World, plan: Plan, sent: int) -> dict[str, Any]:
    numbers = (to_us(SINCE), plan.devices, sent)
    command = [sys.executable, "-m", "heatwatch.durability.count", world.config.store.lake]
    command += map(str, numbers)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def outside(ages_s: NDArray[np.float64], engine: str) -> int:
    """How many lost messages of these ages the engine promises to keep. [s]"""
    return int((ages_s > WINDOW_S[engine]).sum())


def ages(lost: NDArray[np.float64], kills: Sequence[float]) -> NDArray[np.float64]:
    """(n,) how long before the broker's next kill each lost message was acknowledged; inf where none came. [s]"""
    ends = np.append(np.asarray(kills, dtype=np.float64), np.inf)
    next_end = ends[np.searchsorted(ends + READ_LATE_S, lost)]
    return np.maximum(next_end - lost, 0.0)
