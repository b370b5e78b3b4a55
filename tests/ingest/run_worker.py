"""A worker as a process of its own, to be killed: `python -m tests.ingest.run_worker FOLDER PORT N`.

N rooms R0000.. with channel t; journal and registry index are made in FOLDER.
"""

import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from ingest.config import BrokerConfig, FeedConfig, IngestConfig
from ingest.mqtt.worker import IngestWorker
from store.journal.journal import Journal
from tests.ingest.small import SINCE, index_of


def main() -> None:
    folder, port, rooms = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    channels = [(f"R{i:04d}", "t", "room_temperature", SINCE, None) for i in range(rooms)]
    worker = IngestWorker(
        IngestConfig(feeds=(FeedConfig(name="rooms", topic="heatwatch/v1/+"),), client_id="killed"),
        BrokerConfig(mode="external", port=port),
        Journal.open(str(folder / "journal.sqlite")),
        index_of(channels),
        {"rooms": 1},
        lambda: datetime.now(UTC),
    )
    worker.run(stop)


if __name__ == "__main__":
    main()
