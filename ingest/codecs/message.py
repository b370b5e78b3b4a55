"""One message and what a codec makes of it. The compiled path carries the same as columns."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Reason(StrEnum):
    """Why something was kept whole instead of becoming a reading."""

    UNDECODABLE = "undecodable"  # the bytes are not what the format says
    UNMAPPED = "unmapped"  # the registry knows no such device, channel or time of it
    IMPLAUSIBLE = "implausible"  # a number that no reading can hold


#: Prefix of the reason when other readings of the same message were kept.
PART = "part_"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came."""

    topic: str
    payload: bytes
    received_us: int  # time of receipt since the epoch, UTC [µs]
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of one channel of one device, not yet known to the registry."""

    device: str
    channel: str
    at_us: int | None  # event time since the epoch, UTC [µs]; None: the message has none
    value: Decimal | None  # in `unit`; None: reported as unknown
    unit: str | None = None  # UCUM; None: the quantity's own
    revision: int = 0
    corrected: bool = False  # the time was written in another unit than declared


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a message or one reading of it."""

    reason: Reason
    detail: str


Decoded = tuple[list[Sample], list[Flaw]]
Codec = Callable[[Message], Decoded]
