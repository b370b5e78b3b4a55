"""What a channel is: takes one message at a time, and hands in what people reply."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from alerts.section import Section

#: How receipts write a message's id beside the answer to it: the same but for zeros, spaces and
#: letter case; in decimal where the answer has it in hexadecimal; the other way; or as it fits.
ReceiptIds = Literal["automatic", "as sent", "decimal", "hex"]


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

    problem: str  # `code: detail` with a code of alerts/messages/words.py, or what anybody reads
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
    phone: str = ""  # of whom the message was for, where the receipt says it
    others: tuple[str, ...] = ()  # further references that it names, of less weight
    ids: ReceiptIds = "automatic"  # how this channel's receipts write references


@dataclass(frozen=True, slots=True)
class PartOf:
    """Which part of a longer message this is (3GPP 23.040 section 9.2.3.24.1)."""

    reference: int  # the same for all parts, used again sooner or later
    total: int
    number: int  # from 1


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message that somebody sent to us, or one part of it."""

    sender: str  # phone as the channel says it
    text: str
    key: str  # of this part's content: the same when it is handed in again
    part: PartOf | None = None


class Inbox(Protocol):
    """Where a channel hands in what came. Each call has kept it when it returns."""

    def receipt(self, receipt: Receipt) -> None: ...

    def message(self, message: Inbound) -> None: ...

    def unreadable(self, message: Inbound) -> None:
        """What came is no message; its text shows the octets."""
        ...

    def confirmed(self, message: Inbound) -> None:
        """The other side has been told that we have it, and will not hand it in again."""
        ...


class Channel(Protocol):
    """One way for messages to leave and for replies to come in.

    Nothing that came in is lost or doubled by a crash: `poll` confirms a message or receipt to
    the other side only after the inbox's call has returned, one by one, and then tells the inbox.
    What was not confirmed comes again, with the same `key`.
    """

    name: str
    repeatable: bool  # handing over twice is the same as once

    def ready(self) -> None:
        """Makes sure that a message can be handed over; raises Absent."""
        ...

    def submit(self, message: Outgoing, accepted: Callable[[str], None]) -> Outcome:
        """Hands over; calls `accepted` with the reference of each part as it is taken."""
        ...

    def poll(self, inbox: Inbox) -> None:
        """Hands in what came meanwhile; of a flood only a part, as messages wait to leave."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """A channel's declaration: the `KIND` of its file."""

    name: str
    build: Callable[[Any], Channel]  # from its settings; not yet connected
    settings: type[Section] | None = None  # its table [alerts.sms.NAME]; None: it has none
    needs_phone: bool = True  # a recipient without a phone can't be reached
    secrets: tuple[str, ...] = ()  # keys that come from HEATWATCH_NAME_KEY of the environment
