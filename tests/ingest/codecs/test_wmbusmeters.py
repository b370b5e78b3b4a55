"""JSON of wmbusmeters: our own messages in its form, and what it publishes of real meters."""

import json
from decimal import Decimal
from typing import Any

import pytest

from domain.quality import TimeKind
from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Message, Reason, Sample
from ingest.config import FeedConfig
from tests.shared import shared_folder

FEED = FeedConfig(name="radio", topic="wmbusmeters/+", format="wmbusmeters")
IN_CHINA = FEED.model_copy(update={"zone": "Asia/Shanghai"})
SENT = {
    "_": "telegram", "media": "heat", "meter": "kamheat", "name": "cellar", "id": "00004711",
    "status": "OK", "total_energy_consumption_kwh": 37351, "total_volume_m3": 561.08,
    "power_kw": 0, "volume_flow_m3h": 0.543, "t1_temperature_c": 101.69, "t2_temperature_c": None,
    "difference_c": 55.53, "target_energy_kwh": 33361, "target_date": "2026-10-31",
    "meter_datetime": "2026-11-22 13:30", "rssi_dbm": -71, "timestamp": "2026-11-22T05:31:02Z",
}  # fmt: skip
AT_METER, AT_GATEWAY, AT_TARGET = 1795325400000000, 1795325462000000, 1793462400000000


def message(**changes: object) -> bytes:
    return json.dumps({**SENT, **changes}).encode()


EXAMPLE = (
    FEED,
    [
        Message("wmbusmeters/cellar", message(), 1),
        Message("wmbusmeters/cellar", message(power_kw=1), 2),
    ],
)


def read(payload: bytes, feed: FeedConfig = FEED) -> Decoded:
    return codec_of(feed)(
        Message("wmbusmeters/cellar", payload, 1795325470000000), Memory("radio", {})
    )


def by_channel(payload: bytes, feed: FeedConfig = FEED) -> dict[str, Sample]:
    samples, flaws = read(payload, feed)
    assert not flaws
    return {each.channel: each for each in samples}


def test_fields_are_channels_with_quantity_and_unit_by_their_ends() -> None:
    found = by_channel(message())
    assert [(c, s.quantity, s.unit, None if s.value is None else str(s.value), s.storage) for c, s in found.items()] == [
        ("total_energy_consumption_kwh", "energy", "kW.h", "37351", 0),
        ("total_volume_m3", "volume", "m3", "561.08", 0),
        ("power_kw", "power", "kW", "0", 0),
        ("volume_flow_m3h", "flow", "m3/h", "0.543", 0),
        ("t1_temperature_c", "temperature", "Cel", "101.69", 0),
        ("t2_temperature_c", "temperature", "Cel", None, 0),
        ("difference_c", "temperature_difference", "K", "55.53", 0),
        ("target_energy_kwh", "energy", "kW.h", "33361", 1),
        ("rssi_dbm", "signal", "dB[mW]", "-71", 0),
    ]  # fmt: skip
    assert {(s.device, s.formerly, s.optional) for s in found.values()} == {
        ("00004711", ("4711",), True)
    }
    assert by_channel(message(id="12345678"))["power_kw"].formerly == ("cellar",)


def test_the_collectors_time_counts_where_nobody_knows_the_zone_of_the_meter() -> None:
    found = by_channel(message())
    kept = found.pop("target_energy_kwh")
    assert (kept.at_us, kept.time_kind, kept.republished) == (None, None, True)
    assert {(s.at_us, s.time_kind) for s in found.values()} == {(AT_GATEWAY, TimeKind.GATEWAY)}
    own = by_channel(message(), IN_CHINA)
    times = {c: (s.at_us, s.time_kind) for c, s in own.items()}
    assert times.pop("target_energy_kwh") == (AT_TARGET, TimeKind.METER)  # the day's end
    assert set(times.values()) == {(AT_METER, TimeKind.METER)}
    assert {s.message_key for s in own.values()} == {"2026-11-22 13:30"}


@pytest.mark.parametrize("timestamp", [None, "1111-11-11T11:11:11Z", "now", 5.5e30, True])
def test_a_time_that_is_none_is_never_silently_that_of_receipt(timestamp: object) -> None:
    found = by_channel(message(timestamp=timestamp))
    del found["target_energy_kwh"]
    assert {(s.at_us, s.untimed) for s in found.values()} == {(None, True)}
    clock = by_channel(message(meter_datetime="2026-13-01 00:00"), IN_CHINA)["power_kw"]
    assert (clock.at_us, clock.time_kind) == (AT_GATEWAY, TimeKind.GATEWAY)


