"""Our own format in MessagePack: the members of `native`, as one map, a list of maps, or `{"readings": [...]}`.

`time` may also be MessagePack's timestamp. Topics as those of `native`.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from ingest.codecs.foreign import Found, Time, Wrong, codec, event_time, of_number, zone_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Flaw, Message, Reason, Sample
from ingest.codecs.msgpack import NoMessagePack, loads
from ingest.codecs.native import MOST_REVISION
from ingest.codecs.native import shape as shape_in_json
from ingest.codecs.shape import Shape
from ingest.config import FeedConfig
from ingest.mapping.topics import device_level

#: A value without a unit is in its quantity's own.
OWN_UNITS = True
#: Where its messages come by themselves.
TOPICS = ("heatwatch/v1/{device}",)


def recognises(_topic: str, payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    try:
        content = loads(payload)
    except NoMessagePack:
        return False
    first = content[0] if isinstance(content, list) and content else content
    return isinstance(first, dict) and ("readings" in first or {"channel", "value"} <= first.keys())


def shape(feed: FeedConfig) -> Shape:
    """What the compiled reader takes of a feed."""
    return replace(shape_in_json(feed), encoding="msgpack")


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed."""
    zone, level = zone_of(feed), device_level(feed.levels)

    def read(message: Message, _memory: Memory) -> Iterator[Found]:
        levels = message.topic.split("/")
        if level >= len(levels):
            raise Wrong(Reason.UNMAPPED, f"topic does not match {feed.topic!r}")
        records, device = _records(message.payload, levels[level])
        for record in records:
            try:
                yield _sample(record, device, zone, message.received_us)
            except Wrong as wrong:
                yield Flaw(wrong.reason, str(wrong))

    return codec(read)


def _records(payload: bytes, device: str) -> tuple[list[Any], str]:
    try:
        content = loads(payload)
    except NoMessagePack as wrong:
        raise Wrong(Reason.UNDECODABLE, f"no MessagePack: {wrong}") from None
    if isinstance(content, dict) and "readings" in content:
        device = _text(content, "device") or device
        content = content["readings"]
        if not isinstance(content, list):
            raise Wrong(Reason.UNDECODABLE, "the readings are no list")
    records = content if isinstance(content, list) else [content]
    if not records:
        raise Wrong(Reason.UNDECODABLE, "a batch without readings")
    return records, device


def _sample(record: Any, device: str, zone: ZoneInfo | None, received_us: int) -> Found:
    if not isinstance(record, dict):
        raise Wrong(Reason.UNDECODABLE, "a reading is no map")
    channel = _text(record, "channel")
    if channel is None or "value" not in record:
        raise Wrong(Reason.UNDECODABLE, "a reading without channel or value")
    revision = record.get("revision", 0)
    if (
        isinstance(revision, bool)
        or not isinstance(revision, int)
        or not 0 <= revision <= MOST_REVISION
    ):
        raise Wrong(
            Reason.IMPLAUSIBLE, f"revision {revision!s:.20} lies outside 0 to {MOST_REVISION}"
        )
    at_us, corrected, _ = _time(record.get("time"), zone, received_us)
    return of_number(
        record["value"],
        Sample(
            _text(record, "device") or device, channel, at_us, None, _text(record, "unit"), revision,
            corrected,
        ),
    )  # fmt: skip


def _time(raw: Any, zone: ZoneInfo | None, received_us: int) -> Time:
    """As `native` has it: a local time of a feed without zone is refused."""
    if raw is None:
        return None, False, False
    found = event_time(raw, "auto", zone, received_us)
    if found[0] is None:
        raise Wrong(Reason.UNDECODABLE, f"time {raw!r} has no offset and its feed no zone")
    return found


def _text(record: dict[Any, Any], name: str) -> str | None:
    found = record.get(name)
    if found is not None and not isinstance(found, str):
        raise Wrong(Reason.UNDECODABLE, f"{name!r} is not a text")
    return found
