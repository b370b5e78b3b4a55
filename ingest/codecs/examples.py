"""Golden messages of each format, `golden/NAME.json`: what it must read, and what fuzzing starts from.

`feed` is a feed of the configuration, `messages` belong together and give readings without a flaw. A
payload stands as `json`, `text` or `hex`, and what it must come to as `expected`; `source` says where that
is known from, other than from the codec.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from domain.time import from_us
from ingest.codecs.message import Message, Sample
from ingest.config import FeedConfig

_FOLDER = Path(__file__).parent / "golden"
#: When the first message comes, 2026-11-22 06:00 UTC [µs]; each other a second later.
BEGIN_US = 1_795_327_200_000_000


class Expected(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One reading that a message must come to."""

    device: str
    channel: str
    value: str | None
    unit: str | None = None
    at: str = ""  # event time, ISO 8601 in UTC; "": the message says none
    failed: bool = False


class Written(msgspec.Struct, forbid_unknown_fields=True):
    """One message of the file."""

    topic: str
    json: msgspec.Raw = msgspec.Raw(b"")
    text: str = ""
    hex: str = ""
    expected: list[Expected] = []

    def payload(self) -> bytes:
        return bytes(self.json) or self.text.encode() or bytes.fromhex(self.hex)


class Golden(msgspec.Struct, forbid_unknown_fields=True):
    """A file of golden messages."""

    messages: list[Written]
    source: str
    feed: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Example:
    """A feed and messages of its format, in their order."""

    feed: FeedConfig
    messages: tuple[Message, ...]
    expected: tuple[tuple[Expected, ...], ...]
    source: str


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
    expected = tuple(tuple(each.expected) for each in golden.messages)
    return Example(feed, tuple(messages), expected, golden.source)


def shown(sample: Sample) -> Expected:
    """A sample as the file of golden messages writes it."""
    return Expected(
        sample.device,
        sample.channel,
        None if sample.value is None else str(sample.value),
        sample.unit,
        "" if sample.at_us is None else from_us(sample.at_us).isoformat(),
        sample.failed,
    )
