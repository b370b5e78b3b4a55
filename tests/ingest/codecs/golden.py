"""Codecs of one feed each, as tests ask them."""

from typing import Any

from ingest.codecs import codec_of
from ingest.codecs.examples import BEGIN_US, example_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Message
from ingest.config import FeedConfig


def golden(name: str) -> tuple[FeedConfig, list[Message]]:
    """The golden messages of a format, as the contract of all codecs takes them."""
    example = example_of(name)
    return example.feed, [*example.messages]


class Hearing:
    """The codec of a feed and what it remembers, fed with messages a second apart."""

    def __init__(self, name: str, topic: str, **settings: Any) -> None:
        self.feed = FeedConfig.model_validate(
            {"name": name, "format": name, "topic": topic, **settings}
        )
        self.codec, self.memory = codec_of(self.feed), Memory(name, {})
        self.now_us = BEGIN_US

    def __call__(self, topic: str, payload: bytes | str, **more: bool) -> Decoded:
        data = payload.encode() if isinstance(payload, str) else payload
        self.now_us += 1_000_000
        answer = self.codec(Message(topic, data, self.now_us, **more), self.memory)
        self.memory.accept()
        return answer

    def values(self, topic: str, payload: bytes | str, **more: bool) -> dict[str, str | None]:
        """Channel -> value of a message without flaws."""
        samples, flaws = self(topic, payload, **more)
        assert flaws == []
        return {each.channel: _text(each.value) for each in samples}

    def refusal(self, topic: str, payload: bytes | str) -> str:
        """Reason and detail of the one flaw of a message without readings."""
        samples, (flaw,) = self(topic, payload)
        assert samples == []
        return f"{flaw.reason}: {flaw.detail}"


def _text(value: object) -> str | None:
    return None if value is None else str(value)
