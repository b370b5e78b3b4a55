"""ChirpStack v4: uplinks, what the network leaves out, what is no reading."""

import json
from typing import Any

import pytest

from domain.quality import TimeKind
from ingest.codecs.message import Reason
from tests.ingest.codecs.golden import Hearing, golden

EXAMPLE = golden("chirpstack")
EUI = "0018b20000001a2b"
TOPIC = f"application/7/device/{EUI}/event/up"
TIME = "2026-11-22T06:00:00.775023242+00:00"


def uplink(**more: Any) -> str:
    message = {
        "deduplicationId": "3ac7e3c4", "time": TIME,
        "deviceInfo": {"devEui": EUI, "deviceProfileName": "room sensor", "deviceProfileId": "p1"},
        "fCnt": 4, "fPort": 5, "rxInfo": [{"gatewayId": "g", "rssi": -36}],
    }  # fmt: skip
    return json.dumps(
        {key: value for key, value in {**message, **more}.items() if value != "left out"}
    )


@pytest.fixture
def hear() -> Hearing:
    return Hearing("chirpstack", "application/#", mapping={"units": {"meter.energy": "kWh"}})


def test_a_decoded_object_gives_a_reading_for_each_number(hear: Hearing) -> None:
    values = {"temperature": 21.5, "humidity": 0, "meter": {"energy": "1204.5", "state": "ok"}}
    samples, flaws = hear(TOPIC, uplink(object=values))
    assert flaws == []
    assert [(s.channel, str(s.value), s.unit) for s in samples] == [
        ("temperature", "21.5", None), ("humidity", "0", None), ("meter.energy", "1204.5", "kW.h"),
    ]  # fmt: skip
    assert {(s.device, s.formerly, s.at_us, s.message_key, s.time_kind) for s in samples} == {
        (EUI, (EUI.upper(),), 1_795_327_200_775_023, "3ac7e3c4", TimeKind.SERVER)
    }


def test_a_gateway_with_a_clock_gave_the_time(hear: Hearing) -> None:
    received = [{"gatewayId": "g"}, {"gatewayId": "h", "gwTime": TIME}]
    samples, _ = hear(TOPIC, uplink(object={"t": 1}, rxInfo=received))
    assert [s.time_kind for s in samples] == [TimeKind.GATEWAY]


def test_null_is_missing_and_a_time_that_is_left_out_is_marked(hear: Hearing) -> None:
    samples, _ = hear(TOPIC, uplink(object={"t": None}, time="left out"))
    assert [(s.value, s.at_us, s.untimed) for s in samples] == [(None, None, True)]


def test_an_uplink_without_payload_says_nothing_and_one_that_nothing_decodes_is_refused(
    hear: Hearing,
) -> None:
    assert hear(TOPIC, uplink(fPort="left out")) == ([], [])
    for more in (
        {"data": "AQID"},
        {"data": "AQID", "object": {}},
        {"data": "AQID", "object": None},
    ):
        (flaw,) = hear(TOPIC, uplink(**more))[1]
        assert flaw.reason is Reason.UNMAPPED
        assert flaw.detail == "nothing decodes the payload of 'room sensor, p1'"


@pytest.mark.parametrize(
    "kind", ["join", "ack", "txack", "log", "status", "location", "integration"]
)
def test_other_events_and_commands_are_ignored(hear: Hearing, kind: str) -> None:
    assert hear(TOPIC.replace("up", kind), "noise") == ([], [])
    assert hear(TOPIC.replace("event/up", "command/down"), "noise") == ([], [])


def test_a_topic_that_is_not_the_networks_leaves_it_to_the_content() -> None:
    hear = Hearing("chirpstack", "lora/{device}/#")
    assert [s.device for s in hear("lora/A1/x", uplink(object={"t": 1}))[0]] == ["A1"]
    status = json.dumps({"deviceInfo": {"devEui": EUI}, "margin": 10})
    assert hear("lora/A1/x", status) == ([], [])


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("[]", "the message is no JSON object"), ("{}", "the message has no deviceInfo"),
        (uplink(deviceInfo={"deviceName": "x"}), "the message has no deviceInfo.devEui"),
        (uplink(data="%%"), "the payload is no base64"), (uplink(data=5), "the payload is no base64"),
        (uplink(time="now", object={"t": 1}), "time 'now' is not ISO 8601"),
    ],
    ids=range(6),
)  # fmt: skip
def test_what_breaks_the_format_is_named(hear: Hearing, payload: str, said: str) -> None:
    assert said in hear.refusal(TOPIC, payload)
