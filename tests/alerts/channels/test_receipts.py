"""Receipts as centres write them: each octet as it may come."""

from collections.abc import Iterator

import pytest

from alerts.channels.base import Receipt
from alerts.channels.receipts import fields, is_receipt, parse_receipt
from tests.alerts.channels.test_pdus import Line, deliver_sm, tlv

ID, STATE, PAYLOAD = 0x001E, 0x0427, 0x0424
WHOLE = "id:4711 sub:001 dlvrd:001 submit date:2611261900 done date:2611261900 stat:DELIVRD err:000 text:leak"
DELIVERED = Receipt("4711", "DELIVRD", "13800138001")


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.there.close()
    made.client._socket.close()
    made.client._socket = None


def receipt(line: Line, text: bytes, tlvs: bytes = b"", esm: int = 4) -> Receipt | None:
    read = line.read(deliver_sm(text, tlvs, esm=esm))
    assert is_receipt(read)
    return parse_receipt(read)


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        WHOLE.lower(),
        WHOLE.upper(),
        "stat:DELIVRD err:000 id:4711",
        "ID: 4711 Stat: Delivered",
        "id:4711,sub:001,stat:DELIVRD,err:000",
        "id：4711 stat：DELIVRD",
        "id:4711\0sub:001\0stat:DELIVRD\0",
        WHOLE + " stat:UNDELIV id:9",
        "text:leak id:4711 stat:DELIVRD",
    ],
)
@pytest.mark.parametrize("written", ["latin-1", "utf-16-be", "utf-16-le", "payload"])
def test_id_and_state_stand_anywhere_in_a_text_of_any_writing(
    line: Line, text: str, written: str
) -> None:
    if written == "payload":
        octets = text.encode("utf-16-be")
        assert receipt(line, b"", tlv(PAYLOAD, octets)) == DELIVERED
    elif written != "latin-1" or text.isascii():
        assert receipt(line, text.encode(written)) == DELIVERED


def test_optional_parameters_count_before_the_text(line: Line) -> None:
    tlvs = tlv(ID, b"4711\0") + tlv(STATE, b"\5")
    said = receipt(line, WHOLE.replace("4711", "9").encode(), tlvs)
    assert said == Receipt("4711", "UNDELIV", "13800138001", ("9",))
    assert receipt(line, b"", tlv(ID, b"4711 \0") + tlv(STATE, b"\2")) == DELIVERED
    assert receipt(line, b"stat:DELIVRD", tlv(ID, b"4711\0")) == DELIVERED
    assert receipt(line, b"id:4711", tlv(STATE, b"\2")) == DELIVERED


def test_a_state_of_0_counts_only_where_the_text_says_none(line: Line) -> None:
    tlvs = tlv(ID, b"4711\0") + tlv(STATE, b"\0")
    assert receipt(line, WHOLE.encode(), tlvs) == DELIVERED
    said = receipt(line, b"", tlvs)
    assert said is not None
    assert said.state == "SCHEDULED"


@pytest.mark.parametrize(
    ("stat", "state"),
    [("UNDELIV", "ENROUTE"), ("MA:0001", "ENROUTE"), ("ACCEPTD", "ACCEPTD"), ("DELIVRD", "DELIVRD")],
)  # fmt: skip
def test_an_attempt_that_failed_on_the_way_is_no_failure(line: Line, stat: str, state: str) -> None:
    said = receipt(line, f"id:4711 stat:{stat}".encode(), esm=0x20)
    assert said is not None
    assert said.state == state


def test_a_receipt_of_type_0_is_known_by_its_parameter_and_a_message_is_none(line: Line) -> None:
    tlvs = tlv(ID, b"4711\0") + tlv(STATE, b"\2")
    assert receipt(line, b"", tlvs, esm=0) == DELIVERED
    assert not is_receipt(line.read(deliver_sm(WHOLE.encode())))


@pytest.mark.parametrize("text", [b"", b"id:4711", b"stat:DELIVRD", b"id: sub:001 stat:DELIVRD"])
def test_without_id_or_state_there_is_none(line: Line, text: bytes) -> None:
    assert receipt(line, text) is None


def test_a_state_with_a_colon_is_whole_and_a_header_is_left_out(line: Line) -> None:
    assert fields(b"id:1 stat:MA:0001 err:000") == {"id": "1", "stat": "MA:0001"}
    assert receipt(line, b"\5\0\3\7\1\1" + WHOLE.encode(), esm=0x44) == DELIVERED
