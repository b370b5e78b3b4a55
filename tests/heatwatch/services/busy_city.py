"""A city at work for tests of backups: processes that ingest, flush, compact and follow until they are killed."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from sqlalchemy.orm import Session

from heatwatch.wiring import World, open_world
from store.books.watch import Checkpoint
from store.lake import compact as lake_compact
from tests.servers.programs import ROOT
from tests.store.batches import NOW, hours, keep

FOLLOWER = "tests"
TASKS = ("ingest", "maintain", "follow")


def work(task: str, config: Path) -> None:
    """Does one task for ever."""
    world = open_world(config)
    while True:
        TASK[task](world)


def ingest(world: World) -> None:
    """One batch of one reading: hour n is that of batch n + 1."""
    keep(world.journal, hours(1, first=world.journal.last()))


def maintain(world: World) -> None:
    lake_compact.LOG_KEPT = 4
    world.readings.flush(NOW)
    lake_compact.compact(world.lake)


def follow(world: World) -> None:
    """A follower that has always done the newest batch."""
    last = world.journal.last()
    with Session(world.books) as session, session.begin():
        session.merge(Checkpoint(follower=FOLLOWER, batch=last, state={}))


TASK = {"ingest": ingest, "maintain": maintain, "follow": follow}


def start(task: str, config: Path) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", __name__, task, str(config)]
    return subprocess.Popen(words, cwd=ROOT)


@contextmanager
def at_work(config: Path, seed: int) -> Iterator[None]:
    """All tasks run; again and again one of them is killed and started again."""
    running = {task: start(task, config) for task in TASKS}
    drawn, over = random.Random(seed), Event()

    def kill() -> None:
        while not over.wait(drawn.uniform(4, 8)):
            task = drawn.choice(TASKS)
            assert running[task].poll() is None, f"{task} fell by itself"
            end(running[task])
            running[task] = start(task, config)

    killer = Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()
        for process in running.values():
            end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def wait_for_work(config: Path, batches: int, flushes: int) -> None:
    """Until that many more are kept, and made."""
    journal = open_world(config).journal
    wanted = journal.last() + batches, journal.last_flush() + flushes
    until = time.monotonic() + 120
    while journal.last() < wanted[0] or journal.last_flush() < wanted[1]:
        assert time.monotonic() < until
        time.sleep(0.05)
    journal.close()


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]))
