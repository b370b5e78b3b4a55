"""Tasmota: `tele/TOPIC/SENSOR`, and the same as an answer in `stat/TOPIC/STATUS8` or `STATUS10`.

The device is what stands in the topic beside prefix and last level, in whatever order FullTopic
puts them. Numbers behind a sensor's type (`DS18B20-2`) change when one is added, so a sensor with an
`Id` is called by that: channel `DS18B20-0316A279C7FF.Temperature`. `Time` is local without offset
unless SetOption52 is on: it is read in the feed's zone, else the time of receipt stands in, marked.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from domain.unit import Unit
from ingest.codecs.foreign import (
    Found,
    Time,
    Wrong,
    codec,
    device_of_topic,
    event_time,
    keys_of,
    load_object,
    of_number,
    zone_of,
)
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Message, Reason, Sample
from ingest.config import FeedConfig

_PREFIXES = frozenset({"tele", "stat", "cmnd"})
#: Last level of a topic -> the member in which the sensors are; other topics hold none.
_SENSORS = {"SENSOR": None, "STATUS8": "StatusSNS", "STATUS10": "StatusSNS"}
#: Values of sensors with their unit; a name is where the message itself says it.
_FIELDS = {
    "Temperature": "TempUnit", "Humidity": "%", "Pressure": "PressureUnit",
    "CarbonDioxide": "[ppm]", "Power": "W", "Total": "kW.h",
}  # fmt: skip
#: What holds where a message says no unit: Tasmota's own defaults.
_DEFAULTS = {"TempUnit": "C", "PressureUnit": "hPa"}
#: Last levels of topics of devices that hold no sensor.
_OTHERS = frozenset({"LWT", "STATE", "INFO1", "INFO2", "INFO3", "RESULT", "STATUS", "UPTIME"})
_NUMBERED = re.compile(r"[-_]\d{1,3}\Z", re.ASCII)
_METER = "ENERGY"
#: Where its messages come by themselves.
TOPICS = ("tele/+/SENSOR",)


def recognises(topic: str, payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    *levels, last = topic.split("/")
    if last in _SENSORS:
        return "Time" in keys_of(payload) | keys_of(payload, "StatusSNS")
    return last in _OTHERS and not _PREFIXES.isdisjoint(levels)


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed."""
    named, zone = device_of_topic(feed), zone_of(feed)

    def read(message: Message, _memory: Memory) -> Iterator[Found]:
        *levels, last = message.topic.split("/")
        if last not in _SENSORS and _PREFIXES & {*levels, last}:
            return
        of = levels if last in _SENSORS else [*levels, last]
        device = named(message.topic) or "/".join(each for each in of if each not in _PREFIXES)
        if not device:
            raise Wrong(Reason.UNMAPPED, f"topic does not match {feed.topic!r}")
        content = load_object(message.payload)
        below = _SENSORS.get(last)
        state = content if below is None else content.get(below)
        if not isinstance(state, dict):
            raise Wrong(Reason.UNDECODABLE, f"the message has no {below}")
        time = event_time(state.get("Time"), "iso", zone, message.received_us)
        yield from _samples(device, state, time)

    return codec(read)


def _samples(device: str, state: dict[str, Any], time: Time) -> Iterator[Found]:
    at_us, corrected, untimed = time
    for channel, raw, unit in _values(state):
        yield of_number(
            raw,
            Sample(
                device, channel, at_us, None, unit, corrected=corrected, untimed=untimed,
                optional=True,
            ),
        )  # fmt: skip


def _values(state: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """(channel, value, unit) of every sensor of a message."""
    for name, sensor in state.items():
        if not isinstance(sensor, dict):
            continue
        for field, unit in _FIELDS.items():
            if field in sensor and (field != "Total" or name == _METER):
                said = _unit(state.get(unit) or _DEFAULTS[unit]) if unit in _DEFAULTS else unit
                yield from _each(f"{_called(name, sensor)}.{field}", sensor[field], said)


def _unit(written: Any) -> str:
    """As UCUM; one that is not known stays, and is refused with what is allowed."""
    try:
        return Unit.of(str(written)).code
    except ValueError:
        return str(written)[:40]


def _called(name: str, sensor: dict[str, Any]) -> str:
    """A sensor by its own number, where it has one."""
    own = sensor.get("Id", sensor.get("Address"))
    if isinstance(own, int | str | Decimal) and str(own):
        return f"{_NUMBERED.sub('', name)}-{str(own).upper()}"
    return name


def _each(channel: str, raw: Any, unit: str) -> Iterator[tuple[str, Any, str]]:
    """The phases of a meter stand in a list."""
    if isinstance(raw, list):
        yield from ((f"{channel}-{i}", each, unit) for i, each in enumerate(raw, 1))
    else:
        yield channel, raw, unit
