"""What the codecs of other ecosystems share: JSON, numbers, times, and one place for what is wrong."""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Decoded, Flaw, Message, Reason, Sample
from ingest.codecs.number import read_number
from ingest.codecs.repeats import Repeated, refuse_repeats
from ingest.config import FeedConfig
from ingest.mapping.times import TimeRange, read_time

_JSON = msgspec.json.Decoder(float_hook=Decimal)
#: What `load` raises for foreign bytes.
FOREIGN = (msgspec.DecodeError, UnicodeDecodeError, InvalidOperation, RecursionError, Repeated)

Time = tuple[int | None, bool, bool]  # [µs], whether corrected, whether it was missing
Found = Sample | Flaw
Read = Callable[[Message, Memory], Iterable[Found]]


class Wrong(ValueError):
    """Carries the reason to the one place that makes a flaw of it."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def codec(read: Read) -> Codec:
    """A codec of `read`, which may raise Wrong or one of FOREIGN for the whole message."""

    def decode(message: Message, memory: Memory) -> Decoded:
        try:
            found = list(read(message, memory))
        except Wrong as wrong:
            return [], [Flaw(wrong.reason, str(wrong))]
        except FOREIGN as wrong:
            return [], [Flaw(Reason.UNDECODABLE, str(wrong) or "it is nested too deep")]
        samples = [each for each in found if isinstance(each, Sample)]
        return samples, [each for each in found if isinstance(each, Flaw)]

    return decode


def of_number(raw: Any, sample: Sample) -> Found:
    """`sample` with the number that a message has for it; a flaw where that is none."""
    try:
        return replace(sample, value=number(raw, sample.channel))
    except Wrong as wrong:
        return Flaw(wrong.reason, str(wrong))


def load(payload: bytes) -> Any:
    """Decoded JSON with exact numbers; raises one of FOREIGN."""
    content = _JSON.decode(payload)
    refuse_repeats(payload, content)
    return content


def load_object(payload: bytes) -> dict[str, Any]:
    """The same where an object is meant."""
    content = load(payload)
    if not isinstance(content, dict):
        raise Wrong(Reason.UNDECODABLE, "the message is no JSON object")
    return content


def load_or_text(payload: bytes) -> Any:
    """The same, or the text where it is no JSON and does not begin as an object or a list."""
    try:
        return load(payload)
    except msgspec.DecodeError:
        if payload.lstrip()[:1] in {b"{", b"["}:
            raise
        return payload.decode().strip()


@lru_cache(maxsize=1)  # every format is asked about one message after the other
def loaded(payload: bytes) -> Any:
    """What `load` gives, None where the payload is no JSON."""
    try:
        return load(payload)
    except FOREIGN:
        return None


def keys_of(payload: bytes, *names: str) -> frozenset[str]:
    """The keys of the JSON object below these names; none where there is no such object.

    >>> sorted(keys_of(b'{"a": {"b": 1, "c": 2}}', "a")), sorted(keys_of(b"[1]"))
    (['b', 'c'], [])
    """
    found = member(loaded(payload), *names)
    return frozenset(found) if isinstance(found, dict) else frozenset()


def member(content: Any, *names: str) -> Any:
    """The value below these names, None where an object on the way is none or has it not.

    >>> member({"a": {"b": 5}}, "a", "b"), member({"a": 1}, "a", "b")
    (5, None)
    """
    for name in names:
        content = content.get(name) if isinstance(content, dict) else None
    return content


def number(raw: Any, channel: str) -> Decimal | None:
    """A value of JSON as a number; None is null. Raises Wrong where it is neither."""
    if raw is None or (isinstance(raw, Decimal) and raw.is_finite()):
        return raw
    if isinstance(raw, bool):
        return Decimal(int(raw))
    try:
        if isinstance(raw, int) or (isinstance(raw, float) and math.isfinite(raw)):
            return Decimal(str(raw))
        if isinstance(raw, str) and _writes_number(raw):
            return read_number(raw.strip())
        raise ValueError(f"{str(raw)[:40]!r} is not a number, a decimal text or null")
    except ValueError as wrong:
        raise Wrong(Reason.UNDECODABLE, f"channel {channel}: {wrong}") from None


MOST_DEPTH = 8


def flat(content: Any, depth: int = MOST_DEPTH) -> Iterator[tuple[str, Any]]:
    """(channel, value) of what can be a reading in decoded JSON: numbers, null, texts that write one.

    Members of objects and lists are called by their way: `meter.supply`, `rooms.0.t`.

    >>> list(flat({"meter": {"supply": 70.5, "name": "hall"}, "rooms": [{"t": "21.5"}]}))
    [('meter.supply', 70.5), ('rooms.0.t', '21.5')]
    """
    members = enumerate(content) if isinstance(content, list) else content.items()
    for name, value in members:
        if isinstance(value, dict | list):
            below = flat(value, depth - 1) if depth else ()
            yield from ((f"{name}.{each}", found) for each, found in below)
        elif not isinstance(value, str) or _writes_number(value):
            yield str(name), value


def _writes_number(text: str) -> bool:
    try:
        return read_number(text.strip()).is_finite()
    except ValueError:
        return False


def event_time(raw: Any, unit: str, zone: ZoneInfo | None, received_us: int) -> Time:
    """The time that a message gives, as `ingest.mapping.times` reads it.

    Null, and a local time of a feed that names no zone, are missing: the time of receipt stands
    in, marked. Raises Wrong where a time is there and can't be read.
    """
    if raw is None or (zone is None and _is_local(raw)):
        return None, False, True
    try:
        at_us, corrected = read_time(raw, unit, zone, received_us)
    except TimeRange as wrong:
        raise Wrong(Reason.IMPLAUSIBLE, str(wrong)) from None
    except ValueError as wrong:
        raise Wrong(Reason.UNDECODABLE, str(wrong)) from None
    return at_us, corrected, False


_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?", re.ASCII)


def _is_local(raw: Any) -> bool:
    """Whether it is a time without offset."""
    return isinstance(raw, str) and _LOCAL.fullmatch(raw) is not None


def zone_of(feed: FeedConfig) -> ZoneInfo | None:
    """The zone of times written without offset."""
    return feed.clocks


def levels_of(feed: FeedConfig) -> Callable[[str], list[str]]:
    """The levels of a topic that say the device: those at and behind the feed's first wildcard.

    >>> levels_of(FeedConfig(name="z", topic="home/zigbee2mqtt/#"))("home/zigbee2mqtt/flat 1/hall")
    ['flat 1', 'hall']
    """
    fixed = 0
    for level in feed.levels.split("/"):
        if level in {"+", "#"} or level.startswith("{"):
            break
        fixed += 1
    return lambda topic: topic.split("/")[fixed:]


def device_of_topic(feed: FeedConfig) -> Callable[[str], str | None]:
    """The level {device} of a topic; None where the feed names none, or the topic has it not.

    >>> device_of_topic(FeedConfig(name="z", topic="up/{device}/#"))("up/A1/x")
    'A1'
    """
    levels = feed.levels.split("/")
    if "{device}" not in levels:
        return lambda _: None
    at = levels.index("{device}")

    def device(topic: str) -> str | None:
        found = topic.split("/")
        return found[at] if at < len(found) else None

    return device
