"""A worker as a process of its own, to be killed: `python -m tests.ingest.run_worker FOLDER PORT N`.

N rooms R0000.. with channel t; journal and registry index are made in FOLDER. With books there, what the
broker may lose is told in them.
"""

import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from domain.actor import program
from ingest.config import BrokerConfig, FeedConfig, IngestConfig
from ingest.mqtt.delivery import Delivery
from ingest.mqtt.overflow import OverflowWatch
from ingest.mqtt.worker import IngestWorker
from store.books.engine import open_books
from store.journal.journal import Journal
from tests.ingest.small import SINCE, index_of

INGEST = IngestConfig(feeds=(FeedConfig(name="rooms", topic="heatwatch/v1/+"),), client_id="killed")


def now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    folder, port, rooms = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    channels = [(f"R{i:04d}", "t", "room_temperature", SINCE, None) for i in range(rooms)]
    config, broker = INGEST, BrokerConfig(mode="external", port=port)
    delivery = None
    if (folder / "books.db").exists():
        books = open_books(f"sqlite:///{folder / 'books.db'}")
        delivery = Delivery(books, config.client_id, f"127.0.0.1:{port}", program("ingest"))
        OverflowWatch(broker, config.client_id, delivery, now)
    worker = IngestWorker(
        config,
        broker,
        Journal.open(str(folder / "journal.sqlite")),
        index_of(channels),
        {"rooms": 1},
        now,
        delivery=delivery,
    )
    worker.run(stop)


if __name__ == "__main__":
    main()