@pytest.mark.parametrize("day", [None, "", "2000-00-00", "0000-00-00"])
def test_what_is_kept_of_a_day_that_is_none_is_not_of_now(day: str | None) -> None:
    kept = by_channel(message(target_date=day), IN_CHINA)["target_energy_kwh"]
    assert (kept.at_us, kept.untimed, kept.republished) == (None, False, True)


def test_a_clock_that_stands_still_is_of_an_earlier_telegram() -> None:
    codec, memory = codec_of(IN_CHINA), Memory("radio", {})

    def at(**changes: object) -> set[tuple[int | None, TimeKind | None]]:
        samples, flaws = codec(
            Message("wmbusmeters/cellar", message(**changes), 1795325470000000), memory
        )
        assert not flaws
        memory.accept()
        return {(s.at_us, s.time_kind) for s in samples if not s.storage}

    later = "2026-11-22T05:46:02Z"
    assert at() == {(AT_METER, TimeKind.METER)}
    assert at(timestamp=later) == {(AT_GATEWAY + 900_000_000, TimeKind.GATEWAY)}
    assert at() == {(AT_METER, TimeKind.METER)}  # the first one once more
    assert at(id="00004712", timestamp=later) == {(AT_METER, TimeKind.METER)}
    assert at(meter_datetime="2026-11-22 13:45", timestamp=later) == {
        (AT_METER + 900_000_000, TimeKind.METER)
    }


def test_what_the_status_says_is_wrong_is_unknown() -> None:
    found = by_channel(message(status="SENSOR_T1_ABOVE_MEASURING_RANGE"))
    assert {c for c, s in found.items() if s.failed} == {
        "t1_temperature_c",
        "difference_c",
        "power_kw",
    }
    assert {s.faults for s in found.values()} == {("SENSOR_T1_ABOVE_MEASURING_RANGE",)}


@pytest.mark.parametrize(
    ("field", "storage"),
    [
        ("target_kwh", 1), ("last_year_kwh", 1), ("energy_at_set_date_kwh", 1), ("base_hca", 1),
        ("consumption_hca", 0), ("consumption_3_hca", 3), ("set_date_2_m3", 2), ("history_12_kwh", 12),
        ("total_energy_consumption_last_month_kwh", 1), ("total_kwh", 0), ("prev_1_m3", 1),
    ],
)  # fmt: skip
def test_what_a_meter_keeps_has_a_storage_number(field: str, storage: int) -> None:
    assert by_channel(message(**{field: 1}))[field].storage == storage


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "truncated"),
        (b"[]", "Expected `object`"),
        (b'{"a": 1}', "no id of a meter"),
        (b'{"id": 5, "a_kwh": 1}', "no id of a meter"),
        (b'{"id": "", "a_kwh": 1}', "no id of a meter"),
        (
            b'{"id": "1", "name": "x", "on": true, "text_kwh": "much", "other": "5"}',
            "without values",
        ),
        (b'{"id": "1", "a_kwh": 1, "a_kwh": 2}', "stands twice"),
        (b'{"id": "1", "a": ' + b"[" * 5000, "recursion"),
    ],
    ids=range(8),
)
def test_what_is_no_telegram_is_refused(payload: bytes, why: str) -> None:
    samples, (flaw,) = read(payload)
    assert (samples, flaw.reason) == ([], Reason.UNDECODABLE)
    assert why in flaw.detail


def test_what_is_of_another_kind_is_no_reading() -> None:
    assert read(b'{"_": "alarm", "message": "no telegrams"}') == ([], [])


def test_what_is_published_of_real_meters_is_read_whole() -> None:
    lines = (shared_folder() / "data/vectors/wmbusmeters.jsonl").read_text("utf-8").splitlines()
    for line in lines:
        expected: dict[str, Any] = json.loads(line, parse_float=Decimal)["expected_json"]
        payload = json.dumps(json.loads(line)["expected_json"]).encode()
        found = by_channel(payload)
        numbers = {k: v for k, v in expected.items() if isinstance(v, int | Decimal)}
        assert {c: s.value for c, s in found.items() if s.value is not None} == numbers
        assert {s.device for s in found.values()} == {expected["id"]}
        assert all(s.quantity for s in found.values())
