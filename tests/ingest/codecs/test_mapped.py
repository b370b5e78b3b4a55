"""Somebody else's JSON, by topic pattern and JSON paths."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.quality import Quality, TimeKind
from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Message, Sample
from ingest.config import FeedConfig
from ingest.mapping.paths import ABSENT, compile_path
from ingest.mapping.times import TimeRange, read_time
from tests.ingest.small import decode, rows

CHANNELS = {"t": "$.data.t", "p": {"path": "$.data.p", "unit": "bar"}}


def feed(**mapping: Any) -> FeedConfig:
    values = {"time": "$.ts", "channels": CHANNELS, **mapping}
    topic = "scada/{company}/{device}/telemetry"
    return FeedConfig.model_validate(
        {"name": "s", "topic": topic, "format": "mapped", "clock": "server", "mapping": values}
    )


#: For the contract of all codecs.
EXAMPLE = (
    feed(),
    [
        Message("scada/demo/A1/telemetry", b'{"ts": 1764000000000, "data": {"t": 47.06}}', 1),
        Message("scada/demo/A1/telemetry", b'{"data": {"t": "5", "p": null}}', 2),
    ],
)


def read(payload: bytes, config: FeedConfig, topic: str = "scada/demo/A1/telemetry") -> Decoded:
    return codec_of(config)(Message(topic, payload, 0), Memory(config.name, {}))


def test_a_station_message_becomes_a_reading_per_channel_in_exact_steps() -> None:
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
    assert [(s.device, s.value, s.at_us is None) for s in samples] == [
        ("7", Decimal("20.10"), False),
        ("B2", Decimal(1), True),
    ]
    assert [f.detail for f in flaws] == ["no device at $.id"]


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


def test_paths_with_filters_work_and_absent_is_not_null() -> None:
    message = {"a": [{"n": "x", "v": 1}, {"n": "y", "v": None}], "b-c": 2}
    assert compile_path("$.a[?(@.n=='x')].v")(message) == 1
    assert compile_path("$.a[1].v")(message) is None
    assert compile_path("$['b-c']")(message) == 2
    for path in ("$.a[2].v", "$.z", "$.a[?(@.n=='z')].v", "$.a.n"):
        assert compile_path(path)(message) is ABSENT


def test_local_times_follow_the_zone_with_one_rule_for_the_repeated_hour() -> None:
    zone = ZoneInfo("Europe/Belgrade")
    at, _ = read_time("2025-10-26 02:30:00", "iso", zone)
    assert at == 1_761_438_600_000_000  # 00:30 UTC: the first pass, summer time
    with pytest.raises(ValueError, match="does not exist in Europe/Belgrade"):
        read_time("2025-03-30 02:30:00", "iso", zone)
    with pytest.raises(ValueError, match="no offset and its feed no zone"):
        read_time("2025-03-30 02:30:00", "iso", None)


@pytest.mark.parametrize(
    "value", [True, None, [], "12:30", Decimal("NaN"), Decimal("1e300")], ids=str
)
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"time|1970"):
        read_time(value, "ms")


def test_times_before_1970_and_after_2199_are_out_of_range() -> None:
    for text in ("1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"):
        with pytest.raises(TimeRange):
            read_time(text)


@pytest.mark.parametrize("written", ["1_2", "１２", " 12", "12\\n", ".5", "twelve"])
def test_a_text_that_is_no_plain_decimal_is_no_value(written: str) -> None:
    samples, flaws = read(f'{{"data": {{"t": "{written}"}}}}'.encode(), feed())
    assert samples == []
    assert [flaw.reason for flaw in flaws] == ["undecodable"]
    assert "channel t: " in flaws[0].detail
    assert "is not a number" in flaws[0].detail
