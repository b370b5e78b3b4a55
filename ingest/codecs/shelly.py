"""Shelly devices of the second generation and later: `PREFIX/events/rpc` and `PREFIX/status/COMPONENT`.

NotifyStatus says what has changed, NotifyFullStatus all; both have the time as `params.ts` [s].
The device is the topic's prefix, the channel `temperature:0.tC`. A component that lists `errors` has
no value that holds. Other notifications and answers are no readings.
"""

import re
from collections.abc import Iterator
from typing import Any

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
    of_number,
)
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Message, Reason, Sample
from ingest.config import FeedConfig

_STATUS = frozenset({"NotifyStatus", "NotifyFullStatus"})
#: Path below a component -> unit.
_FIELDS: dict[tuple[str, ...], str] = {
    ("tC",): "Cel", ("rh",): "%", ("current_C",): "Cel", ("target_C",): "Cel", ("apower",): "W",
    ("aenergy", "total"): "W.h", ("act_power",): "W", ("total_act_power",): "W",
    ("total_act",): "W.h", ("total_act_energy",): "W.h",
}  # fmt: skip
_COMPONENT = re.compile(r"[a-z][a-z0-9]*:\d{1,3}", re.ASCII)
_FAHRENHEIT = ("tF",)  # the same once more, where the other is there
#: What a component measures, where its errors leave the value out.
_OF_TYPE = {"temperature": ("tC",), "humidity": ("rh",)}
#: Where its messages come by themselves.
TOPICS = ("+/events/rpc", "+/status/+")


def recognises(topic: str, payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    kind, last = ["", *topic.split("/")][-2:]
    if (kind, last) == ("events", "rpc"):
        return {"method", "params"} <= keys_of(payload)
    return kind == "status" and _COMPONENT.fullmatch(last) is not None


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed."""
    named = device_of_topic(feed)

    def read(message: Message, _memory: Memory) -> Iterator[Found]:
        *prefix, kind, last = ["", *message.topic.split("/")]
        notifies = (kind, last) == ("events", "rpc")
        if not notifies and kind != "status":
            return
        device = named(message.topic) or "/".join(prefix[1:])
        if not device:
            raise Wrong(Reason.UNMAPPED, f"topic does not match {feed.topic!r}")
        content = load_object(message.payload)
        if not notifies:
            yield from _component(device, last, content, (None, False, False))
        elif str(content.get("method")) in _STATUS:
            yield from _notified(device, content.get("params"), message.received_us)

    return codec(read)


def _notified(device: str, params: Any, received_us: int) -> Iterator[Found]:
    if not isinstance(params, dict):
        raise Wrong(Reason.UNDECODABLE, "the message has no params")
    time = event_time(params.get("ts"), "s", None, received_us)
    for name, status in params.items():
        if isinstance(status, dict):
            yield from _component(device, name, status, time)


def _component(device: str, name: str, status: dict[str, Any], time: Time) -> Iterator[Found]:
    at_us, corrected, untimed = time
    errors = status.get("errors")
    faults = tuple(str(each)[:80] for each in errors) if isinstance(errors, list) else ()
    for path, unit in _present(name, status, bool(faults)):
        yield of_number(
            None if faults else member(status, *path),
            Sample(
                device, f"{name}.{'.'.join(path)}", at_us, None, unit, corrected=corrected,
                untimed=untimed, failed=bool(faults), faults=faults, optional=True,
            ),
        )  # fmt: skip


def _present(
    name: str, status: dict[str, Any], failed: bool
) -> Iterator[tuple[tuple[str, ...], str]]:
    """The values that a component has, or would have if it did not fail."""
    wanted = _OF_TYPE.get(name.partition(":")[0]) if failed else None
    found = False
    for path, unit in _FIELDS.items():
        holder = status if len(path) == 1 else member(status, *path[:-1])
        if path == wanted or (isinstance(holder, dict) and path[-1] in holder):
            found = True
            yield path, unit
    if not found and _FAHRENHEIT[0] in status:
        yield _FAHRENHEIT, "[degF]"
