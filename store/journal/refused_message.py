"""A message that could not become readings, as the journal keeps it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """A message that could not become readings, whole."""

    feed: str
    topic: str
    payload: bytes
    reason: str  # closed list of ingest: undecodable, unmapped, implausible, ...
    detail: str
    received_at: datetime
    counted: bool = False  # one of its kind is kept: it counts, and is not kept


#: What is kept of it, in the order of its fields.
KEPT = tuple(name for name in RefusedMessage.__dataclass_fields__ if name != "counted")


def kept(message: RefusedMessage) -> dict[str, Any]:
    """The row of a message."""
    return {name: getattr(message, name) for name in KEPT}
