"""What codecs remember between messages, and what they request to publish.

A change counts for the next message at once, for the next batch once the journal has kept it, and
is undone with its message or batch. What is read back after a restart is what was committed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from ingest.codecs import gaps, uplinks
from ingest.codecs.gaps import Gap
from ingest.codecs.uplinks import Uplinks
from store.journal.remembered import CodecState, Publication

#: Longest key of a state. [characters]
MOST_KEY = 600
#: MQTT 3.1.1, 1.5.3: a topic is at most 65,535 bytes.
MOST_TOPIC = 65_535

Kind = TypeVar("Kind", bound=msgspec.Struct)
Told = Gap | Uplinks


@dataclass(frozen=True, slots=True)
class Missing:
    """What a feed's codec tells of messages that are missing."""

    feed: str
    told: Told


class Memory:
    """The states of one feed, by keys that its codec chooses, and its publications.

    A state is a frozen `msgspec.Struct`; one that a newer program can't read any more counts as
    never kept.
    """

    def __init__(self, feed: str, kept: Mapping[str, bytes]) -> None:
        self.feed = feed
        self._bytes = dict(kept)
        self._kept: dict[str, msgspec.Struct | None] = {}
        self._batch: dict[str, msgspec.Struct | None] = {}
        self._message: dict[str, msgspec.Struct | None] = {}
        self._publications: list[Publication] = []
        self._requested: list[Publication] = []
        self._told: dict[str, Told] = {}  # by this message
        self._tells: dict[str, Told] = {}  # by this batch

    # -- for the codec -----------------------------------------------------------------------

    def get(self, key: str, kind: type[Kind]) -> Kind | None:
        """The state under `key`, None where there is none of this kind."""
        found = self._find(key, kind)
        return found if isinstance(found, kind) else None

    def put(self, key: str, state: msgspec.Struct | None) -> None:
        """Keeps `state` under `key`; None forgets it. ValueError where no key can be so."""
        if not 0 < len(key) <= MOST_KEY or "\0" in key:
            raise ValueError(f"key of {len(key)} characters; allowed: 1 to {MOST_KEY}, no NUL")
        self._message[key] = state

    def publish(self, topic: str, payload: bytes) -> None:
        """Requests one message at QoS 0, sent after the commit of this batch, or never.

        ValueError where `topic` can't be published to.
        """
        if not topic or len(topic.encode()) > MOST_TOPIC or set(topic) & set("+#\0"):
            raise ValueError(f"topic {topic!r} can't be published to")
        self._requested.append(Publication(topic, payload))

    def gap(self, about: str) -> Gap | None:
        """The newest gap in the numbers of this sender."""
        return self.get(gaps.PREFIX + about, Gap)

    def uplinks(self, device: str) -> Uplinks | None:
        """The uplinks of a LoRaWAN device that were counted."""
        return self.get(uplinks.PREFIX + device, Uplinks)

    def tell(self, told: Told) -> None:
        """What is known of messages that are missing: kept as a state, and told once the batch is kept."""
        self.put(told.key, told)
        self._told[told.key] = told

    def _find(self, key: str, kind: type[Kind]) -> msgspec.Struct | None:
        for layer in (self._message, self._batch, self._kept):
            if key in layer:
                return layer[key]
        data = self._bytes.pop(key, None)
        self._kept[key] = None if data is None else _read(data, kind)
        return self._kept[key]

    # -- for the decoder ---------------------------------------------------------------------

    def begin(self) -> None:
        """A new batch: what was not committed is forgotten."""
        self.drop()
        self._batch.clear()
        self._publications.clear()
        self._tells.clear()

    def accept(self) -> None:
        """The message stands: what it changed counts for the next one."""
        if self._message:
            self._batch |= self._message
            self._message.clear()
        if self._requested:
            self._publications += self._requested
            self._requested.clear()
        if self._told:
            self._tells |= self._told
            self._told.clear()

    def drop(self) -> None:
        """The message brought out a fault: what it changed is undone."""
        self._message.clear()
        self._requested.clear()
        self._told.clear()

    def changes(self) -> list[CodecState]:
        """What this batch changed, for the journal."""
        encoded = {key: None if s is None else _write(s) for key, s in self._batch.items()}
        return [CodecState(self.feed, key, data) for key, data in encoded.items()]

    def publications(self) -> list[Publication]:
        """What this batch requests, in order, each once."""
        return list(dict.fromkeys(self._publications))

    def tells(self) -> list[Told]:
        """What this batch tells, each as it is by now."""
        return list(self._tells.values())

    def told_before(self) -> list[Told]:
        """What was told before the start: it may not have been heard any more."""
        found: list[Told | None] = []
        for key, data in self._bytes.items():
            if key.startswith(gaps.PREFIX):
                found.append(_read(data, Gap))
            elif key.startswith(uplinks.PREFIX):
                found.append(_read(data, Uplinks))
        return [each for each in found if each is not None]

    def commit(self) -> None:
        """The journal has kept the batch."""
        self._kept |= self._batch
        self.begin()


def _write(state: msgspec.Struct) -> bytes:
    return msgspec.msgpack.encode(state)


def _read(data: bytes, kind: type[Kind]) -> Kind | None:
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except msgspec.DecodeError:
        return None
