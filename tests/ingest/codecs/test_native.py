"""The native codec is the specification; the compiled reader must come to the same columns."""

import json
from datetime import UTC, datetime

import pytest

from domain.quality import Quality, TimeKind
from ingest.codecs.message import Message
from tests.ingest.codecs.natives import GOOD, TOPIC
from tests.ingest.small import NOW, ROOMS, decode, one, rows

#: For the contract of all codecs.
EXAMPLE = (
    ROOMS,
    [Message(TOPIC, GOOD, 1), Message(TOPIC, b'{"readings":[{"channel":"rh","value":null}]}', 2)],
)


def test_one_reading_becomes_one_row() -> None:
    assert rows(one(GOOD)) == [
        {
            "series": 1,
            "at": datetime(2026, 11, 22, 6, tzinfo=UTC),
            "value": 21350,
            "quality": Quality.GOOD,
            "time_kind": TimeKind.METER,
            "revision": 0,
            "feed": 10,
            "part": 0,
            "message": None,
        }
    ]


@pytest.mark.parametrize(
    ("written", "ticks"),
    [("17.9995", 18000), ("17.9985", 17998), ("-0.0005", 0), ("-0.0015", -2), ("18", 18000)],
)
@pytest.mark.parametrize("compiled", [True, False])
def test_values_are_exact_with_ties_to_even(written: str, ticks: int, compiled: bool) -> None:
    for text in (written, f'"{written}"'):
        payload = b'{"channel":"t","value":%s}' % text.encode()
        assert rows(decode([(TOPIC, payload)], compiled=compiled))[0]["value"] == ticks


def test_a_null_is_missing_and_not_zero() -> None:
    (row,) = rows(one(b'{"channel":"t","time":1795327200,"value":null}'))
    assert (row["value"], row["quality"]) == (None, Quality.MISSING)


def test_without_a_time_the_receiver_tells_it_and_the_message_is_known_by_its_hash() -> None:
    first, second = rows(decode([(TOPIC, b'{"channel":"t","value":20}')] * 2))
    assert first["time_kind"] == TimeKind.RECEIVER
    assert first["message"] == second["message"] is not None
    assert first["at"] < second["at"] <= NOW  # type: ignore[operator]


def test_a_unit_of_its_own_is_converted_and_a_wrong_one_is_refused() -> None:
    (row,) = rows(one(b'{"channel":"p","value":4.5,"unit":"bar"}'))
    assert row["value"] == 4500
    outcome = one(b'{"channel":"t","value":4.5,"unit":"bar"}')
    assert [r.reason for r in outcome.refused] == ["implausible"]
    assert "'bar' measures pressure, not temperature" in outcome.refused[0].detail


def test_the_span_of_an_assignment_decides_the_series() -> None:
    old = b'{"channel":"t","time":"2026-10-01T00:00:00Z","value":1}'
    new = b'{"channel":"t","time":"2026-11-01T00:00:00Z","value":2}'
    found = rows(decode([("heatwatch/v1/B2", old), ("heatwatch/v1/B2", new)]))
    assert [r["series"] for r in found] == [5, 6]


@pytest.mark.parametrize(
    "written", ["2_1", "２１", "2１", "٢١", " 21", "21 ", "21\\n", "1e1_0", ".5", "1.", "", "0x15"]
)
@pytest.mark.parametrize("compiled", [True, False])
def test_a_text_that_is_no_plain_decimal_is_no_reading(written: str, compiled: bool) -> None:
    payload = f'{{"channel":"t","value":"{written}"}}'.encode()
    outcome = decode([(TOPIC, payload)], compiled=compiled)
    assert outcome.readings.num_rows == 0
    (refused,) = outcome.refused
    assert (refused.reason, refused.payload) == ("undecodable", payload)
    assert "is not a number" in refused.detail


def test_a_time_in_digits_of_another_script_is_no_time() -> None:
    for time in ("１７９５３２７２００", "２０２６-11-22T06:00:00Z"):
        payload = f'{{"channel":"t","value":21,"time":"{time}"}}'.encode()
        assert [r.reason for r in one(payload).refused] == ["undecodable"]


def test_names_in_other_scripts_resolve() -> None:
    payload = json.dumps({"channel": "温度", "value": 19}, ensure_ascii=False).encode()
    assert [r["series"] for r in rows(decode([("heatwatch/v1/楼-3", payload)]))] == [7]


# -- where the device stands in the topic ------------------------------------------------------


# -- the compiled reader against the codec -----------------------------------------------------
