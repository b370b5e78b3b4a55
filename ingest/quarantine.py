"""Which refused messages are meant: by reason, topic, device, time and what became of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from paho.mqtt.client import topic_matches_sub

from store.journal.journal import Journal
from store.journal.quarantine import Quarantined, Wanted


@dataclass(frozen=True, slots=True)
class Selection:
    """All that it says must hold; "" says nothing."""

    wanted: Wanted = field(default_factory=Wanted)
    topic: str = ""  # MQTT filter
    device: str = ""  # a level of the topic, or a text of the payload

    def of(self, journal: Journal) -> Iterator[Quarantined]:
        """Oldest first."""
        return (each for each in journal.quarantined(self.wanted) if self._meant(each))

    def _meant(self, each: Quarantined) -> bool:
        message = each.message
        if self.topic and not topic_matches_sub(self.topic, message.topic):
            return False
        return not self.device or self._names_device(message.topic, message.payload)

    def _names_device(self, topic: str, payload: bytes) -> bool:
        if self.device in topic.split("/"):
            return True
        name = self.device.encode()
        return any(quote + name + quote in payload for quote in (b'"', b"'"))
