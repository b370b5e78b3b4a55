"""Home Assistant's MQTT discovery: what a configuration says of the values on its state topics.

`PREFIX/COMPONENT/[NODE/]OBJECT/config` describes one component, `PREFIX/device/OBJECT/config` all of a device
(`components`). Keys may be abbreviated, `~` stands for a base topic. Of templates only those that name one
member are known (`{{ value_json.t }}`, `{{ value_json['t'] | float }}`); a component with another is refused,
as its value would be computed by a program that is not ours.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ingest.codecs.foreign import Wrong
from ingest.codecs.message import Flaw, Reason
from ingest.codecs.units import is_foreign, unit_of

#: Abbreviation -> key.
_LONG = {
    "stat_t": "state_topic", "val_tpl": "value_template", "unit_of_meas": "unit_of_measurement",
    "dev_cla": "device_class", "uniq_id": "unique_id", "obj_id": "object_id", "dev": "device",
    "cmps": "components", "p": "platform", "ids": "identifiers",
    "curr_temp_t": "current_temperature_topic", "curr_temp_tpl": "current_temperature_template",
    "temp_unit": "temperature_unit",
}  # fmt: skip
_VALUE = re.compile(
    r"""\s*\{\{\s*value(?P<json>_json(?P<path>(\.\w+|\[\s*(?:'[^']*'|"[^"]*")\s*\])+))?"""
    r"""\s*(\|\s*(float|int|round|default|string)\s*(\([^()|]*\))?\s*)*\}\}\s*"""
)
_STEP = re.compile(r"""\.(\w+)|\[\s*(?:'([^']*)'|"([^"]*)")\s*\]""")
#: A share of what is no air is no humidity.
_NO_HUMIDITY = frozenset({"battery", "power_factor", "moisture", "None"})


class Described(msgspec.Struct, frozen=True):
    """One value of a state topic."""

    config: str  # the topic of its configuration
    topic: str
    path: tuple[str, ...]  # of its value in the state; empty: the whole of it
    device: str
    channel: str
    unit: str  # UCUM, or as it is written


def described(topic: str, content: Any) -> Iterator[Described | Flaw]:
    """The values with a unit that a configuration describes; Wrong where it is none."""
    if not isinstance(content, dict):
        raise Wrong(Reason.UNDECODABLE, "the message is no JSON object")
    levels = topic.split("/")
    whole = _long(content)
    components = whole.get("components")
    if not isinstance(components, dict):
        domain = levels[-3] if levels[-3] in _DOMAINS else levels[-4]
        yield from _component(topic, domain, levels[-2], whole)
        return
    for name, each in components.items():
        if isinstance(each, dict):
            component = {**whole, **_long(each)}
            yield from _component(topic, str(component.get("platform")), name, component)


def _long(content: dict[str, Any]) -> dict[str, Any]:
    return {_LONG.get(key, key): value for key, value in content.items()}


_DOMAINS = frozenset({"sensor", "number", "climate"})


def _component(
    topic: str, domain: str, name: str, content: dict[str, Any]
) -> Iterator[Described | Flaw]:
    if domain == "climate":
        at, template = "current_temperature_topic", "current_temperature_template"
        unit: Any = content.get("temperature_unit", "C")
    elif domain in _DOMAINS:
        at, template, unit = "state_topic", "value_template", content.get("unit_of_measurement")
    else:
        return
    state, code = content.get(at), _ours(unit, content.get("device_class"))
    if not isinstance(state, str) or code is None:
        return
    path = _path(content.get(template))
    if path is None and is_foreign(code):
        return
    if path is None:
        detail = f"template {str(content[template])[:80]!r} of {name[:80]!r} names no one member"
        yield Flaw(Reason.UNDECODABLE, detail)
        return
    base = content.get("~")
    if isinstance(base, str):
        state = re.sub(r"\A~|~\Z", lambda _: base, state)
    device, alone = _device(content, name)
    yield Described(topic, state, path, device, _channel(path, name, alone), code)


def _ours(unit: Any, device_class: Any) -> str | None:
    """The UCUM code of a unit, as it is written where it is none of ours; None without one, or of no humidity."""
    code = unit_of(unit) if isinstance(unit, str) else None
    return None if code == "%" and str(device_class) in _NO_HUMIDITY else code


def _path(template: Any) -> tuple[str, ...] | None:
    """The member that a template names, None where it names none."""
    if not isinstance(template, str) or not template.strip():
        return ()
    match = _VALUE.fullmatch(template) if len(template) < 200 else None
    if match is None:
        return None
    return tuple("".join(step.groups("")) for step in _STEP.finditer(match["path"] or ""))


def _device(content: dict[str, Any], name: str) -> tuple[str, bool]:
    """The device's code, and whether it is the component itself."""
    device = content.get("device")
    ids = _long(device).get("identifiers") if isinstance(device, dict) else None
    first = ids[0] if isinstance(ids, list) and ids else ids
    if isinstance(first, str) and first:
        return first[:200], False
    unique = content.get("unique_id")
    return (unique if isinstance(unique, str) and unique else name)[:200], True


def _channel(path: tuple[str, ...], name: str, alone: bool) -> str:
    return ".".join(path) or ("state" if alone else name)
