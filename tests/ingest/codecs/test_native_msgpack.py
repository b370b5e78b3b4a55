"""Our own format in MessagePack: the same readings as in JSON."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from ingest.codecs.message import Decoded
from tests.ingest.codecs.golden import Hearing, golden

EXAMPLE = golden("native_msgpack")
TOPIC = "heatwatch/v1/A1"


def read(content: Any, name: str = "native_msgpack") -> Decoded:
    module = msgspec.msgpack if name == "native_msgpack" else msgspec.json
    return Hearing(name, "heatwatch/v1/{device}")(TOPIC, module.encode(content))


@pytest.mark.parametrize(
    "content",
    [
        {"channel": "t", "time": "2026-11-22T06:00:00Z", "value": 21.35},
        {"channel": "t", "value": "21.350", "unit": "Cel", "revision": 3},
        [{"channel": "t", "value": None, "time": 1795327200}, {"channel": "p", "value": 4, "device": "B2"}],
        {"readings": [{"channel": "t", "value": 5}, {"channel": "t", "value": "x"}], "device": "C3"},
        {"channel": "t", "value": 1, "revision": 40_000}, {"channel": "t", "value": 1, "time": 1e12},
    ],
    ids=range(6),
)  # fmt: skip
def test_readings_are_those_of_the_same_in_json(content: Any) -> None:
    (samples, flaws), (expected, others) = read(content), read(content, "native")
    assert samples == expected
    assert [flaw.reason for flaw in flaws] == [flaw.reason for flaw in others]


def test_a_time_may_be_a_timestamp() -> None:
    ((sample,), _) = read(
        {"channel": "t", "time": datetime(2026, 11, 22, 6, tzinfo=UTC), "value": 1}
    )
    assert sample.at_us == 1_795_327_200_000_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "a batch without readings"), ({"readings": 5}, "the readings are no list"),
        (5, "a reading is no map"), ({"value": 1}, "a reading without channel or value"),
        ({"channel": 5, "value": 1}, "'channel' is not a text"),
        ({"channel": "t", "value": 1, "time": "2026-11-22T06:00:00"}, "has no offset and its feed no zone"),
        ({"channel": "t", "value": b"x"}, "is not a number"),
        ({"channel": "t", "value": 1, "time": b"x"}, "is neither a number nor ISO 8601"),
    ],
    ids=range(8),
)  # fmt: skip
def test_what_breaks_the_format_is_named(content: Any, said: str) -> None:
    samples, (flaw,) = read(content)
    assert samples == []
    assert said in flaw.detail
    (noise,) = Hearing("native_msgpack", "heatwatch/v1/{device}")(TOPIC, b"\xc1")[1]
    assert noise.detail == "no MessagePack: head 193 means nothing"
