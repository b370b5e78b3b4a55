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


def content(frame: bytes, key: bytes | None = sent.KEY, *, decrypted: bool = False) -> Content:
    def key_of(device: str) -> bytes | None:
        return key if device == "12345678" else None

    return content_of(link_of(frame), key_of, decrypted=decrypted)


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


def test_what_is_behind_the_encrypted_blocks_is_not_proven() -> None:
    start = sent.address(METER) + bytes([METER.access]) * 8
    data = sent.cbc(sent.KEY, start, PLAIN[:16])
    for behind, count in ((b"", 0), (b"\x2f\x2f", 0), (b"\x01\x06\x00\x2f", 3)):
        found = content(sent.framed(METER, sent.short(METER, 0x0510, data + behind)))
        assert (found.data, found.unproven) == (PLAIN[:16], count)


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
    assert content(frame, None).data == PLAIN
    assert content(frame, decrypted=True).data == PLAIN
    with pytest.raises(Wrong, match=r"does not fit|without a message counter"):
        content(frame)


def layer(code: bytes, kind: int = 0x25, control: int = 0x2C00) -> bytes:
    made = control.to_bytes(2, "little") + bytes([kind]) * bool(control & 0x2000)
    made += (1).to_bytes(4, "little") + code
    return b"\x90" + bytes([len(made)]) + made


ZEROS = bytes(8)
#: Telegrams of a meter whose key is known, made by somebody who does not know it.
FORGED = {
    "in the clear": sent.short(METER, 0, PLAIN),
    "nothing encrypted": sent.short(METER, 0x0500, PLAIN),
    "as if decrypted": sent.short(METER, 0x0500 | len(PLAIN), PLAIN),
    "a code of zeros, mode 7": layer(ZEROS) + sent.short(METER, 0x0700 | len(PLAIN), b"\x10" + PLAIN),
    "a code of zeros, mode 0": layer(ZEROS) + sent.short(METER, 0, PLAIN),
    "no header": b"\x78" + PLAIN,
    "a session in the clear": sent.session(METER, b"\x78" + PLAIN, key=None)[10:],
}  # fmt: skip


@pytest.mark.parametrize("how", FORGED)
def test_of_a_meter_whose_key_is_known_nothing_else_is_read(how: str) -> None:
    frame = sent.framed(METER, FORGED[how])
    with pytest.raises(Wrong, match=r"has a key|does not fit|authentication code is wrong"):
        content(frame)
    assert content(frame, None).data == content(frame, decrypted=True).data == PLAIN


@pytest.mark.parametrize(
    ("front", "why"),
    [
        (layer(ZEROS, kind=0x29), "an authentication code of kind 9 is not read"),
        (layer(ZEROS, control=0x0C00), "an authentication code of kind 0 is not read"),
        (layer(b"", control=0x2800), "security mode 7 without an authentication code"),
    ],
)
def test_a_code_that_can_not_be_checked_proves_nothing(front: bytes, why: str) -> None:
    data = sent.short(METER, 0x0710, b"\x10" + bytes(16))
    with pytest.raises(Wrong, match=why):
        content(sent.framed(METER, front + data))


def test_a_code_of_the_key_proves_a_telegram_that_is_not_encrypted() -> None:
    said, number = (1).to_bytes(4, "little"), sent.address(METER)[2:6]
    own = sent.cmac(sent.KEY, b"\x01" + said + number + b"\x07" * 7)
    transport = sent.short(METER, 0, PLAIN)
    code = sent.cmac(own, b"\x25" + said + transport)[:8]
    found = content(sent.framed(METER, layer(code) + transport))
    assert found.data == PLAIN
    assert found.counter is not None
    assert (found.counter.kind, found.counter.number) == ("message", 1)


@pytest.mark.parametrize("key", [None, sent.KEY])
def test_an_extended_link_layer_is_decrypted_and_checked(key: bytes | None) -> None:
    frame = sent.session(METER, b"\x78" + PLAIN, key=key)
    found = content(frame, key)
    assert (found.data, found.extended, found.compact) == (PLAIN, True, False)
    assert (found.counter and found.counter.number) == (0x12345 if key else None)
    if key:
        with pytest.raises(Wrong, match="the key of meter 12345678 does not fit"):
            content(frame, OTHER)
    else:
        with pytest.raises(Wrong, match="the checksum of the payload is wrong"):
            content(frame[:-1] + b"\x55", key)


def test_the_second_address_of_an_extended_link_layer_is_the_receivers() -> None:
    short = sent.framed(METER, b"\x8c\x20\x05\x78" + PLAIN)
    assert content(short, None).data == PLAIN
    receiver = sent.address(replace(METER, number=7, maker="ELV", medium=0x31))
    long = sent.framed(METER, b"\x8e\x20\x05" + receiver + b"\x78" + PLAIN)
    assert content(long, None).header.device == "12345678"
    said = (0x12345).to_bytes(4, "little") + sent.checksum(b"\x78" + PLAIN)[::-1]
    session = sent.framed(METER, b"\x8f\x20\x05" + receiver + said + b"\x78" + PLAIN)
    assert content(session, None).header.device == "12345678"


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
    found = content(sent.mode_7(METER, *VALUES, counter=5)).counter
    assert found is not None
    assert (found.kind, found.number) == ("message", 5)


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
