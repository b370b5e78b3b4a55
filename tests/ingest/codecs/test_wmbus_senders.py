"""Who sent a frame: by the air, and by a header in the clear."""

from dataclasses import replace

import pytest

from ingest.codecs.wmbus_link import link_of
from ingest.codecs.wmbus_senders import senders
from tests.ingest.codecs import wmbus_encoder as sent
from tests.ingest.codecs.mbus_encoder import Meter

RADIO = Meter(number=12345678, maker="RAD", medium=0x37)
METER = replace(RADIO, number=4711, maker="HEW", medium=4)
OWN = ("RAD.12345678.37", "12345678")
NAMED = ("HEW.00004711.04", "00004711", "4711")
LONG = b"\x72" + METER.header() + b"\x2f\x2f"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\x78", OWN), (LONG, OWN + NAMED), (b"\x8c\x20\x05" + LONG, OWN + NAMED),
        (b"\x8e\x20\x05" + bytes(8) + LONG, OWN + NAMED), (b"\x90\x02\x00\x00" + LONG, OWN + NAMED),
        (b"\x8d" + bytes(20), OWN), (LONG[:5], OWN), (b"\x8c\x8c\x8c\x8c", OWN),
    ],
    ids=range(8),
)  # fmt: skip
def test_a_header_in_the_clear_names_a_meter_behind_the_radio(
    data: bytes, found: tuple[str, ...]
) -> None:
    assert senders(link_of(sent.framed(RADIO, data))) == found
