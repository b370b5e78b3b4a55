"""ThingsBoard: both APIs, times in milliseconds."""

import pytest

from tests.ingest.codecs.golden import Hearing, golden

EXAMPLE = golden("thingsboard")
AT_US = 1_795_327_200_000_000


@pytest.fixture
def hear() -> Hearing:
    return Hearing("thingsboard", "#", mapping={"units": {"energy": "kWh"}})


def test_a_gateway_speaks_for_devices(hear: Hearing) -> None:
    payload = (
        '{"flat 12": [{"ts": 1795327200000, "values": {"t": 21.5, "energy": "1204.5", "s": "ok"}}],'
        ' "flat 13": [{"t": 20}, {"ts": 1795327200000, "values": {"t": null, "a": {"b": true}}}]}'
    )
    for topic in ("v1/gateway/telemetry", "elsewhere"):
        samples, flaws = hear(topic, payload)
        assert flaws == []
        assert [(s.device, s.channel, s.at_us, s.value and str(s.value), s.unit) for s in samples] == [
            ("flat 12", "t", AT_US, "21.5", None), ("flat 12", "energy", AT_US, "1204.5", "kW.h"),
            ("flat 13", "t", None, "20", None), ("flat 13", "t", AT_US, None, None),
            ("flat 13", "a.b", AT_US, "1", None),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "filter_", "device"),
    [("v1/devices/me/telemetry", "#", "me"), ("v2/t", "#", "me"), ("tb/A1", "tb/#", "A1"),
     ("tb/A1/telemetry", "tb/{device}/telemetry", "A1")],
)  # fmt: skip
@pytest.mark.parametrize(
    "payload",
    ['{"ts": 1795327200000, "values": {"t": 5}}', '[{"ts": 1795327200000, "values": {"t": 5}}]',
     '{"ts": 1795327200000, "t": 5}'],
)  # fmt: skip
def test_a_device_speaks_for_itself(topic: str, filter_: str, device: str, payload: str) -> None:
    samples, _ = Hearing("thingsboard", filter_)(topic, payload)
    assert [(s.device, s.channel, s.at_us, s.corrected) for s in samples] == [
        (device, "t", AT_US, False)
    ]


def test_seconds_by_mistake_are_corrected_and_null_is_marked(hear: Hearing) -> None:
    samples, _ = hear(
        "v2/t", '[{"ts": 1795327200, "values": {"t": 5}}, {"ts": null, "values": {"t": 5}}]'
    )
    assert [(s.at_us, s.corrected, s.untimed) for s in samples] == [
        (AT_US, True, False), (None, False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "topic", ["v1/devices/me/attributes", "v1/gateway/connect", "v1/devices/me/rpc/request/1"]
)
def test_what_is_no_telemetry_is_ignored(hear: Hearing, topic: str) -> None:
    assert hear(topic, "noise") == ([], [])


@pytest.mark.parametrize(
    ("topic", "payload", "said"),
    [
        ("v1/gateway/telemetry", "[]", "no object of lists by device"), ("v2/t", "[]", "a batch without readings"),
        ("v2/t", "[5]", "an entry is no JSON object"), ("v2/t", '{"ts": 1, "values": 5}', "has no values"),
        ("v2/t", '{"ts": "x", "values": {"t": 5}}', "is not ISO 8601"), ("v2/t", "noise", "malformed"),
    ],
)  # fmt: skip
def test_what_breaks_the_format_is_named(
    hear: Hearing, topic: str, payload: str, said: str
) -> None:
    assert said in hear.refusal(topic, payload)


def test_a_wrong_entry_leaves_the_others(hear: Hearing) -> None:
    samples, flaws = hear(
        "v1/gateway/telemetry", '{"A": [5, {"t": 1}], "B": [{"ts": "x", "t": 2}]}'
    )
    assert [s.device for s in samples] == ["A"]
    assert len(flaws) == 2
