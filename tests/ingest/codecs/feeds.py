"""Feeds with a mapping."""

from typing import Any

from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Message
from ingest.config import FeedConfig

CHANNELS = {"t": "$.data.t", "p": {"path": "$.data.p", "unit": "bar"}}


def feed(**mapping: Any) -> FeedConfig:
    values = {"time": "$.ts", "channels": CHANNELS, **mapping}
    topic = "scada/{company}/{device}/telemetry"
    return FeedConfig.model_validate(
        {"name": "s", "topic": topic, "format": "mapped", "clock": "server", "mapping": values}
    )


def read(payload: bytes, config: FeedConfig, topic: str = "scada/demo/A1/telemetry") -> Decoded:
    return codec_of(config)(Message(topic, payload, 0), Memory(config.name, {}))
