"""Shelly Gen2+: notifications, states by component, errors."""

import json
from typing import Any

import pytest

from tests.ingest.codecs.golden import Hearing, golden

EXAMPLE = golden("shelly")
TOPIC = "shellyhtg3-84fce63c1a2b/events/rpc"


@pytest.fixture
def hear() -> Hearing:
    return Hearing("shelly", "#")


def notified(method: str = "NotifyStatus", ts: Any = 1795327200.37, **params: Any) -> str:
    params = {each.replace("_", ":"): value for each, value in params.items()}
    return json.dumps({"src": "x", "method": method, "params": {"ts": ts, **params}})


def test_a_notification_gives_its_components_at_its_time(hear: Hearing) -> None:
    text = notified(
        temperature_0={"id": 0, "tC": 21.4, "tF": 70.5}, humidity_0={"rh": 46.2},
        switch_0={"apower": 12.3, "aenergy": {"total": 1234.567, "by_minute": [0]}},
        devicepower_0={"battery": {"percent": 88}}, sys={"time": None, "unixtime": None},
    )  # fmt: skip
    samples, flaws = hear(TOPIC, text)
    assert flaws == []
    assert [(s.channel, str(s.value), s.unit) for s in samples] == [
        ("temperature:0.tC", "21.4", "Cel"), ("humidity:0.rh", "46.2", "%"),
        ("switch:0.apower", "12.3", "W"), ("switch:0.aenergy.total", "1234.567", "W.h"),
    ]  # fmt: skip
    assert {(s.device, s.at_us) for s in samples} == {
        ("shellyhtg3-84fce63c1a2b", 1_795_327_200_370_000)
    }


def test_a_time_that_is_null_is_marked(hear: Hearing) -> None:
    samples, _ = hear(TOPIC, notified(ts=None, temperature_0={"tC": 21}))
    assert [(s.at_us, s.untimed) for s in samples] == [(None, True)]


def test_null_is_missing_and_errors_make_a_value_unknown(hear: Hearing) -> None:
    text = notified(
        temperature_0={"tC": None, "tF": None}, temperature_100={"id": 100, "errors": ["read"]},
        temperature_101={"tC": 0, "tF": 32, "errors": ["out_of_range"]},
        humidity_0={"rh": 40, "errors": []}, switch_0={"errors": ["overtemp"], "apower": 5},
    )  # fmt: skip
    samples, _ = hear(TOPIC, text)
    assert [(s.channel, s.value is None, s.failed, s.faults) for s in samples] == [
        ("temperature:0.tC", True, False, ()), ("temperature:100.tC", True, True, ("read",)),
        ("temperature:101.tC", True, True, ("out_of_range",)), ("humidity:0.rh", False, False, ()),
        ("switch:0.apower", True, True, ("overtemp",)),
    ]  # fmt: skip


def test_fahrenheit_counts_only_where_it_is_alone(hear: Hearing) -> None:
    samples, _ = hear(TOPIC, notified(temperature_0={"tF": 70.5}))
    assert [(s.channel, s.unit) for s in samples] == [("temperature:0.tF", "[degF]")]


@pytest.mark.parametrize(
    ("topic", "filter_", "device"),
    [
        ("home/plug 3/events/rpc", "#", "home/plug 3"),
        ("home/plug 3/events/rpc", "home/{device}/#", "plug 3"),
        ("plug/status/temperature:0", "+/status/#", "plug"),
    ],
)
def test_the_device_is_the_prefix_of_the_topic(topic: str, filter_: str, device: str) -> None:
    payload = '{"id": 0, "tC": 21}' if "status" in topic else notified(temperature_0={"tC": 21})
    samples, _ = Hearing("shelly", filter_)(topic, payload)
    assert [(s.device, s.channel) for s in samples] == [(device, "temperature:0.tC")]


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        (TOPIC, '{"method": ["NotifyStatus"]}'), (TOPIC, notified("NotifyEvent", events=[])), (TOPIC, '{"id": 1, "result": {}}'),
        ("a/online", "true"), ("a/rpc", "noise"), ("a/status/sys", '{"mac": "x"}'), ("a", "x"),
    ],
)  # fmt: skip
def test_what_is_no_reading_is_ignored(hear: Hearing, topic: str, payload: str) -> None:
    assert hear(topic, payload) == ([], [])


def test_what_breaks_the_format_is_named(hear: Hearing) -> None:
    assert (
        hear.refusal(TOPIC, '{"method": "NotifyStatus"}')
        == "undecodable: the message has no params"
    )
    wrong = hear.refusal(TOPIC, notified(temperature_0={"tC": "hot"}))
    assert wrong.startswith("undecodable: channel temperature:0.tC: 'hot' is not a number")
    assert hear.refusal(TOPIC, notified(ts="soon")).startswith("undecodable: time 'soon'")
