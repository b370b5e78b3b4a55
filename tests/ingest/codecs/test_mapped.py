"""Somebody else's JSON, by topic pattern and JSON paths."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.quality import Quality, TimeKind
from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Message, Sample
from tests.ingest.codecs.feeds import feed, read
from tests.ingest.small import decode, rows

#: For the contract of all codecs.
EXAMPLE = (
    feed(),
    [
        Message("scada/demo/A1/telemetry", b'{"ts": 1764000000000, "data": {"t": 47.06}}', 1),
        Message("scada/demo/A1/telemetry", b'{"data": {"t": "5", "p": null}}', 2),
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
