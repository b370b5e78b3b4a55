"""Status, unit and revision of a record."""

from decimal import Decimal
from typing import Any

import pytest

from domain.quality import Quality
from ingest.codecs.message import Reason
from tests.ingest.codecs.feeds import feed, read
from tests.ingest.small import decode, rows

STATUS: list[tuple[dict[str, Any], bytes, bool]] = [
    ({"good": ["OK"]}, b'"OK"', False),
    ({"good": ["OK", "LOW_BATTERY"]}, b'"OK LOW_BATTERY"', False),
    ({"good": ["OK"]}, b'"SENSOR_ERROR"', True),
    ({"good": ["OK"]}, b"null", True),
    ({"good": [0]}, b"0", False),
    ({"bad": ["SENSOR_ERROR"]}, b'"LOW_BATTERY,SENSOR_ERROR"', True),
    ({"bad": ["SENSOR_ERROR"]}, b'["SENSOR_ERROR"]', True),
    ({"bad": ["SENSOR_ERROR"]}, b'"LOW_BATTERY"', False),
    ({"bad": ["SENSOR_ERROR"]}, b"null", False),
    ({"bad_bits": 4}, b"5", True),
    ({"bad_bits": 4}, b'"0x08"', False),
    ({"bad_bits": 4}, b'"0x0c"', True),
    ({"bad_bits": 4}, b'"0004"', True),
    ({"bad_bits": 4}, b"4.0", True),
    ({"bad_bits": 4}, b'"8.0"', False),
    ({"bad_bits": 4}, b"[8, 4]", True),
    ({"bad_bits": 4}, b'"00A4"', True),  # no decimal number: what it says is not known
    ({"bad_bits": 4, "base": 16}, b'"00A4"', True),
    ({"bad_bits": 4, "base": 16}, b'"00A0"', False),
    ({"bad_bits": 4}, b'"fault"', True),
    ({"bad_bits": 4, "good": ["OK"]}, b'"OK"', False),
    ({"bad": ["sensor error"]}, b'"sensor error"', True),
    ({"good": ["all fine"]}, b'"all fine"', False),
    ({"good": ["all fine"]}, b'"fine"', True),
]


@pytest.mark.parametrize(("status", "sent", "fails"), STATUS)
def test_a_status_word_makes_a_value_a_device_error(
    status: dict[str, Any], sent: bytes, fails: bool
) -> None:
    config = feed(time=None, status={"path": "$.s", **status}, channels={"t": "$.t"})
    payload = b'{"t":0,"s":%s}' % sent
    samples, flaws = read(payload, config)
    assert ([s.failed for s in samples], flaws) == ([fails], [])
    (row,) = rows(decode([("scada/demo/A1/telemetry", payload)], (config,)))
    assert row["quality"] == (Quality.DEVICE_ERROR if fails else Quality.GOOD)
    nothing = payload.replace(b'"t":0', b'"t":null')
    (row,) = rows(decode([("scada/demo/A1/telemetry", nothing)], (config,)))
    assert row["quality"] == (Quality.DEVICE_ERROR if fails else Quality.MISSING)


def test_a_unit_is_taken_from_the_message_or_refused() -> None:
    config = feed(time=None, channels={"t": {"path": "$.t", "unit": {"path": "$.TempUnit"}}})
    samples, _ = read(b'{"t":70.5,"TempUnit":"F"}', config)
    assert [(s.value, s.unit) for s in samples] == [(Decimal("70.5"), "[degF]")]
    (row,) = rows(decode([("scada/demo/A1/telemetry", b'{"t":70.5,"TempUnit":"F"}')], (config,)))
    assert row["value"] == 21_389
    for payload in (
        b'{"t":70.5}',
        b'{"t":70.5,"TempUnit":"celcius"}',
        b'{"t":70.5,"TempUnit":null}',
    ):
        samples, flaws = read(payload, config)
        assert (samples, [f.reason for f in flaws]) == ([], [Reason.IMPLAUSIBLE])
    default = {"path": "$.TempUnit", "default": "Cel"}
    config = feed(time=None, channels={"t": {"path": "$.t", "unit": default}})
    assert [s.unit for s in read(b'{"t":70.5}', config)[0]] == ["Cel"]


@pytest.mark.parametrize(
    ("sent", "revision"),
    [(b"3", 3), (b'"7"', 7), (b"null", 0), (b"-1", None), (b"40000", None), (b"1.5", None)],
)
def test_a_revision_is_checked_and_never_cut(sent: bytes, revision: int | None) -> None:
    samples, flaws = read(b'{"t":1,"r":%s}' % sent, feed(time=None, revision="$.r", channels={"t": "$.t"}))  # fmt: skip
    assert [s.revision for s in samples] == ([] if revision is None else [revision])
    assert [f.reason for f in flaws] == ([Reason.IMPLAUSIBLE] if revision is None else [])
