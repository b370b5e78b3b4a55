"""What a configuration of Home Assistant's discovery says."""

from typing import Any

import pytest

from ingest.codecs.discovery import Described, described
from ingest.codecs.foreign import Wrong

TOPIC = "homeassistant/sensor/node/obj/config"
PLAIN = {"state_topic": "a/t", "unit_of_measurement": "°C"}


def first(content: dict[str, Any], topic: str = TOPIC) -> Described:
    (found,) = described(topic, content)
    assert isinstance(found, Described)
    return found


@pytest.mark.parametrize(
    ("template", "path"),
    [
        (None, ()), ("", ()), ("{{ value }}", ()), ("{{value|float}}", ()), ("{{ value_json.t }}", ("t",)),
        ("{{ value_json.a.b | round(1) | float(0) }}", ("a", "b")),
        ("{{ value_json['DS18B20-1']['Temperature'] }}", ("DS18B20-1", "Temperature")),
        ('{{ value_json["t"] }}', ("t",)),
    ],
)  # fmt: skip
def test_a_template_that_names_one_member_is_its_path(
    template: str | None, path: tuple[str, ...]
) -> None:
    assert first({**PLAIN, "value_template": template}).path == path


@pytest.mark.parametrize(
    "template",
    ["{{ value_json.t * 2 }}", "{% if value %}1{% endif %}", "{{ states('x') }}", "{{ value_json }}",
     "{{ value_json.t }}{{ value_json.u }}", "{{ value_json.t | multiply(2) }}", "{{ " * 500],
)  # fmt: skip
def test_any_other_template_is_a_flaw(template: str) -> None:
    (flaw,) = described(TOPIC, {**PLAIN, "value_template": template})
    assert not isinstance(flaw, Described)
    assert "names no one member" in flaw.detail


def test_the_device_is_its_first_identifier_else_the_component() -> None:
    assert first({**PLAIN, "device": {"identifiers": ["x", "y"]}}).device == "x"
    assert first({**PLAIN, "dev": {"ids": "x"}}).channel == "obj"
    alone = first({**PLAIN, "unique_id": "u1"})
    assert (alone.device, alone.channel) == ("u1", "state")
    assert first(PLAIN).device == "obj"


@pytest.mark.parametrize(
    "content",
    [{}, {"state_topic": 5, "unit_of_measurement": "°C"}, {"state_topic": "a", "unit_of_measurement": ""},
     {"state_topic": "a"}, {"state_topic": "a", "unit_of_measurement": "%", "device_class": "battery"}],
)  # fmt: skip
def test_what_measures_nothing_of_ours_is_left_out(content: dict[str, Any]) -> None:
    assert [*described(TOPIC, content)] == []
    assert [*described("homeassistant/switch/node/obj/config", {**PLAIN, **content})] == []


def test_a_configuration_is_an_object() -> None:
    with pytest.raises(Wrong):
        list(described(TOPIC, []))


def test_a_unit_that_is_not_known_stays_as_it_is_written() -> None:
    assert [first({**PLAIN, "unit_of_measurement": unit}).unit for unit in ("lx", "psi", "kWh")] == [
        "lx", "psi", "kW.h",
    ]  # fmt: skip
