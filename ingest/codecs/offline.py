"""Messages decoded without registry and without keeping anything: what the command and the library show."""

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Message
from ingest.config import FeedConfig
from store.journal.remembered import Publication


@dataclass(frozen=True, slots=True)
class Shown:
    """What messages came to, in their order, and what their format would publish."""

    decoded: list[Decoded]
    publications: list[Publication]


def decode_all(feed: FeedConfig, messages: Iterable[tuple[str, bytes]], received_us: int) -> Shown:
    """Each (topic, payload) by one codec, which remembers those before it.

    Parameters
    ----------
    received_us : int
        When they came, since the epoch. [µs]
    """
    codec, memory = codec_of(feed), Memory(feed.name, {})
    decoded = []
    for topic, payload in messages:
        decoded.append(codec(Message(topic, payload, received_us), memory))
        memory.accept()
    return Shown(decoded, memory.publications())
