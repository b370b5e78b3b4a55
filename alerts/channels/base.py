"""What a channel is: takes one message at a time and answers with what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Absent(RuntimeError):
    """The channel can't take messages now: what is missing and how to fix it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to hand over."""

    id: int
    phone: str
    text: str
    accepted: tuple[str, ...] = ()  # references of parts that went through before


@dataclass(frozen=True, slots=True)
class Handed:
    """The other side has taken all of it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side has not taken it; `again` says whether another try makes sense."""

    problem: str
    again: bool


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It was sent and no answer came: it may have been taken."""

    problem: str


Outcome = Handed | Refused | InDoubt


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other side says later about one part."""

    reference: str
    state: str  # DELIVRD, UNDELIV, EXPIRED, ... (SMPP 3.4 appendix B)


class Channel(Protocol):
    """One way for messages to leave."""

    name: str
    repeatable: bool  # handing over twice is the same as once

    def ready(self) -> None:
        """Makes sure that a message can be handed over; raises Absent."""
        ...

    def submit(self, message: Outgoing, accepted: Callable[[str], None]) -> Outcome:
        """Hands over; calls `accepted` with the reference of each part as it is taken."""
        ...

    def poll(self, received: Callable[[Receipt], None]) -> None:
        """Receipts that came meanwhile; each is confirmed after `received` has returned."""
        ...

    def close(self) -> None: ...
