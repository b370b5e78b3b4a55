"""Compiles the loops of ingest where they are not compiled yet: `python -m ingest.mqtt.warm`, as set-up does.

A worker compiles them itself when nobody has; until then no message is taken.
"""

import numpy as np

from ingest.batch.decode import Decoder
from ingest.batch.table import SeriesTable
from ingest.config import BrokerConfig, FeedConfig, IngestConfig
from ingest.mqtt.gather import Gatherer
from ingest.mqtt.link import Link
from store.registry.series import SeriesIndex

#: A PUBLISH packet with a payload that is no message of anybody.
PACKET = b'\x32\x09\x00\x01a\x00\x01{"a":'


def warm_up(decoder: Decoder, gatherer: Gatherer) -> None:
    """Runs every loop between a broker's bytes and the journal once."""
    gatherer.try_out(PACKET)
    frames = np.array([[2, 1, 4, 1, 7, 4]], dtype=np.int64)
    data = np.frombuffer(bytearray(PACKET), dtype=np.uint8)
    decoder.decode(data, frames, np.zeros(1, dtype=np.uint64), 0)


def main() -> None:
    """Compiles, and says nothing."""
    feed = FeedConfig(name="warm", topic="a/{device}")
    config = IngestConfig(feeds=(feed,), client_id="warm")
    link = Link(BrokerConfig(), config.client_id, [], config.keepalive_s)  # never connects
    nobody = SeriesIndex(0, [[] for _ in range(8)])
    warm_up(Decoder((feed,), {"warm": 0}, SeriesTable(nobody)), Gatherer(link, config))


if __name__ == "__main__":
    main()
