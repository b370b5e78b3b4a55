"""One consumer of `heatwatch bench ingest` as a process: `python -m heatwatch.bench.consume JOB`.

JOB is JSON; the answer is one JSON line. The clock starts when the consumer connects, so that
starting Python is nobody's handicap.
"""

import json
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from domain.time import to_us

CHANNEL = "t"
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def device(number: int) -> str:
    """Code of the n-th device that publishes."""
    return f"dev{number:05d}"


def main() -> None:
    job = json.loads(sys.argv[1])
    answer = {"heatwatch": ours, "paho": stock_paho}[job["kind"]](job)
    sys.stdout.write(json.dumps(answer) + "\n")


def ours(job: dict[str, Any]) -> dict[str, Any]:
    """The ingest worker, journal and all, until `messages` are acknowledged."""
    from ingest.batch.decode import Outcome
    from ingest.config import BrokerConfig, FeedConfig, IngestConfig
    from ingest.mqtt.worker import IngestWorker
    from store.journal.journal import Journal
    from store.lake.files import times

    stop = threading.Event()
    late: list[np.ndarray] = []
    done = 0.0

    def acknowledged(outcome: Outcome) -> None:
        nonlocal done
        done = time.monotonic()
        if job.get("latency"):
            late.append(time.time_ns() // 1000 - times(outcome.readings))
        if worker.counts.messages >= job["messages"]:
            stop.set()

    journal = Journal.open(str(Path(job["folder"]) / "journal.sqlite"))
    before = journal.counts().messages
    feed = FeedConfig(name="rooms", topic=job["topic"] + "/+")
    worker = IngestWorker(
        IngestConfig(feeds=(feed,), client_id=job["client_id"]),
        BrokerConfig(mode="external", host=job["host"], port=job["port"]),
        journal,
        _index(job["devices"]),
        {"rooms": 1},
        lambda: datetime.now(UTC),
        acknowledged=acknowledged,
    )
    worker.warm_up()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    start = time.monotonic()
    worker.run(stop)
    kept = journal.counts().messages - before
    return {"seconds": done - start, "messages": kept, **_latency(late)}


def _index(devices: int) -> Any:
    from store.registry.series import OPEN_US, SeriesIndex

    ids = tuple(range(1, devices + 1))
    names = tuple(device(i) for i in range(devices))
    since = to_us(SINCE)
    of_each = (CHANNEL, "room_temperature", 1, 900, since, OPEN_US)
    same = [(value,) * devices for value in of_each]
    return SeriesIndex(1, [ids, names, *same])


def _latency(late: "list[np.ndarray]") -> dict[str, Any]:
    if not late:
        return {}
    ms = np.concatenate(late) / 1000.0
    p50, p99 = np.percentile(ms, [50, 99]).tolist()
    return {"p50_ms": p50, "p99_ms": p99, "max_ms": float(ms.max())}


def stock_paho(job: dict[str, Any]) -> dict[str, Any]:
    """paho-mqtt as its examples use it: counts in `on_message`, keeps nothing."""
    import paho.mqtt.client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    counted = 0

    def count(client: mqtt.Client, *_: object) -> None:
        nonlocal counted
        counted += 1
        if counted == job["messages"]:
            client.disconnect()

    def subscribe(client: mqtt.Client, *_: object) -> None:
        client.subscribe(job["topic"] + "/+", 1)

    client = mqtt.Client(
        CallbackAPIVersion.VERSION2, client_id=job["client_id"], clean_session=False
    )
    client.on_message = count
    client.on_connect = subscribe
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    start = time.monotonic()
    client.connect(job["host"], job["port"])
    client.loop_forever()
    return {"seconds": time.monotonic() - start, "messages": counted}


if __name__ == "__main__":
    main()
