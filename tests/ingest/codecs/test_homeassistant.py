"""Home Assistant: what configurations name, and states with their units."""

import json
from typing import Any

import pytest

from domain.time import to_us
from ingest.batch.decode import Decoder, Outcome
from ingest.batch.table import SeriesTable
from ingest.codecs.message import Reason
from tests.ingest.codecs.golden import Hearing, golden
from tests.ingest.small import NOW, SINCE, frames_of, index_of, packets, rows

EXAMPLE = golden("homeassistant")
CONFIG = "homeassistant/sensor/esp/t/config"


@pytest.fixture
def hear() -> Hearing:
    return Hearing("homeassistant", "#", mapping={"units": {"sensor.bare": "kPa"}})


def sensor(**more: Any) -> str:
    about = {"identifiers": ["esp-f12"], "name": "flat 12"}
    content = {"state_topic": "esp/t", "unit_of_measurement": "°C", "device": about}
    return json.dumps({**content, **more})


def test_a_configuration_gives_device_and_unit_of_its_state_topic(hear: Hearing) -> None:
    (early,) = hear("esp/t", "21.5")[1]
    assert early.reason is Reason.OUT_OF_SEQUENCE
    assert hear(CONFIG, sensor()) == ([], [])
    (sample,), _ = hear("esp/t", "21.5")
    assert (sample.device, sample.channel, str(sample.value), sample.unit) == (
        "esp-f12", "t", "21.5", "Cel",
    )  # fmt: skip
    assert hear(CONFIG, sensor(unit_of_measurement="°F")) == ([], [])
    assert [s.unit for s in hear("esp/t", "70")[0]] == ["[degF]"]
    hear(CONFIG, sensor(state_topic="esp/new"))
    assert hear("esp/t", "70")[1]
    assert hear.values("esp/new", "70") == {"t": "70"}
    hear(CONFIG, "")
    assert hear("esp/new", "70")[1]


@pytest.mark.parametrize("word", ["unavailable", "unknown", "None", "", "null"])
def test_a_word_for_nothing_is_missing(hear: Hearing, word: str) -> None:
    hear(CONFIG, sensor())
    hear("ha/sensor/x/unit_of_measurement", '"°C"')
    assert hear.values("esp/t", word) == {"t": None}
    assert hear.values("ha/sensor/x/state", word) == {"state": None}


def test_short_keys_and_all_of_a_device_at_once_are_known(hear: Hearing) -> None:
    components = {
        "t": {"p": "sensor", "unit_of_meas": "°C", "val_tpl": "{{ value_json.temperature|float }}"},
        "h": {"p": "sensor", "unit_of_meas": "%", "dev_cla": "humidity",
              "val_tpl": "{{ value_json['air'][\"rh\"] | round(1) }}"},
        "b": {"p": "sensor", "unit_of_meas": "%", "dev_cla": "battery", "val_tpl": "{{ value_json.b }}"},
        "s": {"p": "switch", "stat_t": "z/hall"},
        "c": {"p": "climate", "curr_temp_t": "~/c", "curr_temp_tpl": "{{ value }}"},
    }  # fmt: skip
    content = {"~": "z", "dev": {"ids": "0x1"}, "stat_t": "~/hall", "cmps": components}
    assert hear("homeassistant/device/0x1/config", json.dumps(content)) == ([], [])
    state = '{"temperature": 19.5, "air": {"rh": null}, "b": 90, "last_seen": 1795327200000}'
    samples, _ = hear("z/hall", state)
    assert [(s.device, s.channel, s.value and str(s.value), s.unit, s.at_us) for s in samples] == [
        ("0x1", "temperature", "19.5", "Cel", 1_795_327_200_000_000),
        ("0x1", "air.rh", None, "%", 1_795_327_200_000_000),
    ]
    assert hear.values("z/hall", '{"temperature": "20"}') == {"temperature": "20"}
    assert hear.values("z/c", "20.5") == {"c": "20.5"}


