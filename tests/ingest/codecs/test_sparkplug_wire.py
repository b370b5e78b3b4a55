"""Our description of the schema against Eclipse Tahu's encoder, in both directions' terms."""

import pytest

from ingest.codecs.sparkplug_wire import FOREIGN, REBIRTH, parse, rebirth_request, text_of
from tests.ingest.codecs.edge import T0_MS, metric
from tests.servers.tahu import Tahu


def test_our_rebirth_request_is_byte_for_byte_what_tahu_writes(tahu: Tahu) -> None:
    wanted = metric(REBIRTH, None, True, "Boolean", timestamp=T0_MS)
    assert rebirth_request(T0_MS) == tahu.encode({"timestamp": T0_MS, "metrics": [wanted]})


def test_fields_that_are_not_described_are_skipped(tahu: Tahu) -> None:
    more = {"isTransient": True, "metadata": {"isMultiPart": False, "description": "x"}}
    payload = {
        "timestamp": T0_MS, "seq": 3, "uuid": "u",
        "metrics": [metric("温度", 9, 2**64 - 1, "UInt64", isHistorical=True, **more)],
    }  # fmt: skip
    found = parse(tahu.encode(payload))
    (only,) = found.metrics
    assert (found.timestamp, found.seq, text_of(only.name)) == (T0_MS, 3, "温度")
    assert (only.alias, only.long_value, only.is_historical) == (9, 2**64 - 1, True)


@pytest.mark.parametrize("data", [b"\xff", b'{"a": 1}', b"\x0a\xff"], ids=range(3))
def test_foreign_bytes_raise_what_is_said(data: bytes) -> None:
    with pytest.raises(FOREIGN):
        parse(data)


def test_a_text_that_is_no_utf_8_raises_what_is_said() -> None:
    with pytest.raises(FOREIGN):
        text_of(b"\xff\x80")
