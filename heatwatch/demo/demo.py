"""`heatwatch demo`: the same as `run`, with a simulated city that publishes over MQTT."""

import shutil
import threading
import time
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.errors import WrongCall
from domain.language import msg
from heatwatch.demo.config import MARK
from heatwatch.demo.options import Options
from heatwatch.demo.summary import Summary
from heatwatch.demo.truth import Ended, summarise
from heatwatch.demo.world import Prepared, prepare, set_clock
from heatwatch.output import note, writing
from heatwatch.services.running import LOOK_S, Run
from heatwatch.services.workers import READY, stop_on_signals
from heatwatch.supervisor.processes import Program, Supervisor, heatwatch_command
from heatwatch.wiring import World, open_world
from ingest.mqtt.probe import unacknowledged
from store.books.watch import Outbox
from store.readings.followers import slowest

#: How long the last messages may take from the publisher into the journal. [s]
DRAIN_S = 60.0


def run_demo(options: Options) -> Summary | None:
    """Prepares the city and runs it: until it has caught up (`once`), or until Ctrl-C."""
    stop = stop_on_signals()
    began = time.monotonic()
    fresh_folder(options.folder)
    prepared = prepare(options, note)
    try:
        return _run(prepared, stop, began)
    finally:
        if prepared.influx:
            prepared.influx.stop()


def _run(prepared: Prepared, stop: threading.Event, began: float) -> Summary | None:
    options = prepared.options
    set_clock(prepared)
    with Run(prepared.config, options.folder / "log") as run:
        run.supervisor.wait_ready("ingest", READY)  # its session must be there to be sent to
        run.supervisor.start(city_program(prepared))
        note(msg("console: {address}   (Ctrl-C stops everything)", address=run.address))
        _watch(run.supervisor, stop, once=options.once)
        if stop.is_set() or not options.once:
            note(msg("stopping"))
            return None
        note(msg("the clock has caught up; the workers finish"))
        world = open_world(prepared.config)
        drain(world, prepared.published()["messages"] + prepared.published()["bad"])
        ended = Ended(run.supervisor.restarts(), _unacknowledged(run), began)
    note(msg("settling and reporting"))
    return summarise(world, prepared, ended)


def _unacknowledged(run: Run) -> int:
    """What the broker itself still waits for, once ingest has stopped."""
    run.supervisor.stop_part("ingest")
    return unacknowledged(run.config.broker, run.config.ingest.client_id)


def city_program(prepared: Prepared) -> Program:
    """The simulated city as a publisher; with `once` it ends where its plan does."""
    folder = str(prepared.world.folder)
    arguments = ["simulate", "--out", folder, "--publish", "--counts", str(prepared.counts_file)]
    arguments += ["--until", "plan"] if prepared.options.once else []
    return Program("city", heatwatch_command(*arguments, "-c", str(prepared.config)), restart=False)


def _watch(supervisor: Supervisor, stop: threading.Event, *, once: bool) -> None:
    while not stop.is_set():
        supervisor.watch()
        if once and supervisor.ended("city") is not None:
            if supervisor.ended("city") != 0:
                raise RuntimeError(f"the simulated city ended badly:\n{supervisor.tail('city')}")
            return
        time.sleep(LOOK_S)


def drain(world: World, messages: int) -> None:
    """Waits until ingest has kept every message and every follower has seen it and sent its messages, then flushes."""
    end = time.monotonic() + DRAIN_S
    while world.journal.counts().messages < messages and time.monotonic() < end:
        time.sleep(0.1)
    while (_followers_behind(world) or _messages_due(world)) and time.monotonic() < end:
        time.sleep(0.1)
    world.readings.flush(world.now())


def _followers_behind(world: World) -> bool:
    with Session(world.books) as session:
        done = slowest(session)
    return done is not None and done < world.journal.last()


def _messages_due(world: World) -> int:
    with Session(world.books) as session:
        due = select(func.count()).select_from(Outbox).where(Outbox.state.in_(("due", "handing")))
        return session.scalar(due) or 0


def fresh_folder(folder: Path) -> None:
    """An empty folder for the demo; one that is not a demo's is left alone."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise WrongCall(
                msg("--folder {folder} is not empty and not a demo's; name another", folder=folder)
            )
        shutil.rmtree(folder)
    with writing(folder, "--folder"):
        (folder / MARK).touch()
