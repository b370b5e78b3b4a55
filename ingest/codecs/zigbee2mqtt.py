"""Zigbee2MQTT: `zigbee2mqtt/FRIENDLY/NAME` with the state of a device as JSON.

The bridge sends its cached states again when it starts, and they look fresh: by `last_seen`
(`advanced.last_seen` of its configuration) they are the old readings once more. Without it the first
state of each device behind the bridge's `online` counts as republished: its time is not known.
`bridge/devices` says the unit of each value of a device; without it the usual ones hold.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ingest.codecs.foreign import (
    Found,
    Time,
    Wrong,
    codec,
    event_time,
    keys_of,
    levels_of,
    load,
    load_or_text,
    of_number,
    zone_of,
)
from ingest.codecs.memory import MOST_KEY, Memory
from ingest.codecs.message import Codec, Flaw, Message, Reason, Sample
from ingest.codecs.units import is_foreign, unit_of
from ingest.config import FeedConfig

#: When the bridge last went online, and the units of each device.
REMEMBERS = True

#: Readings of devices by their usual names, with the unit in which the bridge gives them.
_USUAL = {
    "temperature": "Cel", "local_temperature": "Cel", "external_temperature": "Cel",
    "occupied_heating_setpoint": "Cel", "current_heating_setpoint": "Cel", "humidity": "%",
    "pressure": "hPa", "co2": "[ppm]", "power": "W", "energy": "kW.h", "flow": "m3/h",
}  # fmt: skip
#: An endpoint behind a name: `temperature_1`, `temperature_l2`, `temperature_probe`.
_ENDPOINT = re.compile(r"_(l?\d{1,2}|probe|left|right|top|bottom|inlet|outlet)\Z", re.ASCII)
#: Last levels of topics that hold no state of a device.
_OTHER = frozenset({"availability", "set", "get"})
_BASE, _BRIDGE = "zigbee2mqtt", "bridge"
#: Only what a device publishes counts (bit 0 of an expose's `access`).
_PUBLISHED = 1


class Online(msgspec.Struct, frozen=True):
    """The bridge's last start."""

    since_us: int


class Device(msgspec.Struct, frozen=True):
    """What is known of a device."""

    units: dict[str, str] = {}


class Seen(msgspec.Struct, frozen=True):
    """A topic that gave a state since this start of the bridge."""

    online_us: int


#: Where its messages come by themselves.
TOPICS = ("zigbee2mqtt/#",)
#: The bridge writes `last_seen`.
CLOCK = "gateway"


def recognises(topic: str, payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    return topic.startswith(f"{_BASE}/") or "linkquality" in keys_of(payload)


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed."""
    levels, zone = levels_of(feed), zone_of(feed)

    def read(message: Message, memory: Memory) -> Iterator[Found]:
        names = levels(message.topic)
        if names[:1] == [_BASE]:  # its feed takes more topics than those of the bridge
            names = names[1:]
        of_topic = "/".join(names)
        if names[:1] == [_BRIDGE]:
            _bridge(names[1:], message, memory)
            return
        if not names or (len(names) > 1 and names[-1] in _OTHER):
            return
        state = load_or_text(message.payload)
        if not isinstance(state, dict):  # one topic a value: output = attribute
            names, state = names[:-1], {names[-1]: state}
        device = "/".join(names)
        if not device or len(of_topic) >= MOST_KEY or "\0" in device:
            raise Wrong(Reason.UNMAPPED, f"topic does not match {feed.topic!r}")
        known = memory.get(f"={device}", Device) or Device()
        time: Time = (None, False, False)
        if "last_seen" in state:
            time = event_time(state["last_seen"], "auto", zone, message.received_us)
        again = time[0] is None and _is_again(of_topic, message, memory)
        yield from _samples(device, state, known.units, time, again)

    return codec(read)


def _bridge(names: list[str], message: Message, memory: Memory) -> None:
    """What the bridge says of itself: no readings."""
    if names == ["state"]:
        state = load_or_text(message.payload)
        word = state.get("state") if isinstance(state, dict) else state
        if word == "online" and not message.retained:
            memory.put("online", Online(message.received_us))
    elif names == ["devices"]:
        devices = load(message.payload)
        for each in devices if isinstance(devices, list) else ():
            _learn(each, memory)


def _learn(described: Any, memory: Memory) -> None:
    """The units of one entry of `bridge/devices`."""
    name = described.get("friendly_name") if isinstance(described, dict) else None
    if not isinstance(name, str) or not 0 < len(name) < MOST_KEY or "\0" in name:
        return
    definition = described.get("definition")
    units = dict(_units(definition.get("exposes"), 3)) if isinstance(definition, dict) else {}
    known = memory.get(f"={name}", Device) or Device()
    if known.units != units:
        memory.put(f"={name}", msgspec.structs.replace(known, units=units))


def _units(exposes: Any, depth: int) -> Iterator[tuple[str, str]]:
    """Property -> unit of every number that has one, in UCUM where it is ours; features may hold features."""
    for each in exposes if isinstance(exposes, list) else ():
        if not isinstance(each, dict):
            continue
        name, unit, access = each.get("property"), each.get("unit"), each.get("access", 1)
        if isinstance(name, str) and isinstance(unit, str) and isinstance(access, int):
            code = unit_of(unit)
            if code is not None and access & _PUBLISHED and _measures(name, code):
                yield name, code
        if depth:
            yield from _units(each.get("features"), depth - 1)


def _measures(name: str, code: str) -> bool:
    """A battery's percentage is no humidity, nor is a position: `%` counts for humidity alone."""
    return code != "%" or "humidity" in name


def _is_again(of_topic: str, message: Message, memory: Memory) -> bool:
    """Whether a state without time is the first of its topic since the bridge's start."""
    online, key = memory.get("online", Online), f"~{of_topic}"
    if online is None or message.retained or message.replayed:
        return False
    seen = memory.get(key, Seen)
    if seen is not None and seen.online_us == online.since_us:
        return False
    memory.put(key, Seen(online.since_us))
    return True


def _samples(
    device: str, state: dict[str, Any], units: dict[str, str], time: Time, again: bool
) -> Iterator[Found]:
    at_us, corrected, untimed = time
    for name, raw in state.items():
        unit = units.get(name) or _USUAL.get(_ENDPOINT.sub("", name))
        if unit is None:
            continue
        sample = Sample(
            device, name, at_us, None, unit, corrected=corrected, untimed=untimed,
            republished=again, optional=True, aside=is_foreign(unit),
        )  # fmt: skip
        found = of_number(raw, sample)
        if not (isinstance(found, Flaw) and sample.aside):
            yield found
