"""Zigbee2MQTT: names with slashes, cached states, units of the bridge."""

import json

import pytest

from tests.ingest.codecs.golden import Hearing, golden

EXAMPLE = golden("zigbee2mqtt")
ROOM = "zigbee2mqtt/block 3/flat 12/hall"
STATE = '{"temperature": 21.4, "humidity": 44, "battery": 91, "linkquality": 120}'


@pytest.fixture
def hear() -> Hearing:
    return Hearing("zigbee2mqtt", "zigbee2mqtt/#")


def test_the_friendly_name_is_the_device_with_its_slashes(hear: Hearing) -> None:
    samples, _ = hear(ROOM, STATE)
    assert [(s.device, s.channel, str(s.value), s.unit) for s in samples] == [
        ("block 3/flat 12/hall", "temperature", "21.4", "Cel"),
        ("block 3/flat 12/hall", "humidity", "44", "%"),
    ]
    everywhere = Hearing("zigbee2mqtt", "#")
    assert [s.device for s in everywhere("zigbee2mqtt/a/b", STATE)[0]] == ["a/b"] * 2
    below = Hearing("zigbee2mqtt", "house/z2m/#")
    assert [s.device for s in below("house/z2m/a/b", STATE)[0]] == ["a/b"] * 2


@pytest.mark.parametrize(
    "seen",
    ['"2026-11-22T07:00:00.000+01:00"', '"2026-11-22T06:00:00Z"', "1795327200000", "1795327200"],
)
def test_last_seen_is_the_time(hear: Hearing, seen: str) -> None:
    samples, _ = hear(ROOM, f'{{"temperature": 21.4, "last_seen": {seen}}}')
    assert [(s.at_us, s.untimed, s.republished) for s in samples] == [
        (1_795_327_200_000_000, False, False)
    ]


def test_a_last_seen_that_is_null_is_marked_and_a_wrong_one_refused(hear: Hearing) -> None:
    samples, _ = hear(ROOM, '{"temperature": 21.4, "last_seen": null}')
    assert [(s.at_us, s.untimed) for s in samples] == [(None, True)]
    assert "time 'now' is not ISO 8601" in hear.refusal(
        ROOM, '{"temperature": 1, "last_seen": "now"}'
    )


def test_the_first_state_behind_a_start_of_the_bridge_is_not_fresh(hear: Hearing) -> None:
    again = [hear(ROOM, STATE)[0][0].republished]
    hear("zigbee2mqtt/bridge/state", '{"state": "online"}')
    again += [hear(topic, STATE)[0][0].republished for topic in (ROOM, ROOM, "zigbee2mqtt/b", ROOM)]
    hear("zigbee2mqtt/bridge/state", "online")
    again += [hear(ROOM, STATE)[0][0].republished for _ in range(2)]
    assert again == [False, True, False, True, False, True, False]
    seen = '{"temperature": 21.4, "last_seen": "2026-11-22T06:00:00Z"}'
    hear("zigbee2mqtt/bridge/state", "online")
    assert not hear(ROOM, seen)[0][0].republished  # its own time says that it is old


def test_the_retained_state_of_the_bridge_is_no_start(hear: Hearing) -> None:
    hear("zigbee2mqtt/bridge/state", '{"state": "online"}', retained=True)
    assert not hear(ROOM, STATE)[0][0].republished


def test_the_bridge_says_the_units_of_a_device(hear: Hearing) -> None:
    exposes = [
        {"property": "pressure", "unit": "kPa", "access": 1},
        {"property": "battery", "unit": "%", "access": 1},
        {"property": "water", "unit": "m³", "access": 1},
        {"property": "target", "unit": "°C", "access": 2},
        {"features": [{"features": [{"property": "probe_t", "unit": "°F", "access": 5}]}]},
        {"property": "lux", "unit": "lx", "access": 1}, "noise", {"property": 5},
    ]  # fmt: skip
    described = [
        {"friendly_name": "a/b", "definition": {"exposes": exposes}},
        None,
        {"friendly_name": 1},
    ]
    assert hear.values("zigbee2mqtt/bridge/devices", json.dumps(described)) == {}
    state = (
        '{"pressure": 101.2, "battery": 90, "water": 1.5, "target": 21, "probe_t": 70, "lux": 5}'
    )
    samples, _ = hear("zigbee2mqtt/a/b", state)
    assert [(s.channel, s.unit) for s in samples] == [
        ("pressure", "kPa"), ("water", "m3"), ("probe_t", "[degF]"), ("lux", "lx"),
    ]  # fmt: skip


def test_null_is_missing_and_a_word_is_refused(hear: Hearing) -> None:
    assert hear.values(ROOM, '{"temperature": null, "local_temperature": "20.5"}') == {
        "temperature": None, "local_temperature": "20.5",
    }  # fmt: skip
    said = "undecodable: channel temperature: 'warm' is not a number"
    assert said in hear.refusal(ROOM, '{"temperature": "warm"}')


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        (f"{ROOM}/availability", '{"state": "offline"}'), (f"{ROOM}/availability", "online"),
        (f"{ROOM}/set", '{"state": "ON"}'), (f"{ROOM}/get", '{"state": ""}'),
        ("zigbee2mqtt/bridge/logging", '{"level": "info"}'), ("zigbee2mqtt/bridge/info", "x"),
        (ROOM, '{"battery": 90, "linkquality": 5}'), (f"{ROOM}/contact", "true"),
    ],
)  # fmt: skip
def test_what_is_no_reading_is_ignored(hear: Hearing, topic: str, payload: str) -> None:
    assert hear(topic, payload) == ([], [])


def test_a_topic_per_value_is_read_too(hear: Hearing) -> None:
    (sample,), _ = hear(f"{ROOM}/temperature", "21.4")
    assert (sample.device, sample.channel) == ("block 3/flat 12/hall", "temperature")
    assert hear.refusal(ROOM, '{"temperature": ').startswith("undecodable: ")


def test_a_unit_that_is_not_known_takes_the_place_of_the_usual_one(hear: Hearing) -> None:
    exposes = [
        {"property": "pressure", "unit": "mmHg", "access": 1},
        {"property": "flow", "unit": "gal/min", "access": 1},
        {"property": "linkquality", "unit": "lqi", "access": 1},
    ]
    device = {"friendly_name": "cellar", "definition": {"exposes": exposes}}
    hear("zigbee2mqtt/bridge/devices", json.dumps([device]))
    state = '{"pressure": 750, "flow": 2, "linkquality": 120, "power": 5}'
    samples, flaws = hear("zigbee2mqtt/cellar", state)
    assert flaws == []
    assert [(s.channel, s.unit, s.aside) for s in samples] == [
        ("pressure", "mmHg", True), ("flow", "gal/min", True), ("linkquality", "lqi", True),
        ("power", "W", False),
    ]  # fmt: skip
