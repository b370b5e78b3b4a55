"""Link layer of wireless M-Bus: with and without the checksums of formats A and B."""

import pytest

from ingest.codecs.mbus_records import Wrong
from ingest.codecs.wmbus_link import crc, link_of
from tests.ingest.codecs.mbus_encoder import Meter
from tests.ingest.codecs.wmbus_encoder import checksum, format_a, format_b, framed

METER = Meter(number=12345678, maker="HEW", version=5, medium=4)


@pytest.mark.parametrize("size", [1, 6, 7, 16, 22, 23, 100, 113, 114, 115, 116, 117, 200])
def test_checksums_are_taken_out_where_they_are(size: int) -> None:
    data = bytes([0x7A, *(i & 255 for i in range(1, size))])
    plain = framed(METER, data)
    for sent in (plain, format_a(plain), format_b(plain)):
        link = link_of(sent)
        assert (link.data, link.device, link.manufacturer, link.control) == (
            data, "12345678", "HEW", 0x44,
        )  # fmt: skip


def test_the_checksum_is_that_of_the_standard() -> None:
    for data in (b"", b"\0", b"123456789", bytes(range(256))):
        assert crc(data) == int.from_bytes(checksum(data), "big")


def test_a_wrong_checksum_is_named_with_its_place() -> None:
    sent = bytearray(format_a(framed(METER, bytes(30))))
    sent[20] ^= 1
    with pytest.raises(Wrong, match="the block at byte 12 is wrong"):
        link_of(bytes(sent))


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (b"", "0 bytes, shorter than any"),
        (framed(METER, b"")[:10], "10 bytes, shorter than any"),
        (framed(METER, bytes(9))[:-1], "the frame has 18 bytes, and says 19"),
        (framed(METER, bytes(9)) + b"\0", "the frame has 20 bytes, and says 19"),
    ],
)
def test_what_is_no_frame_is_refused(frame: bytes, why: str) -> None:
    with pytest.raises(Wrong, match=why):
        link_of(frame)
