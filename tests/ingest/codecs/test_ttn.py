"""The Things Stack v3: three clocks, what the network leaves out, what is no reading."""

import base64
import json
from typing import Any

import pytest

from domain.quality import TimeKind
from ingest.codecs.message import Message
from ingest.codecs.ttn import is_aside, suggested
from ingest.codecs.uplinks import Uplinks
from tests.ingest.codecs.golden import Hearing, golden

EXAMPLE = golden("ttn")
TOPIC = "v3/heat@demo/devices/flat-12/up"
IDS = {"device_id": "flat-12", "dev_eui": "0004A30B001C0530"}
AT_US = 1_795_327_200_000_000


def uplink(outer: dict[str, Any] | None = None, **more: Any) -> str:
    sent = {
        "session_key_id": "AXBS==", "f_cnt": 3, "f_port": 2, "received_at": "2026-11-22T06:00:01.5Z",
        "decoded_payload": {"temperature": 21.25},
        "rx_metadata": [{"gateway_ids": {}}, {"time": "2026-11-22T06:00:00Z", "rssi": -35}],
    }  # fmt: skip
    kept = {key: value for key, value in {**sent, **more}.items() if value != "left out"}
    message = {"end_device_ids": IDS, "received_at": "2026-11-22T06:00:03Z", "uplink_message": kept}
    return json.dumps({**message, **(outer or {})})


def times(clock: str, **more: Any) -> list[tuple[Any, ...]]:
    samples, flaws = Hearing("ttn", "v3/#", clock=clock)(TOPIC, uplink(**more))
    assert flaws == []
    return [(s.at_us, s.time_kind, s.untimed) for s in samples]


def test_of_three_clocks_the_one_counts_that_the_feed_names() -> None:
    assert times("meter") == [(AT_US + 1_500_000, TimeKind.SERVER, False)]
    assert times("gateway") == [(AT_US, TimeKind.GATEWAY, False)]
    alone = {"rx_metadata": [{"rssi": -35}, None]}
    assert times("gateway", **alone) == [(AT_US + 1_500_000, TimeKind.SERVER, False)]
    assert times("server", received_at="left out") == [(AT_US + 3_000_000, TimeKind.SERVER, False)]
    nothing = {"outer": {"received_at": None}, "received_at": "left out"}
    assert times("server", **nothing) == [(None, TimeKind.SERVER, True)]


def test_an_uplink_is_told_apart_by_session_and_counter_whose_zero_is_left_out() -> None:
    hear = Hearing("ttn", "v3/#")
    keys = [hear(TOPIC, uplink(f_cnt=each))[0][0].message_key for each in (3, 0, "left out")]
    assert keys == [f"0004A30B001C0530/AXBS==/{n}" for n in (3, 0, 0)]
    assert hear(TOPIC, uplink(session_key_id="left out"))[0][0].message_key == ""
    assert {(s.device, s.formerly) for s in hear(TOPIC, uplink())[0]} == {
        ("flat-12", ("0004A30B001C0530",))
    }


def test_a_line_of_the_storage_integration_is_the_same_uplink() -> None:
    hear = Hearing("ttn", "#")
    assert hear("x", json.dumps({"result": json.loads(uplink())})) == hear(TOPIC, uplink())


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        (TOPIC.replace("/up", "/join"), "noise"), (TOPIC.replace("/up", "/down/queued"), "noise"),
        ("x", json.dumps({"end_device_ids": IDS, "join_accept": {}})),
        (TOPIC, uplink({"simulated": True})), (TOPIC, uplink(decoded_payload="left out")),
        (TOPIC, uplink(decoded_payload={"state": "ok"})),
    ],
    ids=range(6),
)  # fmt: skip
def test_what_is_no_reading_is_ignored(topic: str, payload: str) -> None:
    assert Hearing("ttn", "#")(topic, payload) == ([], [])


def test_what_breaks_the_format_is_named() -> None:
    hear = Hearing("ttn", "#")
    for payload in ("{}", '{"end_device_ids": {"dev_eui": "x"}}'):
        assert "the message has no end_device_ids.device_id" in hear.refusal(TOPIC, payload)
    versions = {"brand_id": "acme", "model_id": "t"}
    raw = uplink(decoded_payload="left out", frm_payload="AQI=", version_ids=versions)
    said = hear.refusal(TOPIC, raw)
    assert said.startswith("unmapped: nothing decodes the payload of 'acme/t, acme': name what")
    assert 'drivers = { "acme/t" = "..." }' in said
    assert "is not ISO 8601" in hear.refusal(TOPIC, uplink(received_at="today"))


def about(**more: Any) -> bytes:
    return json.dumps({"end_device_ids": IDS, **more}).encode()


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("v3/heat@demo/devices/flat-12/join", about(join_accept={"session_key_id": "A"})),
        ("v3/heat@demo/devices/flat-12/down/push", b'{"downlinks": [{"f_port": 15}]}'),
        ("v3/heat@demo/devices/flat-12/down/sent", about(downlink_sent={"f_cnt": 3})),
        ("v3/heat@demo/devices/flat-12/service/data", about(service_data={"data": {"a": 1.5}})),
        ("v3/heat/devices/flat-12/location/solved", about(location_solved={"latitude": 1.5})),
        ("bridged", about(location_solved={"latitude": 1.5})),
        ("bridged", b'{"result": ' + about(join_accept={}) + b"}"),
    ],
)
def test_what_the_network_says_beside_uplinks_is_set_aside_and_no_reading(
    topic: str, payload: bytes
) -> None:
    assert is_aside(topic, payload)
    if b"end_device_ids" in payload:
        assert Hearing("ttn", "#")(topic, payload) == ([], [])


def test_uplinks_and_what_others_send_is_not_set_aside() -> None:
    assert not is_aside(TOPIC, uplink().encode())
    assert not is_aside("bridged", uplink().encode())
    assert not is_aside("bridged", json.dumps({"result": json.loads(uplink())}).encode())
    assert not is_aside("v3/data/join", b'{"t": 21}')


def test_a_driver_is_suggested_by_what_it_reads() -> None:
    raw = base64.b64encode(bytes.fromhex("0175640367ee0004687b")).decode()
    sent = uplink(decoded_payload=None, f_port=85, frm_payload=raw)
    table, confirm = suggested([Message(TOPIC, sent.encode(), 0)])
    assert (table, len(confirm)) == ({"drivers": {"flat-12": "milesight"}}, 1)


def test_frame_counters_tell_how_many_uplinks_did_not_come() -> None:
    hear = Hearing("ttn", "v3/#")
    for counter, session in ((3, "a"), (5, "a"), (5, "a"), ("left out", "b"), (1, "b")):
        hear(TOPIC, uplink(f_cnt=counter, session_key_id=session))
    (told,) = hear.memory.tells()
    assert isinstance(told, Uplinks)
    assert (told.device, told.received, told.missed) == ("flat-12", 4, 1)
