"""PDUs by SMPP 3.4, written octet by octet as the standard has them, and broken."""

import random
import socket
import struct
from collections.abc import Iterator
from typing import Any

import pytest
import smpplib.client
from smpplib import exceptions

from alerts.channels import pdus
from alerts.channels.receipts import parse_receipt
from alerts.channels.smpp import parse_message, unreadable

DELIVER_SM, SUBMIT_SM_RESP, ENQUIRE_LINK = 0x05, 0x80000004, 0x15
TEXT_TOO_LONG, LENGTH, COMMAND, OPTIONAL = 0x01, 0x02, 0x03, 0xC0


def pdu(command: int, body: bytes = b"", *, sequence: int = 7, length: int | None = None) -> bytes:
    size = 16 + len(body) if length is None else length
    return struct.pack(">LLLL", size, command, 0, sequence) + body


def deliver_sm(
    text: bytes, tlvs: bytes = b"", *, sender: bytes = b"13800138001", esm: int = 0, **more: int
) -> bytes:
    """A deliver_sm, section 4.6.1."""
    addresses = b"\0\1\1" + sender + b"\0\1\1" + b"10690001\0"
    size = more.pop("sm_length", len(text))
    body = addresses + bytes([esm, 0, 0, 0, 0, 0, 0, 0, 0, size]) + text + tlvs
    return pdu(DELIVER_SM, body, **more)


def tlv(tag: int, value: bytes, length: int | None = None) -> bytes:
    return struct.pack(">HH", tag, len(value) if length is None else length) + value


class Line:
    """Both ends of a line; ours is read as the channel reads it."""

    def __init__(self) -> None:
        self.there, ours = socket.socketpair()
        self.client = smpplib.client.Client("", 0, allow_unknown_opt_params=True)
        self.client._socket = ours
        ours.settimeout(2.0)

    def read(self, *octets: bytes) -> Any:
        self.there.sendall(b"".join(octets))
        return pdus.read(self.client)

    def wrong(self, octets: bytes) -> pdus.Unreadable:
        with pytest.raises(pdus.Unreadable) as found:
            self.read(octets)
        return found.value


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.there.close()
    made.client._socket.close()
    made.client._socket = None


def test_what_is_optional_and_not_known_is_skipped(line: Line) -> None:
    """0x1403 is a vendor's, 0x0005 of data_sm only; a reference of parts in one octet, not two."""
    tlvs = tlv(0x1403, b"x" * 9) + tlv(0x0005, b"\0") + tlv(0x020C, b"\x09")
    read = line.read(deliver_sm(b"174", tlvs + tlv(0x020E, b"\2") + tlv(0x020F, b"\1")))
    message = parse_message(read)
    assert (message.sender, message.text) == ("13800138001", "174")
    assert message.part is not None
    assert (message.part.reference, message.part.total, message.part.number) == (9, 2, 1)


def test_a_receipt_has_its_id_and_state_in_optional_parameters(line: Line) -> None:
    tlvs = tlv(0x001E, b"4711\0") + tlv(0x0427, b"\2")
    receipt = parse_receipt(line.read(deliver_sm(b"", tlvs, esm=4)))
    assert receipt is not None
    assert (receipt.reference, receipt.state) == ("4711", "DELIVRD")


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (deliver_sm(b"174", sm_length=200), TEXT_TOO_LONG),
        (pdu(DELIVER_SM), LENGTH),
        (pdu(DELIVER_SM, b"\0\1\1138001380011069"), LENGTH),
        (pdu(DELIVER_SM, b"\0\1\1138\0\1\1106\0\0"), LENGTH),
        (deliver_sm(b"174", b"\x02"), OPTIONAL),
        (deliver_sm(b"174", tlv(0x020C, b"\0\1", 200)), OPTIONAL),
        (pdu(0x0777, b"abc"), COMMAND),
        (pdu(DELIVER_SM, b"x" * 120_000), LENGTH),
        (struct.pack(">LL", 8, DELIVER_SM), LENGTH),
        (struct.pack(">L", 4), LENGTH),
    ],
    ids=[
        "text", "empty", "string", "number", "tlv", "value", "command", "long", "short", "bare",
    ],
)  # fmt: skip
def test_a_broken_pdu_has_its_status_and_the_next_one_is_read(
    line: Line, octets: bytes, status: int
) -> None:
    assert line.wrong(octets).status == status
    assert parse_message(line.read(deliver_sm(b"175"))).text == "175"


@pytest.mark.parametrize("length", [0, 3, 0x47455420])  # the last: somebody speaks HTTP
def test_where_no_length_is_the_line_is_lost(line: Line, length: int) -> None:
    with pytest.raises(exceptions.ConnectionError, match=f"a PDU of {length} octets"):
        line.read(pdu(DELIVER_SM, length=length))


def test_of_a_broken_answer_number_and_status_are_kept(line: Line) -> None:
    wrong = line.wrong(pdu(SUBMIT_SM_RESP, b"4711", sequence=12))
    assert (wrong.is_answer, wrong.is_message, wrong.sequence) == (True, False, 12)
    assert (wrong.pdu.command, wrong.pdu.status) == ("submit_sm_resp", 0)


def test_a_broken_message_is_kept_as_its_octets_with_the_same_key_when_it_comes_again(
    line: Line,
) -> None:
    first, again, other = (
        unreadable(line.wrong(deliver_sm(text, sm_length=200, sequence=n)))
        for n, text in enumerate((b"174", b"174", b"175"))
    )
    assert (first.sender, first.key) == ("13800138001", again.key)
    assert other.key != first.key
    assert deliver_sm(b"174", sm_length=200).hex()[32:] in first.text


@pytest.mark.parametrize("seed", range(8))
def test_whatever_comes_it_is_read_or_refused_and_the_next_one_is_read(
    line: Line, seed: int
) -> None:
    chance = random.Random(seed)
    tlvs = tlv(0x020C, b"\0\1") + tlv(0x020E, b"\2") + tlv(0x0424, b"payload") + tlv(0x001E, b"7\0")
    refused = 0
    for _ in range(400):
        octets = bytearray(
            deliver_sm(b"\5\0\3\7\2\1" + b"174", tlvs, esm=chance.choice((0, 4, 64)))
        )
        for _ in range(chance.randrange(6)):
            octets[chance.randrange(4, len(octets))] = chance.randrange(256)
        cut = octets[: chance.randrange(4, len(octets) + 1)] if chance.random() < 0.3 else octets
        cut[:4] = len(cut).to_bytes(4)
        try:
            read = line.read(bytes(cut))
        except pdus.Unreadable as wrong:
            refused += 1
            unreadable(wrong)
        else:
            if read.command == "deliver_sm":
                parse_message(read)
                parse_receipt(read)
        assert parse_message(line.read(deliver_sm(b"175"))).text == "175"
    assert 50 < refused < 350
