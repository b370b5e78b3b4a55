"""The Things Stack v3: `v3/APPLICATION@TENANT/devices/DEVICE/up`, and lines of its Storage Integration.

The device is its `device_id`; the registry may also have its DevEUI. Of the three clocks that of the
network server counts, `uplink_message.received_at`; with `clock = "gateway"` that of a gateway
(`rx_metadata[].time`), where one says its time. Empty fields and zeros are left out by the network.
Other messages (join, down, service, location) and simulated uplinks are no readings.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from domain.quality import TimeKind
from ingest.codecs.foreign import (
    Found,
    Time,
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
_VERSION = "v3"
#: Topics of what the network says beside uplinks.
_ASIDE = re.compile(r"v3/[^/]+/devices/[^/]+/(join|(down|service|location)/[^/]+)")
#: Where its messages come by themselves.
TOPICS = ("v3/+/devices/+/+",)
#: The network server's; `gateway` reads another member.
CLOCK = "server"


def recognises(_topic: str, payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    own, stored = keys_of(payload, "end_device_ids"), keys_of(payload, "result", "end_device_ids")
    return "device_id" in own | stored


def is_aside(topic: str, payload: bytes) -> bool:
    """Whether the network says something else here than readings: a join, a downlink, a location."""
    if _ASIDE.fullmatch(topic):
        return True
    members = keys_of(payload, "result") or keys_of(payload)
    return recognises(topic, payload) and "uplink_message" not in members


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed."""
    named, zone, by_gateway = device_of_topic(feed), zone_of(feed), feed.clock == "gateway"
    count = uplink_counter(feed)

    def read(message: Message, memory: Memory) -> Iterator[Found]:
        uplink = _heard(message, named, by_gateway)
        if uplink is not None:
            count(uplink, message, memory)
            yield from readings(replace(uplink, zone=zone), feed.mapping)

    return codec(read)


def suggested(messages: Iterable[Message]) -> Suggested:
    """What of the table `mapping` these messages tell, with what is to be confirmed of it."""
    return drivers_for(read_safely(lambda each: _heard(each, lambda _: None, False), messages))


def _heard(message: Message, named: Callable[[str], str | None], by_gateway: bool) -> Uplink | None:
    """The uplink that it is; None where it is something else, or simulated."""
    levels = message.topic.split("/")
    if levels[0] == _VERSION and levels[-1] != "up":
        return None
    content = load_object(message.payload)
    result = content.get("result")  # a line of the Storage Integration
    content = result if isinstance(result, dict) else content
    ids = content.get("end_device_ids")
    if not isinstance(ids, dict) or not isinstance(ids.get("device_id"), str):
        raise Wrong(Reason.UNDECODABLE, "the message has no end_device_ids.device_id")
    sent = content.get("uplink_message")
    if not isinstance(sent, dict) or content.get("simulated") is True:
        return None
    time, kind = _time(content, sent, by_gateway, message.received_us)
    uplink = _uplink(ids, sent, named(message.topic), time, kind)
    return replace(uplink, received_us=message.received_us)


def _uplink(
    ids: dict[str, Any], sent: dict[str, Any], named: str | None, time: Time, kind: TimeKind
) -> Uplink:
    eui = ids.get("dev_eui")
    brand, model = (member(sent, "version_ids", each) for each in ("brand_id", "model_id"))
    return Uplink(
        named or ids["device_id"] or "?",
        eui if isinstance(eui, str) else "",
        port_of(sent.get("f_port")),
        payload_of(sent.get("frm_payload")),
        sent.get("decoded_payload"),
        time,
        kind,
        _key(ids, sent),
        tuple(str(each) for each in (f"{brand}/{model}" if model else None, brand) if each),
        session=sent.get("session_key_id"),
        counter=sent.get("f_cnt"),
    )


def _key(ids: dict[str, Any], sent: dict[str, Any]) -> str:
    """An uplink is told apart by its session and counter, whose zero is left out."""
    session, counter = sent.get("session_key_id"), sent.get("f_cnt", 0)
    if not isinstance(session, str) or not isinstance(counter, int):
        return ""
    return f"{ids.get('dev_eui', ids['device_id'])}/{session}/{counter}"[:200]


def _time(
    content: dict[str, Any], sent: dict[str, Any], by_gateway: bool, received_us: int
) -> tuple[Time, TimeKind]:
    """The clock that counts; the application server's where the network server's is not there."""
    if by_gateway:
        received = sent.get("rx_metadata")
        for each in received if isinstance(received, list) else ():
            if isinstance(each, dict) and each.get("time"):
                return event_time(each["time"], "iso", None, received_us), TimeKind.GATEWAY
    at = sent.get("received_at") or content.get("received_at")
    return event_time(at, "iso", None, received_us), TimeKind.SERVER
