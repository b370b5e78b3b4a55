"""Texts as short messages and back, by 3GPP 23.038 and 23.040."""

import pytest

from alerts.channels.sms import (
    DEFAULT_ALPHABET,
    GBK,
    LATIN_1,
    UCS2,
    WITH_HEADER,
    TooLong,
    decode,
    encode,
    parts,
    split_header,
)


@pytest.mark.parametrize(
    ("text", "coding", "count"),
    [
        ("a" * 160, DEFAULT_ALPHABET, 1),
        ("a" * 161, DEFAULT_ALPHABET, 2),
        ("a" * 307, DEFAULT_ALPHABET, 3),
        ("@" + "a" * 69, UCS2, 1),
        ("冷" * 71, UCS2, 2),
    ],
)
def test_a_text_takes_as_many_messages_as_its_alphabet_needs(
    text: str, coding: int, count: int
) -> None:
    encoded = encode(text, 7)
    assert (encoded.data_coding, len(encoded.octets), parts(text)) == (coding, count, count)


@pytest.mark.parametrize("text", ["b" * 400, "供热" * 100, "🔥" * 80])
def test_the_parts_together_are_the_text_again(text: str) -> None:
    encoded = encode(text, 300)
    assert encoded.esm_class == WITH_HEADER
    found = [split_header(each) for each in encoded.octets]
    total = len(found)
    assert [header for header, _ in found] == [(300 & 0xFF, total, n + 1) for n in range(total)]
    assert "".join(decode(body, encoded.data_coding) for _, body in found) == text


def test_half_a_character_leaves_as_a_question_mark() -> None:
    [octets] = encode("阀\ud83d", 0).octets
    assert decode(octets, UCS2) == "阀?"


def test_more_parts_than_can_be_numbered_are_counted_and_not_written() -> None:
    text = "a" * (153 * 255)
    assert (parts(text), parts(text + "a")) == (255, 256)
    assert len(encode(text, 0).octets) == 255
    with pytest.raises(TooLong, match="256 parts, of at most 255"):
        encode(text + "a", 0)


@pytest.mark.parametrize(
    ("octets", "coding", "text"),
    [
        (b"ok 174", DEFAULT_ALPHABET, "ok 174"),
        (b"\x00\x1b\x65\x1b\x00", DEFAULT_ALPHABET, "@€ "),
        (b"\xff", DEFAULT_ALPHABET, "\ufffd"),
        (b"caf\xe9", LATIN_1, "café"),
        ("收到".encode("gb18030"), GBK, "收到"),
        ("收到".encode("utf-16-be"), 0x18, "收到"),
        (b"\xd8\x3d", UCS2, "\ufffd"),
    ],
)
def test_what_a_phone_writes_is_read_in_its_alphabet(octets: bytes, coding: int, text: str) -> None:
    assert decode(octets, coding) == text


def test_a_header_says_its_part_in_eight_and_sixteen_bits_behind_other_elements() -> None:
    assert split_header(bytes([6, 8, 4, 1, 2, 3, 1]) + b"x") == ((258, 3, 1), b"x")
    assert split_header(bytes([8, 1, 1, 9, 0, 3, 7, 2, 2]) + b"x") == ((7, 2, 2), b"x")
    assert split_header(bytes([3, 1, 1, 9]) + b"x") == (None, b"x")
    assert split_header(b"") == (None, b"")
