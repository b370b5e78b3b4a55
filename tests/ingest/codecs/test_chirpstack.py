"""ChirpStack v4: uplinks, what the network leaves out, what is no reading."""

import base64
import json
from typing import Any

import pytest

from domain.quality import TimeKind
from ingest.codecs.chirpstack import is_aside, suggested
from ingest.codecs.message import Message, Reason
from ingest.codecs.uplinks import Uplinks
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
        begin, _, what_to_write = flaw.detail.partition(": ")
        assert begin == "nothing decodes the payload of 'room sensor, p1'"
        assert 'drivers = { "room sensor" = "..." }' in what_to_write


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


def about(**more: Any) -> bytes:
    return json.dumps({"time": TIME, "deviceInfo": {"devEui": EUI}, **more}).encode()


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        (f"application/7/device/{EUI}/event/status", about(margin=10, batteryLevel=75.5)),
        (f"application/7/device/{EUI}/event/status", b'{"margin": 10, "batteryLevel": 75.5}'),
        (f"application/7/device/{EUI}/event/status", b"\x0a\x02"),
        (f"application/7/device/{EUI}/event/join", about(devAddr="0089ab12")),
        (f"application/7/device/{EUI}/event/ack", about(fCntDown=3)),
        (f"application/7/device/{EUI}/event/txack", about(txInfo={"frequency": 868_100_000})),
        (f"application/7/device/{EUI}/event/log", about(level="ERROR")),
        (f"application/7/device/{EUI}/event/location", about(location={"latitude": 1.5})),
        (f"application/7/device/{EUI}/event/integration", about(object={"battery": 3.1})),
        (f"application/7/device/{EUI}/command/down", b'{"fPort": 10, "data": "AQID"}'),
        ("eu868/gateway/0016c001f153a14c/event/stats", b'{"rxPacketsReceived": 12}'),
        ("gateway/0016C001F153A14C/state/conn", b'{"state": "ONLINE"}'),
        ("bridged/lora", about(margin=10, batteryLevel=75.5)),
        ("bridged/lora", about(integrationName="x", object={"battery": 3.1})),
    ],
)
def test_what_the_network_says_beside_uplinks_is_set_aside_and_no_reading(
    hear: Hearing, topic: str, payload: bytes
) -> None:
    assert is_aside(topic, payload)
    if b"deviceInfo" in payload:
        hearing = Hearing("chirpstack", "#")
        assert hearing(topic, payload.decode()) == ([], [])


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        (TOPIC, about(object={"t": 21})),
        (TOPIC, b'{"object": {"t": 21}}'),  # of version 3
        ("bridged/lora", about(object={"t": 21})),
        ("gateway/12/event/up", b'{"t": 21}'),  # somebody's own
        ("gateway/0016c001f153a14c/event/data", b'{"t": 21}'),
        ("application/7/event/status", b'{"t": 21}'),
    ],
)
def test_uplinks_and_what_others_send_is_not_set_aside(topic: str, payload: bytes) -> None:
    assert not is_aside(topic, payload)


def test_a_driver_is_suggested_by_what_it_reads(hear: Hearing) -> None:
    data = base64.b64encode(bytes.fromhex("0175640367ee0004687b")).decode()
    sent = [Message(TOPIC, uplink(fPort=85, data=data).encode(), 0)]
    table, confirm = suggested(sent)
    assert table == {"drivers": {"room sensor": "milesight"}}
    assert str(confirm[0]) == (
        "'room sensor': milesight alone reads its payloads; is it of that make?"
    )
    decoded = Message(TOPIC, uplink(fPort=85, data=data, object={"t": 1}).encode(), 0)
    assert suggested([decoded, Message(TOPIC, b"no JSON", 0)]) == ({}, ())


def told(hear: Hearing) -> list[tuple[str, int, int]]:
    """(device, received, missed) by now."""
    uplinks = [each for each in hear.memory.tells() if isinstance(each, Uplinks)]
    return [(each.device, each.received, each.missed) for each in uplinks]


def test_frame_counters_tell_how_many_uplinks_did_not_come(hear: Hearing) -> None:
    """Also of uplinks without values, or that nothing decodes; zero is left out by the network."""
    for more in (
        {"fCnt": 4, "devAddr": "00a1"},
        {"fCnt": 4, "devAddr": "00a1"},
        {"fCnt": 7, "devAddr": "00a1", "data": "AQID"},
        {"fCnt": "left out", "devAddr": "00b2"},
        {"fCnt": 2, "devAddr": "00b2"},
    ):
        hear(TOPIC, uplink(**more))
    assert told(hear) == [(EUI, 4, 3)]


@pytest.mark.parametrize("counter", [-1, True, "5", 2.5, [1]])
def test_what_is_no_counter_is_not_counted(hear: Hearing, counter: Any) -> None:
    hear(TOPIC, uplink(fCnt=counter, object={"t": 1}))
    assert told(hear) == []


def test_replayed_retained_and_shared_uplinks_are_not_counted(hear: Hearing) -> None:
    for more in ({"replayed": True}, {"retained": True}):
        hear(TOPIC, uplink(fCnt=900), **more)
    assert told(hear) == []
    shared = Hearing("chirpstack", "$share/ours/application/#")
    shared(TOPIC, uplink())
    assert told(shared) == []


@pytest.mark.parametrize("eui", ["0" * 301, "00\n11", "\ud800"])
def test_a_device_that_the_books_can_not_hold_is_not_counted(hear: Hearing, eui: str) -> None:
    hear(TOPIC, uplink(deviceInfo={"devEui": eui}))
    assert told(hear) == []
