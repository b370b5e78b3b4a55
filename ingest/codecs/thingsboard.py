"""ThingsBoard: telemetry of its device API and its gateway API.

`v1/devices/me/telemetry` and `v2/t` hold values, `{"ts": 1795327200000, "values": {...}}` or a list of these;
`v1/gateway/telemetry` the same below the name of each device. Times are milliseconds; seconds sent by
mistake are corrected and marked. Attributes, RPC, connect and disconnect are no readings.
"""

from collections.abc import Iterator
from typing import Any

from ingest.codecs.foreign import (
    Found,
    Time,
    Wrong,
    codec,
    device_of_topic,
    event_time,
    flat,
    load,
    of_number,
)
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Flaw, Message, Reason, Sample
from ingest.codecs.units import UnitsConfig, units_of
from ingest.config import FeedConfig

#: What `build` takes in the table `mapping` of its feed.
SETTINGS = UnitsConfig
_API = frozenset({"v1", "v2"})
_TELEMETRY = frozenset({"telemetry", "t"})
#: What its own topics begin with.
_OWN = ("v1/devices/me/", "v1/gateway/", "v2/t")
#: The device of ThingsBoard's own topics is known by its connection alone.
_ME = "me"
#: Where its messages come by themselves.
TOPICS = (
    "v1/devices/me/telemetry",
    "v1/gateway/telemetry",
)


def recognises(topic: str, _payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    return topic.startswith(_OWN)


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed."""
    named, units = device_of_topic(feed), units_of(feed.mapping)

    def read(message: Message, _memory: Memory) -> Iterator[Found]:
        levels = message.topic.split("/")
        if levels[0] in _API and not _TELEMETRY & set(levels[1:]):
            return
        content = load(message.payload)
        for device, entry in _entries(content, levels, named(message.topic)):
            try:
                yield from _samples(device, entry, units, message.received_us)
            except Wrong as wrong:
                yield Flaw(wrong.reason, str(wrong))

    return codec(read)


def _entries(content: Any, levels: list[str], named: str | None) -> Iterator[tuple[str, Any]]:
    """(device, entry) of a message of either API."""
    if "gateway" in levels or (named is None and _is_gateways(content)):
        if not _is_gateways(content):
            raise Wrong(Reason.UNDECODABLE, "the message is no object of lists by device")
        for device, entries in content.items():
            yield from ((device, each) for each in entries)
        return
    device = named or (_ME if levels[0] in _API else levels[-1])
    entries = content if isinstance(content, list) else [content]
    if not entries:
        raise Wrong(Reason.UNDECODABLE, "a batch without readings")
    yield from ((device, each) for each in entries)


def _is_gateways(content: Any) -> bool:
    return (
        isinstance(content, dict)
        and bool(content)
        and all(isinstance(each, list) for each in content.values())
    )


def _samples(device: str, entry: Any, units: dict[str, str], received_us: int) -> Iterator[Found]:
    if not isinstance(entry, dict):
        raise Wrong(Reason.UNDECODABLE, "an entry is no JSON object")
    values: Any = entry
    time: Time = (None, False, False)
    if "ts" in entry:
        time = event_time(entry["ts"], "ms", None, received_us)
        values = entry.get("values", {k: v for k, v in entry.items() if k != "ts"})
    if not isinstance(values, dict):
        raise Wrong(Reason.UNDECODABLE, "the message has no values")
    at_us, corrected, untimed = time
    for channel, raw in flat(values):
        yield of_number(
            raw,
            Sample(
                device, channel, at_us, None, units.get(channel), corrected=corrected,
                untimed=untimed, optional=True,
            ),
        )  # fmt: skip