def test_a_template_that_computes_is_refused_and_leaves_the_others(hear: Hearing) -> None:
    components = {
        "a": {"platform": "sensor", "unit_of_measurement": "°C", "value_template": "{{ value_json.t / 10 }}"},
        "b": {"platform": "sensor", "unit_of_measurement": "°C", "value_template": "{{ value_json.u }}"},
    }  # fmt: skip
    content = {"state_topic": "z/x", "device": {"identifiers": "d"}, "components": components}
    (flaw,) = hear("homeassistant/device/d/config", json.dumps(content))[1]
    assert flaw.detail == "template '{{ value_json.t / 10 }}' of 'a' names no one member"
    assert hear.values("z/x", '{"t": 215, "u": 21.5}') == {"u": "21.5"}


def test_statestream_gives_states_in_the_units_of_their_attributes(hear: Hearing) -> None:
    unit = "ha/sensor/hall_t/unit_of_measurement"
    assert hear(unit, '"°F"', retained=True) == ([], [])
    (sample,), _ = hear("ha/sensor/hall_t/state", "70.5")
    assert (sample.device, sample.channel, sample.unit) == ("sensor.hall_t", "state", "[degF]")
    assert [s.unit for s in hear("ha/sensor/bare/state", "101")[0]] == ["kPa"]
    assert hear.values("ha/climate/hall/current_temperature", "20.5") == {
        "current_temperature": "20.5"
    }
    hear("ha/sensor/mains/unit_of_measurement", '"V"')
    for topic, state in (
        ("sensor/mains/state", "loud"), ("sensor/door/state", "open"), ("climate/hall/state", "heat"),
        ("sensor/hall_t/friendly_name", '"Hall"'), ("sensor/hall_t/last_updated", '"2026"'),
    ):  # fmt: skip
        assert hear(f"ha/{topic}", state) == ([], [])
    ((mains,), flaws) = hear("ha/sensor/mains/state", "230")
    assert (mains.unit, mains.aside, flaws) == ("V", True, [])
    assert "'warm' is not a number" in hear.refusal("ha/sensor/hall_t/state", "warm")


def kept(hear: Hearing, *sent: tuple[str, str]) -> Outcome:
    """What a registry with energy and pressure of `e` and `p` keeps of the messages."""
    known = [
        (f"sensor.{c}", "state", role, SINCE, None)
        for c, role in (("e", "energy"), ("p", "supply_pressure"))
    ]
    decoder = Decoder([hear.feed], {hear.feed.name: 1}, SeriesTable(index_of(known)))
    buffer, frames, _, contents = frames_of(packets([(t, p.encode()) for t, p in sent]))
    return decoder.decode(buffer, frames, contents, to_us(NOW))


def test_a_state_waits_for_its_unit_and_an_unknown_one_is_refused_by_its_name(
    hear: Hearing,
) -> None:
    state, unit = ("ha/sensor/e/state", "1204.5"), ("ha/sensor/e/unit_of_measurement", '"kWh"')
    (early,) = kept(hear, state).refused
    assert (early.reason, early.detail) == (
        "out_of_sequence", "no unit of sensor.e is known for this state",
    )  # fmt: skip
    assert [r["value"] for r in rows(kept(hear, unit, state))] == [1_204_500]
    pressure = ("ha/sensor/p/unit_of_measurement", '"psi"'), ("ha/sensor/p/state", "60")
    (refused,) = kept(hear, *pressure).refused
    assert refused.reason == "implausible"
    assert "unit 'psi' is not known" in refused.detail
    others = [(topic.replace("/p/", "/q/"), text) for topic, text in pressure]
    assert kept(hear, *others).refused == []  # nobody registered it


def test_units_are_named_by_entity_or_by_channel() -> None:
    hear = Hearing("homeassistant", "#", mapping={"units": {"state": "bar", "sensor.e": "MWh"}})
    states = ("ha/sensor/e/state", "2"), ("ha/sensor/p/state", "6.2")
    assert [r["value"] for r in rows(kept(hear, *states))] == [2_000_000, 6200]


def test_what_breaks_the_format_is_named(hear: Hearing) -> None:
    assert "is no JSON object" in hear.refusal(CONFIG, "[]")
    assert "no configuration names topic 'a/b'" in hear.refusal("a/b", "1")
    assert "no topic of Home Assistant" in hear.refusal("a" * 700, "1")
    assert hear("esp/status", "online") == ([], [])
