"""Golden messages of each format, `golden/NAME.json`: what it must read, and what fuzzing starts from.

`feed` is a feed of the configuration, `messages` belong together and give readings without a flaw. A
payload stands as `json`, `text` or `hex`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ingest.codecs.message import Message
from ingest.config import FeedConfig

_FOLDER = Path(__file__).parent / "golden"
#: When the first message comes, 2026-11-22 06:00 UTC [µs]; each other a second later.
BEGIN_US = 1_795_327_200_000_000


class Written(msgspec.Struct, forbid_unknown_fields=True):
    """One message of the file."""

    topic: str
    json: msgspec.Raw = msgspec.Raw(b"")
    text: str = ""
    hex: str = ""

    def payload(self) -> bytes:
        return bytes(self.json) or self.text.encode() or bytes.fromhex(self.hex)


class Golden(msgspec.Struct, forbid_unknown_fields=True):
    """A file of golden messages."""

    messages: list[Written]
    feed: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Example:
    """A feed and messages of its format, in their order."""

    feed: FeedConfig
    messages: tuple[Message, ...]


def has_example(name: str) -> bool:
    """Whether the format has golden messages."""
    return (_FOLDER / f"{name}.json").is_file()


def example_of(name: str) -> Example:
    """The golden messages of a format; FileNotFoundError where it has none."""
    golden = msgspec.json.decode((_FOLDER / f"{name}.json").read_bytes(), type=Golden)
    feed = FeedConfig.model_validate({"name": name, "topic": "#", "format": name, **golden.feed})
    messages = [
        Message(each.topic, each.payload(), BEGIN_US + 1_000_000 * i)
        for i, each in enumerate(golden.messages)
    ]
    return Example(feed, tuple(messages))
