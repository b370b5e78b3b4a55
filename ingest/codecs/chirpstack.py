"""ChirpStack v4: `application/APPLICATION/device/DEVEUI/event/up` in JSON.

The device is its DevEUI in small letters. Zeros and empty fields are left out by the network, so an
uplink without `fPort` has port 0, and one without `data` and `object` says nothing. Other events
(join, ack, status, log, ...), commands, and what gateways say are no readings.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from domain.quality import TimeKind
from ingest.codecs.foreign import (
    Found,
    Wrong,
    codec,
    device_of_topic,
    event_time,
    keys_of,
    load_object,
    member,
    zone_of,
)
from ingest.codecs.lorawan import (
    LorawanConfig,
    drivers_for,
    payload_of,
    port_of,
    read_safely,
    readings,
    uplink_counter,
)
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Message, Reason, Suggested
from ingest.codecs.payloads.uplink import Uplink
from ingest.config import FeedConfig

#: What `build` takes in the table `mapping` of its feed.
SETTINGS = LorawanConfig

#: Levels before the last one of topics that the network uses.
_KINDS = frozenset({"event", "command", "state"})
#: Topics of what the network says beside uplinks; those of gateways by their EUI of 16 hexadecimal digits.
_ASIDE = re.compile(
    r"(.*/)?(application/[^/]+/device/[^/]+/"
    r"(event/(join|ack|txack|status|log|location|integration|error)|command/[^/]+|state/[^/]+)"
    r"|gateway/[0-9a-f]{16}/"
    r"(event/(up|stats|ack|exec|raw|mesh)|command/(down|config|exec|raw|mesh)|state/conn))",
    re.IGNORECASE,
)
#: What only an uplink has, where the topic does not say it.
_OF_UPLINK = ("rxInfo", "data", "object", "fPort")
_PROFILE = ("deviceProfileName", "deviceProfileId")
#: Where its messages come by themselves.
TOPICS = ("application/+/device/+/event/+",)
#: A gateway's, where the message itself does not say that it is the server's.
CLOCK = "gateway"


def recognises(_topic: str, payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    return "devEui" in keys_of(payload, "deviceInfo")


def is_aside(topic: str, payload: bytes) -> bool:
    """Whether the network says something else here than readings: a join, a status, a gateway's own."""
    if _ASIDE.fullmatch(topic):
        return True
    kind, last = ["", *topic.split("/")][-2:]
    if not recognises(topic, payload) or (kind, last) == ("event", "up"):
        return False
    return kind in _KINDS or not _is_uplink(keys_of(payload))


def _is_uplink(members: Collection[str]) -> bool:
    """Whether a message of which the topic says nothing is one."""
    return "integrationName" not in members and any(each in members for each in _OF_UPLINK)


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed."""
    named, zone, count = device_of_topic(feed), zone_of(feed), uplink_counter(feed)

    def read(message: Message, memory: Memory) -> Iterator[Found]:
        uplink = _heard(message, named)
        if uplink is not None:
            count(uplink, message, memory)
            yield from readings(replace(uplink, zone=zone), feed.mapping)

    return codec(read)


def suggested(messages: Iterable[Message]) -> Suggested:
    """What of the table `mapping` these messages tell, with what is to be confirmed of it."""
    return drivers_for(read_safely(lambda each: _heard(each, lambda _: None), messages))


def _heard(message: Message, named: Callable[[str], str | None]) -> Uplink | None:
    """The uplink that it is; None where it is another event."""
    kind, last = ["", *message.topic.split("/")][-2:]
    if kind in _KINDS and (kind, last) != ("event", "up"):
        return None
    content = load_object(message.payload)
    about = content.get("deviceInfo")
    if not isinstance(about, dict):
        raise Wrong(Reason.UNDECODABLE, "the message has no deviceInfo")
    if kind not in _KINDS and not _is_uplink(content):
        return None
    return _uplink(content, about, named(message.topic), message.received_us)


def _uplink(
    content: dict[str, Any], about: dict[str, Any], named: str | None, received_us: int
) -> Uplink:
    eui = about.get("devEui")
    if not isinstance(eui, str) or not eui:
        raise Wrong(Reason.UNDECODABLE, "the message has no deviceInfo.devEui")
    key = content.get("deduplicationId")
    return Uplink(
        named or eui.lower(),
        eui.upper(),
        port_of(content.get("fPort")),
        payload_of(content.get("data")),
        content.get("object"),
        event_time(content.get("time"), "iso", None, received_us),
        TimeKind.GATEWAY if _from_gateway(content.get("rxInfo")) else TimeKind.SERVER,
        key[:100] if isinstance(key, str) else "",
        tuple(str(about[each]) for each in _PROFILE if about.get(each)),
        received_us,
        session=content.get("devAddr"),
        counter=content.get("fCnt"),
    )


def _from_gateway(received: Any) -> bool:
    """Whether a gateway gave its own time, which the message's is then."""
    return isinstance(received, list) and any(member(each, "gwTime") for each in received)
