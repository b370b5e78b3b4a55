"""What tells an old telegram of wireless M-Bus that somebody sends again from a new one: its counter.

Message counters (mode 7) and session numbers (extended link layer) are proven by the meter's key and never
fall. Telegrams of mode 5 have none.
"""

from enum import Enum, auto
from hashlib import sha256

import msgspec

from ingest.codecs.memory import Memory
from ingest.codecs.message import Message
from ingest.codecs.wmbus_layers import Content


class Heard(msgspec.Struct, frozen=True, array_like=True):
    """The telegram of a meter with the highest number."""

    number: int
    received_us: int
    digest: bytes


class Turn(Enum):
    """How a telegram stands to those before it."""

    NEW = auto()
    SAME = auto()  # heard by another receiver, too
    OLD = auto()


def turn_of(content: Content, message: Message, memory: Memory) -> Turn:
    """Whether the telegram is new; its number is kept where it is the highest.

    A message that is replayed after it was refused came when it came: it is new unless a higher
    number had come by then.
    """
    counter, header = content.counter, content.header
    if counter is None:
        return Turn.NEW
    meter = f"{header.manufacturer}{header.device}{header.version:02x}{header.medium:02x}"
    key = f"counter/{meter}/{counter.kind}/{counter.of_key}"
    highest, digest = memory.get(key, Heard), sha256(content.data).digest()[:8]
    if highest is None or counter.number > highest.number:
        memory.put(key, Heard(counter.number, message.received_us, digest))
        return Turn.NEW
    if message.replayed and message.received_us <= highest.received_us:
        return Turn.NEW
    return Turn.SAME if (counter.number, digest) == (highest.number, highest.digest) else Turn.OLD
