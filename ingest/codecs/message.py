"""One message and what a codec makes of it. The compiled path carries the same as columns."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from domain.language import Text
from domain.quality import TimeKind
from ingest.codecs.memory import Memory


class Reason(StrEnum):
    """Why something was kept whole instead of becoming a reading."""

    UNDECODABLE = "undecodable"  # the bytes are not what the format says
    UNMAPPED = "unmapped"  # the registry knows no such device, channel or time of it
    IMPLAUSIBLE = "implausible"  # a number that no reading can hold
    OUT_OF_SEQUENCE = "out_of_sequence"  # it needs an earlier message that has not come
    STRANGER = (
        "stranger"  # of a device on the air that nobody registered: one message of each is kept
    )


#: What may stand in a feed's table `mapping`, and what of it, or beside it, a person is to confirm.
Suggested = tuple[dict[str, Any], tuple[Text, ...]]

#: Prefix of the reason when other readings of the same message were kept.
PART = "part_"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came."""

    topic: str
    payload: bytes
    received_us: int  # first receipt since the epoch, UTC [µs]; a replay gives it again
    retained: bool = False
    replayed: bool = False  # refused when it came, decoded again now


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of one channel of one device, not yet known to the registry."""

    device: str
    channel: str
    at_us: int | None  # event time since the epoch, UTC [µs]; None: the message has none
    value: Decimal | None  # in `unit`; None: reported as unknown
    unit: str | None = None  # UCUM; None: none is said, see `OWN_UNITS` below
    revision: int = 0
    corrected: bool = False  # the time was written in another unit than declared
    formerly: tuple[str, ...] = ()  # other codes that may stand for the device in the registry
    untimed: bool = False  # the time that its feed names was missing: time of receipt stands in
    failed: bool = False  # the device itself says that the value does not hold
    quantity: str = ""  # code, of `Quantity` or of docs/formats.md; "": the message does not say
    storage: int = 0  # storage number of a meter (EN 13757-3): 0 is now, others are kept values
    time_kind: TimeKind | None = None  # whose clock gave `at_us`; None: the one of the feed
    message_key: str = ""  # what tells this message from all others of its device
    faults: tuple[str, ...] = ()  # words of the device for what is wrong with it
    optional: bool = (
        False  # a meter sends more than is wanted: no flaw where no channel is registered
    )
    aside: bool = False  # of a quantity that is none of ours: no flaw either where it comes alone
    awaits: str = (
        ""  # what is missing to read it, and may come: refused where its channel is registered
    )
    heard_as: tuple[str, ...] = ()  # of what anybody may send: all codes that its sender may have
    republished: bool = False  # a value from before: without `at_us` nobody knows of when


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a message or one reading of it."""

    reason: Reason
    detail: str
    heard_as: tuple[str, ...] = ()  # as of a sample


Decoded = tuple[list[Sample], list[Flaw]]


class Codec(Protocol):
    """Bytes of one feed to samples. `build(feed) -> Codec` of `ingest/codecs/NAME.py` makes it once.

    - It never raises for what a message holds: wrong bytes are a `Flaw`. A message with any flaw is
      kept whole and can be replayed; the samples beside the flaws are kept.
    - It depends on the message and on `memory` alone. `message.received_us` is now, or in a
      replay when the message first came; there is no other clock. Whatever it holds itself may be lost between any two messages.
    - `memory` keeps its states by key, as frozen `msgspec.Struct`s. They are committed with the
      batch: after a crash the batch comes again and finds the states from before it. A change of
      the registry, a restart and a replay leave them as they are.
    - A publication that it requests is sent after the commit, at most once, and may be lost. So a
      state must not take it for done: it requests again until the effect is seen.
    - Messages that a sender's numbers show to be missing are told by `memory.tell`, as a `Gap` or a device's `Uplinks`;
      once the batch is kept the books get them. A replayed or retained message tells nothing.
    - A replayed message meets the states of now, out of its order; what it changes or requests is
      dropped. A retained message may be older than those before it.
    - A value without a unit is refused, unless it is a temperature, a humidity or CO2, or the codec's file
      says `OWN_UNITS = True`: its format defines that such a value is in its quantity's own unit.
    - A feed whose codec remembers anything is read by one worker: its file says `REMEMBERS = True`. Counts of
      messages that are missing, which it tells, are none of that where a shared subscription is not counted.
    - `recognises(topic, payload) -> bool` of its file says whether a message of anybody's is of this format, by what
      no other has; `heatwatch connect` proposes a feed by it. Without it none is proposed. `NAMES_TOPICS = True` says
      that its messages name the topics of others, which are then of this format, too; `TOPICS` are the filters that
      its documentation names. `is_aside(topic, payload) -> bool` tells messages of the format's network that are never
      readings: for them `connect` proposes nothing.
    - `suggested(messages) -> Suggested` tells what of the table `mapping` messages of the format show by themselves.
    - `CLOCK = "gateway"` (or server) says whose clock writes its times where that is not the meter; `connect`
      proposes it.
    - Settings of its own are the feed's table `mapping`: `SETTINGS`, an `ingest.config.FormatSettings`
      in its file, says what stands there. A codec without it takes none.
    """

    def __call__(self, message: Message, memory: Memory, /) -> Decoded: ...
