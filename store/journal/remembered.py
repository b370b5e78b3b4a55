"""What codecs give the journal to keep, and request to publish: values, which need no database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodecState:
    """One state of one feed's codec; `data` None: forgotten."""

    feed: str
    key: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Publication:
    """A message that a codec requests to publish once its batch is kept. It is not kept itself."""

    topic: str
    payload: bytes
