"""Link layer of CJ/T 188, and the orders of bytes that makers have."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from ingest.codecs.cjt188_frames import Answer, split
from ingest.codecs.cjt188_frames import answer as answer_of
from ingest.codecs.mbus_records import Wrong
from tests.ingest.codecs.cjt188_encoder import STANDARD, Maker
from tests.ingest.codecs.mbus_encoder import frame as mbus_frame
from tests.ingest.codecs.test_frame_kinds import DLT645

SENT = Maker().heat()
AT = datetime(2026, 11, 22, 8, 40)  # noqa: DTZ001  # meters know no zone


def answer(frame: bytes, received: datetime = AT, **more: Any) -> Answer:
    return answer_of(frame, received, **more)


def test_frames_have_preambles_and_follow_each_other() -> None:
    assert list(split(b"\xfe\xfe\xfe" + SENT + b"\xfe" + SENT + b"\xfe\xfe")) == [SENT, SENT]
    assert list(split(b"\xfe\xfe")) == []


@pytest.mark.parametrize(
    ("digits", "unit", "identification"),
    list(product(("low", "high"), ("last", "first"), (b"\x1f\x90", b"\x90\x1f"))),
)
def test_an_answer_is_read_in_the_order_that_its_units_and_its_clock_say(
    digits: str, unit: str, identification: bytes
) -> None:
    found = answer(Maker(digits, unit, identification=identification).heat())
    assert [(int(raw.hex()), code) for _, raw, code in found.values] == list(STANDARD)
    assert [int(each.hex()) for each in found.plain] == [10169, 4616, 985]
    assert found.clock is not None
    assert found.clock.isoformat() == "2026-11-22T13:30:00"
    assert (found.device, found.kind, found.serial) == ("11110000004711", 0x20, 5)


@pytest.mark.parametrize("digits", ["low", "high"])
@pytest.mark.parametrize("clock", ["20261122083020", "20241122082320", "20261122112620"])
def test_of_two_clocks_the_one_near_the_receipt_is_right(digits: str, clock: str) -> None:
    for received in (AT, AT + timedelta(days=30), AT - timedelta(days=12)):
        sent = Maker(digits).heat(clock=clock)
        if clock.startswith("2024") or clock == clock_read_backwards(clock):
            with pytest.raises(Wrong, match="its digits can be read from either end"):
                answer(sent, received)
        else:
            assert int(answer(sent, received).values[0][1].hex()) == STANDARD[0][0]


def clock_read_backwards(clock: str) -> str:
    return bytes.fromhex(clock)[::-1].hex()


def test_a_clock_that_is_one_from_one_end_alone_says_the_order_unless_it_is_ahead() -> None:
    stopped = answer(Maker("high").heat(clock="20000101000005"))
    assert int(stopped.values[0][1].hex()) == STANDARD[0][0]
    with pytest.raises(Wrong, match="its digits can be read from either end"):
        answer(Maker("high").heat(clock="20252211083020"))  # no time; backwards it is of 2030


@pytest.mark.parametrize("digits", ["low", "high"])
def test_an_answer_without_a_clock_is_refused_unless_its_feed_says_the_order(digits: str) -> None:
    sent = Maker(digits).heat(clock="0")
    with pytest.raises(Wrong, match="meter 11110000004711: its digits can be read from either end"):
        answer(sent)
    found = answer(sent, digits=digits)
    assert (found.clock, int(found.values[0][1].hex())) == (None, STANDARD[0][0])


def test_what_is_the_same_from_either_end_needs_no_clock() -> None:
    sent = tuple((0, code) for _, code in STANDARD)
    found = answer(Maker().heat(sent, (151515, 200020), hours=0, clock="0"))
    assert found.plain == (b"\x15\x15\x15", b"\x20\0\x20", b"\0\0\0")


def test_a_meter_of_water_answers_in_22_bytes() -> None:
    maker = Maker()
    body = (
        maker.value(123456, 0x2C)
        + maker.value(100000, 0x2C)
        + maker.number(20261122133000, 7)
        + b"\0\0"
    )
    found = answer(maker.frame(body, device="11110000004711", kind=0x11))
    assert [(place.channel, int(raw.hex())) for place, raw, _ in found.values] == [
        ("volume", 123456), ("volume_storage1", 100000),
    ]  # fmt: skip
    assert found.plain == ()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (DLT645, "a frame of DL/T 645"),
        (b"\xfe\xfe" + DLT645, "a frame of DL/T 645"),
        (mbus_frame(), "a frame of M-Bus"),
        (b"\x00", "no frame of CJ/T 188"),
        (b"\x68\x20", "no frame of CJ/T 188"),
        (b"\x68\x50" + SENT[2:], "no frame of CJ/T 188"),
        (SENT[:-1], "the frame has 58 bytes, and says 59"),
        (SENT[:-2] + b"\0\x16", "the checksum is 00h"),
        (SENT[:-1] + b"\x17", "ends with 17h"),
        (SENT + b"\x01", "no frame of CJ/T 188"),
    ],
    ids=range(10),
)
def test_what_is_no_frame_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Wrong, match=why):
        list(split(data))


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (Maker().frame(b"", device="11110000004711", control=0x01), "a frame to a meter"),
        (
            Maker().frame(b"\1", device="11110000004711", control=0xC1),
            "meter 11110000004711 answers that it can't",
        ),
        (Maker().frame(b"", device="11110000004711", control=0x84), "without a reading"),
        (Maker(identification=b"\x2f\x90").heat(), "without a reading: C field 81h, 2f90"),
        (Maker().frame(bytes(40), device="11110000004711"), "an answer of 43 bytes"),
        (Maker().heat((*STANDARD[:4], (5, 0x77))), "unit codes that no order of bytes explains"),
    ],
    ids=range(6),
)
def test_a_frame_without_a_reading_says_why(frame: bytes, why: str) -> None:
    with pytest.raises(Wrong, match=why):
        answer(frame)
