"""Layers of wireless M-Bus, telegrams encrypted by an encoder of its own."""

from dataclasses import replace

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from ingest.codecs.mbus_records import Wrong
from ingest.codecs.wmbus_layers import Content, content_of
from ingest.codecs.wmbus_link import link_of
from tests.ingest.codecs import wmbus_encoder as sent
from tests.ingest.codecs.mbus_encoder import Meter, integer

METER = Meter(number=12345678, maker="HEW", version=5, medium=4, access=0x2A, status=0x10)
OTHER = bytes(16)
VALUES = (integer("06", 37351), integer("13", 56108))
PLAIN = sent.records(*VALUES)


def content(frame: bytes, key: bytes | None = sent.KEY) -> Content:
    return content_of(link_of(frame), lambda device: key if device == "12345678" else None)


@pytest.mark.parametrize("made", [sent.mode_5, sent.mode_7])
def test_records_are_decrypted_by_the_key_of_the_meter(made: object) -> None:
    frame = made(METER, *VALUES)  # type: ignore[operator]
    found = content(frame)
    assert found.data == PLAIN
    header = found.header
    assert (header.device, header.manufacturer, header.access, header.status) == (
        "12345678", "HEW", 0x2A, 0x10,
    )  # fmt: skip
    with pytest.raises(Wrong, match=r"meter 12345678 encrypts .mode [57]., and no key"):
        content(frame, None)
    with pytest.raises(Wrong, match="the key of meter 12345678"):
        content(frame, OTHER)


def test_what_is_behind_the_encrypted_blocks_is_plain() -> None:
    start = sent.address(METER) + bytes([METER.access]) * 8
    data = sent.cbc(sent.KEY, start, PLAIN[:16]) + PLAIN[16:]
    assert content(sent.framed(METER, sent.short(METER, 0x0510, data))).data == PLAIN


def test_a_long_header_names_another_meter_than_the_radio() -> None:
    radio = replace(METER, number=1, maker="RAD")
    start = sent.address(METER) + bytes([METER.access]) * 8
    meter = replace(METER, word=(0x0500 | len(PLAIN)).to_bytes(2, "little"))
    data = b"\x72" + meter.header() + sent.cbc(sent.KEY, start, PLAIN)
    found = content(sent.framed(radio, data))
    assert (found.header.device, found.data) == ("12345678", PLAIN)


@pytest.mark.parametrize("mode", [0x0500, 0x0700])
def test_a_receiver_may_have_decrypted_already(mode: int) -> None:
    word = mode | len(PLAIN)
    data = (b"\x10" if mode == 0x0700 else b"") + PLAIN
    frame = sent.framed(METER, sent.short(METER, word, data))
    for key in (None, sent.KEY) if mode == 0x0500 else (None,):
        assert content(frame, key).data == PLAIN


@pytest.mark.parametrize("key", [None, sent.KEY])
def test_an_extended_link_layer_is_decrypted_and_checked(key: bytes | None) -> None:
    frame = sent.session(METER, b"\x78" + PLAIN, key=key)
    found = content(frame)
    assert (found.data, found.extended, found.compact) == (PLAIN, True, False)
    if key:
        with pytest.raises(Wrong, match="the key of meter 12345678 does not fit"):
            content(frame, OTHER)
    else:
        with pytest.raises(Wrong, match="the checksum of the payload is wrong"):
            content(frame[:-1] + b"\x55")


def test_an_extended_link_layer_without_a_session_may_name_a_second_address() -> None:
    short = sent.framed(METER, b"\x8c\x20\x05\x78" + PLAIN)
    assert content(short).data == PLAIN
    long = sent.framed(
        METER, b"\x8e\x20\x05" + sent.address(replace(METER, number=7)) + b"\x78" + PLAIN
    )
    assert content(long).header.device == "00000007"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xa2" + bytes(9), "CI field A2h"),
        (b"\x7a\x01\x00\x50", "a header of 4 bytes in 3"),
        (b"\x72" + bytes(5), "a header of 12 bytes in 5"),
        (b"\x8d" + bytes(3), "a header of 9 bytes in 4"),
        (b"\x8c\x20\x05", "without data"),
        (b"\x90\x05\x00", "a header of 7 bytes in 3"),
        (b"\x90\x02\x00\x40", "in fragments"),
        (b"\x90\x02\x00\x08", "a header of 4 bytes in 0"),
        (sent.short(METER, 0x0D10, PLAIN), "security mode 13"),
        (sent.short(METER, 0x05F0, PLAIN[2:]), "240 bytes are encrypted"),
        (sent.short(METER, 0x0710, b"\x10" + PLAIN[2:] + b"\0\0"), "without a message counter"),
    ],
)
def test_a_layer_that_can_not_be_read_is_named(data: bytes, why: str) -> None:
    with pytest.raises(Wrong, match=why):
        content(sent.framed(METER, data))


def test_a_telegram_that_was_altered_is_known_by_its_authentication_code() -> None:
    frame = bytearray(sent.mode_7(METER, *VALUES))
    frame[-1] ^= 1
    with pytest.raises(Wrong, match="the authentication code is wrong"):
        content(bytes(frame))


@seed(20261127)
@settings(max_examples=500, deadline=None)
@given(
    data=st.binary(min_size=1, max_size=80),
    first=st.sampled_from([0x72, 0x7A, 0x78, 0x8C, 0x8D, 0x8E, 0x8F, 0x90]),
)
def test_any_layers_are_content_or_wrong(data: bytes, first: int) -> None:
    try:
        content(sent.framed(METER, bytes([first]) + data))
    except Wrong as wrong:
        assert str(wrong)  # noqa: PT017
