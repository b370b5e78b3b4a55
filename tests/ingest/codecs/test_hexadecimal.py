"""Payloads of frames: bytes, or hexadecimal in the ways people write it."""

import pytest

from ingest.codecs.hexadecimal import MOST_BYTES, frame_bytes, is_hexadecimal


@pytest.mark.parametrize(
    "written",
    [
        b"680316",
        b"68 03 16\r\n",
        b"68:03:16",
        b"0x68, 0x03, 0x16",
        b"68-03-16",
        b" 6803\n16 ",
        b"68|03_16",
    ],
)
def test_hexadecimal_is_the_bytes_that_it_writes(written: bytes) -> None:
    assert frame_bytes(written) == bytes([0x68, 3, 0x16])


@pytest.mark.parametrize("payload", [b"\x68\x03\x16", b"680", b"6 8", b"68 0x", b"{}", b"\x0a"])
def test_what_is_no_hexadecimal_is_the_bytes_themselves(payload: bytes) -> None:
    assert frame_bytes(payload) == payload


def test_a_payload_that_is_nearly_hexadecimal_takes_no_longer_than_another() -> None:
    for between in (b" ", b"_", b" :", b"\n"):
        payload = (b"AA" + between * 60_000 + b"x")[-MOST_BYTES:]
        assert frame_bytes(payload) == payload
        assert not is_hexadecimal(payload)


@pytest.mark.parametrize(
    "payload", [b"", bytes(MOST_BYTES + 1), b"00" * (MOST_BYTES + 1), b"0 " * MOST_BYTES * 4]
)
def test_nothing_and_what_is_endless_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match="a message"):
        frame_bytes(payload)
