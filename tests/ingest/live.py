"""A worker in this process against a real broker, and what its journal holds."""

import contextlib
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from heatwatch.bench.flood import Flood
from ingest.config import BrokerConfig, FeedConfig, IngestConfig
from ingest.mqtt.delivery import Delivery
from ingest.mqtt.worker import IngestWorker
from store.journal.journal import Journal
from store.registry.series import SeriesIndex

REPOSITORY = Path(__file__).resolve().parents[2]


def wait_for(what: Callable[[], bool], seconds: float = 60.0) -> None:
    """Returns once `what` holds; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"waited {seconds} s in vain"
        time.sleep(0.01)


@contextlib.contextmanager
def working(
    port: int,
    journal: Journal,
    index: SeriesIndex,
    *feeds: FeedConfig,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    reload: Callable[[SeriesIndex], SeriesIndex | None] | None = None,
    delivery: Delivery | None = None,
    broker: BrokerConfig | None = None,
) -> Iterator[IngestWorker]:
    """A running, subscribed worker; stopped at the end, its failure raised."""
    numbers = {feed.name: i + 1 for i, feed in enumerate(feeds)}
    worker = IngestWorker(
        IngestConfig(feeds=feeds, client_id="tested"),
        broker or BrokerConfig(mode="external", port=port),
        journal,
        index,
        numbers,
        now,
        reload=reload,
        delivery=delivery,
    )
    stop = threading.Event()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            worker.run(stop)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        wait_for(lambda: worker.subscribed or bool(failed))
        yield worker
    finally:
        stop.set()
        thread.join()
    if failed:
        raise failed[0]


def make_session(port: int, client_id: str, topic: str) -> None:
    """A persistent session that queues from now on, whoever takes it over later."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False)
    subscribed = threading.Event()

    def subscribe(*_: object) -> None:
        client.subscribe(topic, 1)

    client.on_connect = subscribe
    client.on_subscribe = lambda *_: subscribed.set()
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert subscribed.wait(30)
    client.disconnect()
    client.loop_stop()


def publish(port: int, messages: list[tuple[str, bytes]]) -> int:
    """Publishes all; answers with what the broker acknowledged."""
    flood = Flood("127.0.0.1", port)
    flood.publish((topic.encode(), payload) for topic, payload in messages)
    return flood.finish()


def drain(port: int, client_id: str) -> int:
    """Messages that a persistent session gives back until it is quiet for two seconds."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False)
    seen = [0, time.monotonic()]

    def count(*_: object) -> None:
        seen[:] = [seen[0] + 1, time.monotonic()]

    client.on_message = count
    client.connect("127.0.0.1", port)
    client.loop_start()
    wait_for(lambda: time.monotonic() - seen[1] > 2.0)
    client.disconnect()
    client.loop_stop()
    return int(seen[0])


def start_process(folder: Path, port: int, rooms: int, *before: str) -> "subprocess.Popen[bytes]":
    """`tests.ingest.run_worker` as a process, `before` in front of its command."""
    command = [
        *before,
        sys.executable,
        "-m",
        "tests.ingest.run_worker",
        str(folder),
        str(port),
        str(rooms),
    ]
    return subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.DEVNULL)


def kept(journal: Journal) -> Counter[tuple[int, datetime]]:
    """How often each identity (series, time) stands in the journal."""
    found: Counter[tuple[int, datetime]] = Counter()
    after = 0
    while batches := journal.since(after):
        for batch in batches:
            rows = batch.readings
            found.update(zip(rows["series"].to_pylist(), rows["at"].to_pylist(), strict=True))
        after = batches[-1].number
    return found
