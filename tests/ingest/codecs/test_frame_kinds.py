"""Frames that all begin with 68h, told apart."""

import pytest

from ingest.codecs.frame_kinds import foreign, is_cjt188, is_dlt645, is_mbus, without_preamble
from tests.ingest.codecs.mbus_encoder import Meter, frame, integer


def summed(body: bytes) -> bytes:
    return body + bytes([sum(body) & 255, 0x16])


#: An electricity meter's answer, and the heat meter's next to it on the same line.
DLT645 = summed(bytes.fromhex("68 785634129000 68 91 08 33333433 78563412"))
CJT188 = summed(bytes.fromhex("68 20 78563412001111 81 04 901f00 05"))
MBUS = frame(integer("06", 5), meter=Meter())


@pytest.mark.parametrize(
    ("data", "kind"),
    [(DLT645, "DL/T 645"), (CJT188, "CJ/T 188"), (MBUS, "M-Bus"), (b"\x68\x16", ""), (b"", "")],
    ids=["645", "188", "mbus", "short", "none"],
)
def test_a_frame_is_of_one_kind(data: bytes, kind: str) -> None:
    assert [is_dlt645(data), is_cjt188(data), is_mbus(data)] == [
        kind == each for each in ("DL/T 645", "CJ/T 188", "M-Bus")
    ]
    assert (foreign(b"\xfe\xfe" + data) or "").startswith(kind)
    assert without_preamble(b"\xfe\xfe" + data) == data


@pytest.mark.parametrize("data", [DLT645, CJT188], ids=["645", "188"])
def test_a_frame_whose_sum_is_wrong_is_of_none(data: bytes) -> None:
    wrong = data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]
    assert foreign(wrong) is None
    assert foreign(data[:-1]) is None
