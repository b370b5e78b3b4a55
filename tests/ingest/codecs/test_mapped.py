"""Somebody else's JSON, by topic pattern and JSON paths."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.quality import Quality, TimeKind
from domain.time import from_us
from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Message, Sample
from ingest.config import FeedConfig
from tests.ingest.codecs.feeds import feed, read
from tests.ingest.small import decode, rows

#: For the contract of all codecs.
EXAMPLE = (
    feed(),
    [
        Message("scada/demo/A1/telemetry", b'{"ts": 1764000000000, "data": {"t": 47.06}}', 1),
        Message("scada/demo/A1/telemetry", b'{"ts": 1764000000, "data": {"t": "5", "p": null}}', 2),
    ],
)


#: 00:30Z and 01:30Z of the day on which Belgrade's clocks go back.
FIRST_US, SECOND_US = 1_792_888_200_000_000, 1_792_891_800_000_000


def test_a_station_message_becomes_a_reading_per_channel_in_exact_ticks() -> None:
    payload = b'{"ts": 1764000000000, "data": {"t": 47.06, "p": 4.5}}'
    first, second = rows(decode([("scada/demo/A1/telemetry", payload)], (feed(),)))
    assert (first["series"], first["value"], first["part"]) == (1, 47_060, 0)
    assert (second["series"], second["value"], second["part"]) == (3, 4500, 1)
    assert first["at"] == datetime(2025, 11, 24, 16, tzinfo=UTC)
    assert first["time_kind"] == TimeKind.SERVER


def test_seconds_taken_for_milliseconds_are_corrected_and_marked() -> None:
    payload = b'{"ts": 1764000000, "data": {"t": 47.06}}'
    (row,) = rows(decode([("scada/demo/A1/telemetry", payload)], (feed(),)))
    assert (row["at"], row["quality"]) == (
        datetime(2025, 11, 24, 16, tzinfo=UTC),
        Quality.CLOCK_CORRECTED,
    )


def test_the_repeated_hour_is_told_apart_by_the_time_of_receipt() -> None:
    config = feed(time_unit="iso").model_copy(update={"zone": "Europe/Belgrade"})
    payload = b'{"ts": "2026-10-25T02:30:00", "data": {"t": 20.2}}'
    for when in (FIRST_US, SECOND_US):
        message = Message("scada/demo/A1/telemetry", payload, when + 60_000_000)
        samples, _ = codec_of(config)(message, Memory(config.name, {}))
        assert [each.at_us for each in samples] == [when]


def _at(written: object, **mapping: Any) -> int | str | None:
    """When a reading is of, else why it was refused."""
    config = feed(**mapping).model_copy(update={"zone": "Asia/Shanghai"})
    payload = json.dumps({"ts": written, "data": {"t": 20.2}}, ensure_ascii=False).encode()
    samples, flaws = read(payload, config)
    return samples[0].at_us if samples else flaws[0].detail


TEN_PM_US = 1_795_874_400_000_000  # 2026-11-28 22:00 in Shanghai


@pytest.mark.parametrize(
    ("written", "mapping"),
    [
        ("2026/11/28 22:00:00", {"time_unit": "iso"}),
        ("2026年11月28日 22:00:00", {}),
        ("20261128220000", {"time_format": "%Y%m%d%H%M%S"}),
        (20261128220000, {"time_format": ["%d.%m.%Y %H:%M", "%Y%m%d%H%M%S"]}),
        ("28.11.2026 22:00", {"time_format": "%d.%m.%Y %H:%M", "time_unit": "iso"}),
    ],
)
def test_times_are_written_as_in_files(written: object, mapping: dict[str, Any]) -> None:
    assert _at(written, **mapping) == TEN_PM_US


def test_a_time_that_is_not_as_the_mapping_says_is_refused_with_what_it_says() -> None:
    assert "is not as time_format = '%Y%m%d%H%M%S' says" in str(
        _at("2026-11-28 22:00", time_format="%Y%m%d%H%M%S")
    )
    assert "outside 1970 to 2199" in str(_at("1.1.1960 0:00", time_format="%d.%m.%Y %H:%M"))
    assert "is not ISO 8601" in str(_at("28.11.2026 22:00", time_unit="iso"))


def test_clocks_that_never_change_to_summer_time_are_in_standard_time_all_year() -> None:
    config = feed(time_unit="iso").model_copy(
        update={"zone": "Europe/Belgrade", "summer_time": "never"}
    )
    samples, _ = read(b'{"ts": "2026-07-01 12:00:00", "data": {"t": 20.2}}', config)
    assert [from_us(each.at_us or 0).hour for each in samples] == [11]


def test_single_values_beside_devices_by_key_are_no_fault() -> None:
    config = feed(each="$.{device}", device="{device}-{company}", channels={"t": "$.t"})
    samples, flaws = read(
        b'{"ts": 1764000000000, "gw": "G", "A1": {"t": 1}, "A2": {"t": 2}}', config
    )
    assert [each.device for each in samples] == ["A1-demo", "A2-demo"]
    assert flaws == []
    _, flaws = read(b'{"ts": 1764000000000, "A1": {"t": 1}, "A2": {"p": 2}}', config)
    assert [each.detail for each in flaws] == ["none of the mapped channels ['t']"]
    assert read(b'{"ts": 1764000000000}', config)[1]


def test_a_partial_telegram_is_no_error_and_null_is_missing() -> None:
    samples, flaws = read(b'{"ts": 1764000000000, "data": {"t": null}}', feed())
    assert samples == [Sample("A1", "t", 1_764_000_000_000_000, None)]
    assert flaws == []


def test_lists_of_records_with_their_own_device_and_text_values() -> None:
    config = feed(
        each="$.items", device="$.id", time="$.at", time_unit="iso", channels={"t": "$.v"}
    )
    payload = b'{"items":[{"id":7,"at":"2026-01-01T00:00:00Z","v":"20.10"},{"id":"B2","v":1},{"id":true,"v":1}]}'
    samples, flaws = read(payload, config)
    assert [(s.device, s.value) for s in samples] == [("7", Decimal("20.10"))]
    assert [f.detail for f in flaws] == ["no time at $.at", "no device at $.id"]


AT = 1_795_688_384_000_000
RECORDS = (
    b'{"records":[{"id":"A1","ts":1795688384000,"v":21.5},{"id":"A2","ts":1795688384000,"v":20.5}]}'
)
BARE = RECORDS[len(b'{"records":') : -1]


@pytest.mark.parametrize(
    ("each", "payload"),
    [
        ("$.records[*]", RECORDS),
        ("$.records", RECORDS),
        ("$['records'][*]", RECORDS),
        ("$.records[0:]", RECORDS),
        ("$.records[?(@.v > 20)]", RECORDS),
        ("$..records", RECORDS),
        ("$[*]", BARE),
        ("$", BARE),
        ("$.by.*", b'{"by":{"x":%s}}' % BARE.replace(b"},{", b'},"y":{')[1:-1]),
        ("$.a[*].b[*]", b'{"a":[{"b":[%s]},{"b":[%s]}]}' % tuple(BARE[1:-1].replace(b"},{", b"}|{").split(b"|"))),
    ],
)  # fmt: skip
def test_records_are_found_in_lists_objects_and_depths(each: str, payload: bytes) -> None:
    config = feed(each=each, device="$.id", channels={"t": "$.v"})
    samples, flaws = read(payload, config)
    assert flaws == []
    assert [(s.device, s.at_us, s.value) for s in samples] == [
        ("A1", AT, Decimal("21.5")),
        ("A2", AT, Decimal("20.5")),
    ]


def test_a_filter_leaves_other_records_out() -> None:
    config = feed(each="$.records[?(@.id == 'A2')]", device="$.id", channels={"t": "$.v"})
    samples, flaws = read(RECORDS, config)
    assert ([s.device for s in samples], flaws) == (["A2"], [])


def test_time_device_unit_and_status_may_stand_above_the_list() -> None:
    config = feed(
        each="$.m", device="$.gw.id", status={"path": "$.ok", "good": ["true"]},
        channels={"t": {"path": "$.v", "unit": "$.u"}},
    )  # fmt: skip
    payload = b'{"ts":1795688384000,"gw":{"id":"G"},"u":"F","ok":false,"m":[{"v":70.5},{"v":1,"u":"K","ok":true}]}'
    samples, flaws = read(payload, config)
    assert flaws == []
    assert samples == [
        Sample("G", "t", AT, Decimal("70.5"), "[degF]", failed=True),
        Sample("G", "t", AT, Decimal(1), "K"),
    ]


@pytest.mark.parametrize(
    "payload",
    [b'{"data":{"t":1}}', b'{"ts":null,"data":{"t":1}}', b'{"ts":"","data":{"t":1}}',
     b'{"ts":"soon","data":{"t":1}}', b'{"ts":true,"data":{"t":1}}', b'{"ts":-5,"data":{"t":1}}'],
)  # fmt: skip
def test_a_time_that_is_missing_is_refused_or_marked_and_never_silently_that_of_receipt(
    payload: bytes,
) -> None:
    samples, flaws = read(payload, feed())
    assert (samples, len(flaws)) == ([], 1)
    marked = feed(on_missing_time="receipt")
    assert read(payload, marked) == ([Sample("A1", "t", None, Decimal(1), untimed=True)], [])
    (row,) = rows(decode([("scada/demo/A1/telemetry", payload)], (marked,)))
    assert (row["quality"], row["time_kind"]) == (Quality.TIME_OF_RECEIPT, TimeKind.RECEIVER)


def test_without_a_configured_time_the_time_of_receipt_is_meant() -> None:
    samples, _ = read(b'{"data":{"t":1}}', feed(time=None))
    assert [(s.at_us, s.untimed) for s in samples] == [(None, False)]


@pytest.mark.parametrize(
    ("payload", "value", "unit"),
    [
        (b"21.5", "21.5", None),
        (b" -3\r\n", "-3", None),
        (b'"21.50"', "21.50", None),
        (b"+21.5", "21.5", None),
        ("21.5 °C".encode(), "21.5", "Cel"),
        (b"0.45MPa", "0.45", "MPa"),
        (b"56%", "56", "%"),
        (b"null", None, None),
        (b"unavailable", None, None),
    ],
)
def test_the_whole_payload_may_be_the_value(
    payload: bytes, value: str | None, unit: str | None
) -> None:
    config = feed(time=None, channels={"t": "$"}, missing=["unavailable"])
    expected = [Sample("A1", "t", None, None if value is None else Decimal(value), unit)]
    assert read(payload, config) == (expected, [])


@pytest.mark.parametrize(
    "payload", [b"ON", b"", b"21,5", b"21.5 x", b"true", b"[21.5]", b"{1", b"\xff"]
)
def test_a_payload_that_is_no_value_is_refused(payload: bytes) -> None:
    samples, flaws = read(payload, feed(time=None, channels={"t": "$"}))
    assert samples == []
    assert [flaw.reason for flaw in flaws] == ["undecodable"]


TYPED = {"t": {"name": "temperature", "path": "$"}, "rh": {"name": "humidity", "path": "$"}}


def topics(topic: str, **mapping: Any) -> FeedConfig:
    return FeedConfig.model_validate(
        {"name": "s", "topic": topic, "format": "mapped", "mapping": mapping}
    )


def test_a_level_named_channel_says_which_channel_it_is() -> None:
    config = topics("tb/{device}/{channel}", channels=TYPED)
    assert read(b"45", config, "tb/A1/humidity") == ([Sample("A1", "rh", None, Decimal(45))], [])
    samples, flaws = read(b"45", config, "tb/A1/co2")
    assert (samples, [f.reason for f in flaws]) == ([], ["unmapped"])
    assert flaws[0].detail == "channel 'co2' is not mapped; mapped: humidity, temperature"
    one = topics("tb/{device}/{channel}", channels={"t": "$.values.temperature"})
    assert read(b'{"values":{"temperature":45}}', one, "tb/A1/humidity")[0] == []
    every = topics("tb/{device}/{channel}")
    assert read(b"45", every, "tb/A1/rh") == ([Sample("A1", "rh", None, Decimal(45))], [])


def test_keys_may_be_devices_channels_and_times() -> None:
    gateway = topics("v1/gateway/telemetry", each="$.{device}[*].values.{channel}", time="$.ts")
    payload = b'{"A1":[{"ts":1795688384000,"values":{"t":21.5,"rh":40}}],"A2":[{"ts":1795688385000,"values":{"t":3}}]}'
    samples, flaws = read(payload, gateway, "v1/gateway/telemetry")
    assert flaws == []
    assert [(s.device, s.channel, s.at_us) for s in samples] == [
        ("A1", "t", AT), ("A1", "rh", AT), ("A2", "t", AT + 1_000_000),
    ]  # fmt: skip
    keyed = topics("x/{device}", each="$.{time}", channels={"t": "$"})
    samples, flaws = read(b'{"1795688384000":21.5}', keyed, "x/A1")
    assert (samples, flaws) == ([Sample("A1", "t", AT, Decimal("21.5"))], [])


def test_names_make_up_a_device_and_fields_say_the_channel() -> None:
    config = topics(
        "h/{building}/{flat}", device="{building}-{flat}", each="$.s", channel="$.type", value="$.v",
        unit="$.u", channels={"t": {"name": "T"}, "p": {"name": "P", "unit": "bar"}},
    )  # fmt: skip
    payload = (
        b'{"s":[{"type":"T","v":70,"u":"F"},{"type":"P","v":4,"u":"kPa"},{"type":"battery","v":3}]}'
    )
    assert read(payload, config, "h/B1/2") == (
        [Sample("B1-2", "t", None, Decimal(70), "[degF]"), Sample("B1-2", "p", None, Decimal(4), "bar")],
        [],
    )  # fmt: skip


def test_a_message_may_have_several_kinds_of_records() -> None:
    rooms = {"each": "$.rooms[*]", "device": "$.id", "channels": {"t": "$.t"}}
    config = feed(channels={"p": "$.p"}, records=[rooms])
    both = b'{"ts":1795688384000,"p":4,"rooms":[{"id":"B2","t":20}]}'
    samples, flaws = read(both, config)
    assert [(s.device, s.channel, s.at_us) for s in samples] == [("A1", "p", AT), ("B2", "t", AT)]
    assert flaws == []
    assert read(b'{"ts":1795688384000,"p":4}', config)[1] == []
    assert [f.reason for f in read(b'{"ts":1795688384000}', config)[1]] == ["undecodable"]


@pytest.mark.parametrize(
    ("rule", "topic", "payload"),
    [
        ({"topic": "scada/+/+/telemetry"}, "scada/demo/A1/telemetry", b"\x00"),
        (
            {"path": "$.type", "equals": ["join", "5"]},
            "scada/demo/A1/telemetry",
            b'{"type":"join"}',
        ),
        ({"path": "$.type", "equals": ["join", 5]}, "scada/demo/A1/telemetry", b'{"type":5}'),
        ({"path": "$.data", "absent": True}, "scada/demo/A1/telemetry", b'{"type":5}'),
        ({"path": "$.heartbeat"}, "scada/demo/A1/telemetry", b'{"heartbeat":null}'),
        ({"path": "$", "equals": ["online"]}, "scada/demo/A1/telemetry", b"online"),
    ],
)
def test_messages_that_are_no_readings_are_ignored_by_rule(
    rule: dict[str, Any], topic: str, payload: bytes
) -> None:
    assert read(payload, feed(), topic)[1] != []
    assert read(payload, feed(ignore=[rule]), topic) == ([], [])
    other = b'{"ts":1795688384000,"type":"up","data":{"t":1}}'
    if "path" in rule:
        assert len(read(other, feed(ignore=[rule]))[0]) == 1


def test_two_values_where_one_is_meant_are_refused() -> None:
    config = feed(time=None, channels={"t": "$.s[*].v"})
    assert len(read(b'{"s":[{"v":1}]}', config)[0]) == 1
    samples, flaws = read(b'{"s":[{"v":1},{"v":2}]}', config)
    assert (samples, [f.detail for f in flaws]) == (
        [],
        ["2 values at $.s[*].v, where one is meant"],
    )


def test_a_record_with_two_values_refuses_no_other_record() -> None:
    config = feed(time=None, each="$.r", channels={"t": "$.s[*].v"})
    samples, flaws = read(
        b'{"r":[{"s":[{"v":1}]},{"s":[{"v":1},{"v":2}]},{"s":[{"v":3}]}]}', config
    )
    assert ([str(s.value) for s in samples], len(flaws)) == (["1", "3"], 1)


def test_a_rule_that_finds_two_values_ignores_nothing_by_a_value() -> None:
    rule = {"path": "$.s[*].v", "equals": ["1"]}
    config = feed(time=None, ignore=[rule], channels={"t": "$.t"})
    assert len(read(b'{"t":5,"s":[{"v":1},{"v":2}]}', config)[0]) == 1


@pytest.mark.parametrize(
    ("payload", "topic", "reason"),
    [
        (b"{", "scada/demo/A1/telemetry", "undecodable"),
        (b'{"ts": 1764000000000, "data": {}}', "scada/demo/A1/telemetry", "undecodable"),
        (b'{"ts": 1764000000000, "data": {"t": [1]}}', "scada/demo/A1/telemetry", "undecodable"),
        (b'{"ts": 1764000000000, "data": {"t": "warm"}}', "scada/demo/A1/telemetry", "undecodable"),
        (b'{"ts": "late", "data": {"t": 1}}', "scada/demo/A1/telemetry", "undecodable"),
        (b'{"ts": -1, "data": {"t": 1}}', "scada/demo/A1/telemetry", "implausible"),
        (b'{"ts": 1, "data": {"t": 1}}', "elsewhere", "unmapped"),
    ],
    ids=range(7),
)  # fmt: skip
def test_what_can_not_be_read_says_why(payload: bytes, topic: str, reason: str) -> None:
    samples, flaws = read(payload, feed(), topic)
    assert samples == []
    assert [f.reason for f in flaws] == [reason]
