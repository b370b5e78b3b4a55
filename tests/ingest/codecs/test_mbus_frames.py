"""Link layer and headers of wired M-Bus."""

import pytest

from ingest.codecs.mbus_frames import Header, manufacturer_of, split, telegram
from ingest.codecs.mbus_records import Wrong
from tests.ingest.codecs.mbus_encoder import Meter, decimal, frame, integer, long_frame
from tests.ingest.codecs.test_frame_kinds import CJT188, DLT645

METER = Meter(number=6855817, maker="KAM", version=8, medium=4, access=9, status=0x10)


def test_a_header_says_which_meter_speaks() -> None:
    (user,) = split(frame(integer("06", 5), meter=METER))
    read = telegram(user)
    assert read.header == Header("06855817", "KAM", 8, 4, 9, 0x10)
    assert [str(each.value) for each in read.records.records] == ["5000"]
    assert manufacturer_of(METER.manufacturer()) == "KAM"


def test_frames_may_follow_each_other_and_an_acknowledgement() -> None:
    one, other = frame(integer("06", 1)), frame(integer("06", 2))
    assert len(split(b"\xe5" + one + other)) == 2


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (frame()[:-1], "the frame has 20 bytes, and says 21"),
        (frame()[:9], "the frame has 9 bytes, and says 21"),
        (frame()[:-2] + b"\0\x16", "the checksum is 00h"),
        (frame()[:-1] + b"\x17", "ends with 17h, not 16h"),
        (b"\x10\x5b\x01\x5c\x16", "no frame of M-Bus: 10h"),
        (b"\xe5", "no frame of M-Bus: E5h"),
        (b"\x68", "no long frame"),
        (b"\x68\x03\x04\x68", "no long frame"),
        (frame() + b"\0", "no frame of M-Bus: 00h"),
        (long_frame(b"\x51\x01\x7a\x05", control=0x53), "a frame to a meter"),
        (b"\x68\x02\x02\x68\x08\x01\x09\x16", "says 8"),
        (DLT645, "a frame of DL/T 645"),
        (b"\xfe\xfe" + DLT645, "a frame of DL/T 645"),
        (CJT188, "a frame of CJ/T 188"),
    ],
)
def test_what_is_no_frame_of_a_meter_is_refused_with_what_is_wrong(data: bytes, why: str) -> None:
    with pytest.raises(Wrong, match=why):
        split(data)


@pytest.mark.parametrize(
    ("user", "why"),
    [
        (b"", "without data"),
        (b"\x72\x01", "the header has 1 bytes, not 12"),
        (b"\x70\x05", "an error of its application layer: 5 .more than 10 DIFE"),
        (b"\x70", "an error of its application layer: 0 .unspecified"),
        (b"\x70\xff", "an error of its application layer: 255"),
        (b"\x76" + bytes(12), "mode 2"),
        (b"\x50", "CI field 50h"),
        (b"\x73" + bytes(15), "the fixed structure has 15 bytes"),
        (b"\x72" + Meter(word=b"\x20\x05").header() + bytes(32), "encrypted"),
    ],
)
def test_user_data_without_values_are_refused_with_what_is_wrong(user: bytes, why: str) -> None:
    with pytest.raises(Wrong, match=why):
        telegram(user)


def fixed(status: int, units: tuple[int, int], *counters: bytes) -> bytes:
    return b"\x73" + bytes.fromhex("78563412") + bytes([7, status, *units]) + b"".join(counters)


@pytest.mark.parametrize(
    ("user", "found"),
    [
        # EN 13757-3:2004, 5: actual values in BCD, heat medium 4: l and the same, kept
        (
            fixed(0, (0x29, 0x7E), bytes.fromhex("01000000"), bytes.fromhex("35010000")),
            [("volume", "0.001", "m3", 0), ("volume", "0.135", "m3", 1)],
        ),
        (
            fixed(1, (0x05, 0x2E), (256).to_bytes(4, "little"), (3).to_bytes(4, "little")),
            [("energy", "256000", "W.h", 0), ("volume", "300", "m3", 0)],
        ),
        (
            fixed(2, (0x12, 0x38), bytes.fromhex("01000000"), bytes.fromhex("00450200")),
            [("energy", "10000000000", "J", 1), ("temperature", "24.500", "Cel", 1)],
        ),
        (fixed(0, (0x00, 0x3F), bytes(4), bytes(4)), []),
        (fixed(0, (0x32, 0x39), b"\xaa\0\0\0", bytes(4)), [
            ("flow", "None", "m3/h", 0), ("heat_cost_units", "0", "1", 0)]),
    ],
    ids=["digits", "binary", "kept", "clock", "no digits"],
)  # fmt: skip
def test_the_fixed_structure(user: bytes, found: list[tuple[str, str, str, int]]) -> None:
    read = telegram(user)
    assert read.header.device == "12345678"
    assert [
        (r.meaning.name, str(r.value), r.meaning.unit, r.storage) for r in read.records.records
    ] == found


def test_records_may_come_without_a_header_or_with_a_short_one() -> None:
    records = decimal("06", 7).encoded()
    for user in (b"\x78" + records, b"\x7a\x05\x10\0\0" + records):
        read = telegram(user)
        assert (read.header.device, len(read.records.records)) == ("", 1)
    assert telegram(b"\x7a\x05\x10\0\0").header.status == 0x10


def test_a_meter_is_known_by_maker_number_and_medium() -> None:
    header = Header("00004711", "HEW", 1, 4, 0, 0)
    assert (header.code, header.formerly) == ("HEW.00004711.04", ("00004711", "4711"))
    fixed_structure = Header("00000000", "", 0, 4, 0, 0)  # which names no maker
    assert (fixed_structure.code, fixed_structure.formerly) == ("00000000", ())
