"""A worker for Sparkplug B as a process of its own, to be killed: `... run_sparkplug FOLDER PORT`."""

import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from ingest.config import BrokerConfig, FeedConfig, IngestConfig
from ingest.mqtt.worker import IngestWorker
from store.journal.journal import Journal
from tests.ingest.small import SINCE, index_of

FEED = FeedConfig(name="edges", topic="spBv1.0/#", format="sparkplug_b")
#: Series 1 and 2 of E1's meter, 3 and 4 of E2's.
CHANNELS = [
    (f"{edge}/M1", channel, role, SINCE, None)
    for edge in ("E1", "E2")
    for channel, role in (("t", "supply_temperature"), ("p", "supply_pressure"))
]


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    worker = IngestWorker(
        IngestConfig(feeds=(FEED,), client_id="killed"),
        BrokerConfig(mode="external", port=port),
        Journal.open(str(folder / "journal.sqlite")),
        index_of(CHANNELS),
        {FEED.name: 1},
        lambda: datetime.now(UTC),
    )
    worker.run(stop)


if __name__ == "__main__":
    main()
