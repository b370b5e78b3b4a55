"""Home Assistant: MQTT discovery and `mqtt_statestream`.

Discovery: `homeassistant/sensor/.../config` names a state topic, where the value stands in it, its unit
and its device; what comes on state topics is read by it. Statestream: `BASE/sensor/OBJECT/state` is a
value, `BASE/sensor/OBJECT/unit_of_measurement` its unit. Configurations and units are remembered.
`unavailable`, `unknown` and `none` are missing. Neither form says a time, so what the broker had
retained is not fresh.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from ingest.codecs.discovery import Described, described
from ingest.codecs.foreign import (
    Found,
    Time,
    Wrong,
    codec,
    event_time,
    keys_of,
    load,
    load_or_text,
    member,
    of_number,
    zone_of,
)
from ingest.codecs.memory import MOST_KEY, Memory
from ingest.codecs.message import Codec, Flaw, Message, Reason, Sample
from ingest.codecs.units import UnitsConfig, is_foreign, unit_of, units_of
from ingest.config import FeedConfig

#: What `build` takes in the table `mapping` of its feed.
SETTINGS = UnitsConfig
#: Configurations by state topic, units by entity.
REMEMBERS = True

MISSING = frozenset({"unavailable", "unknown", "none", "null", ""})
#: Domains of statestream whose states or attributes are numbers.
_STATES = frozenset({"sensor", "number", "input_number"})
_ATTRIBUTES = {
    "climate": frozenset({"current_temperature", "temperature", "current_humidity"}),
    "water_heater": frozenset({"current_temperature", "temperature"}),
}  # fmt: skip
_UNIT = "unit_of_measurement"
#: Members that only a configuration of discovery has.
_CONFIGURES = frozenset({"stat_t", "state_topic", "cmps", "components"})
#: Configurations name the topics on which values come.
NAMES_TOPICS = True


class Topic(msgspec.Struct, frozen=True):
    """What a state topic holds, by the configurations that name it."""

    values: tuple[Described, ...]


class Config(msgspec.Struct, frozen=True):
    """The state topics that one configuration names."""

    topics: tuple[str, ...]


class Entity(msgspec.Struct, frozen=True):
    """An entity of statestream."""

    unit: str


def recognises(topic: str, payload: bytes) -> bool:
    """Whether it is a configuration of discovery, or what statestream publishes of a sensor."""
    *levels, last = topic.split("/")
    if last == "config":
        return bool(_CONFIGURES & keys_of(payload))
    kind = levels[-2] if len(levels) > 2 else ""
    return last in ({"state", _UNIT} if kind in _STATES else _ATTRIBUTES.get(kind, ()))


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed."""
    units, zone = units_of(feed.mapping), zone_of(feed)

    def read(message: Message, memory: Memory) -> Iterator[Found]:
        topic = message.topic
        if not _may_be_key(topic):
            raise Wrong(Reason.UNMAPPED, f"no topic of Home Assistant: {topic[:80]!r}")
        levels = topic.split("/")
        if levels[-1] == "config" and len(levels) > 3:
            yield from _configure(message, memory)
            return
        known = memory.get(f"t{topic}", Topic)
        if known is not None and known.values:
            content = load_or_text(message.payload)
            time: Time = (None, False, False)
            if (seen := member(content, "last_seen")) is not None:
                time = event_time(seen, "auto", zone, message.received_us)
            for value in known.values:
                yield from _described_value(value, content, time)
        elif len(levels) > 2 and (levels[-3] in _STATES or levels[-3] in _ATTRIBUTES):
            yield from _streamed(levels[-3:], message, memory, units)
        elif levels[-1] not in {"availability", "status", "LWT"}:
            detail = f"no configuration names topic {topic[:80]!r}"
            raise Wrong(Reason.OUT_OF_SEQUENCE, detail)

    return codec(read)


def _may_be_key(topic: str) -> bool:
    return 0 < len(topic) < MOST_KEY and "\0" not in topic


# -- discovery -----------------------------------------------------------------------------------


def _configure(message: Message, memory: Memory) -> Iterator[Found]:
    """Takes the place of what this configuration said before; an empty one ends it."""
    key = f"c{message.topic}"
    before = memory.get(key, Config) or Config(())
    content = load(message.payload) if message.payload.strip() else {}
    found = [*described(message.topic, content)]
    new = [each for each in found if isinstance(each, Described) and _may_be_key(each.topic)]
    topics = tuple(dict.fromkeys(each.topic for each in new))
    for topic in dict.fromkeys((*before.topics, *topics)):
        known = memory.get(f"t{topic}", Topic) or Topic(())
        others = tuple(each for each in known.values if each.config != message.topic)
        values = (*others, *(each for each in new if each.topic == topic))
        if values != known.values:
            memory.put(f"t{topic}", Topic(values) if values else None)
    if topics != before.topics:
        memory.put(key, Config(topics) if topics else None)
    yield from (each for each in found if isinstance(each, Flaw))


def _described_value(value: Described, content: Any, time: Time) -> Iterator[Found]:
    raw = member(content, *value.path) if value.path else content
    if raw is None and value.path and not _has(content, value.path):
        return  # a state may hold some of its values only
    at_us, corrected, untimed = time
    sample = Sample(
        value.device, value.channel, at_us, None, value.unit, corrected=corrected,
        untimed=untimed, optional=True, aside=is_foreign(value.unit),
    )  # fmt: skip
    found = of_number(_or_missing(raw), sample)
    if not (isinstance(found, Flaw) and sample.aside):
        yield found


def _has(content: Any, path: tuple[str, ...]) -> bool:
    holder = member(content, *path[:-1])
    return isinstance(holder, dict) and path[-1] in holder


def _or_missing(raw: Any) -> Any:
    return None if isinstance(raw, str) and raw.strip().lower() in MISSING else raw


# -- statestream ---------------------------------------------------------------------------------


def _streamed(
    levels: list[str], message: Message, memory: Memory, units: dict[str, str]
) -> Iterator[Found]:
    """A state, or an attribute that is a number or says the unit."""
    domain, entity, what = levels
    device = f"{domain}.{entity}"
    raw = load_or_text(message.payload)
    if what == _UNIT:
        known = memory.get(f"u{device}", Entity)
        if isinstance(raw, str) and (known is None or known.unit != raw):
            memory.put(f"u{device}", Entity(raw[:40]))
        return
    state = what == "state" and domain in _STATES
    if not state and what not in _ATTRIBUTES.get(domain, ()):
        return
    said = memory.get(f"u{device}", Entity)
    unit = units.get(device) or units.get(what) or (said.unit if said else None)
    waits = state and unit is None and _or_missing(raw) is not None
    awaits = f"no unit of {device} is known for this state" if waits else ""
    sample = Sample(
        device,
        what,
        None,
        None,
        unit_of(unit),
        optional=True,
        aside=is_foreign(unit),
        awaits=awaits,
    )
    found = of_number(_or_missing(raw), sample)
    if not isinstance(found, Flaw) or not (unit is None or sample.aside):
        yield found  # without a unit of ours a state may be a word
