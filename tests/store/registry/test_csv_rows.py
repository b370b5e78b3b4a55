"""CSV as people's programs write it: encodings, separators, and what is no CSV."""

from pathlib import Path

import pytest

from domain.errors import WrongCall
from store.registry.csv_rows import table

COLUMNS = ("reference", "reason")
TEXT = "reference,reason\r\nHW1-1,账号与户名不符\r\n,\r\n\r\nHW1-2,\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_in_every_encoding_that_spreadsheets_and_banks_write(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    path = tmp_path / "returns.csv"
    path.write_bytes(TEXT.replace(",", separator).encode(encoding))
    found = [(str(where), row) for where, row in table(path, COLUMNS)]
    assert found == [
        ("returns.csv, row 2", {"reference": "HW1-1", "reason": "账号与户名不符"}),
        ("returns.csv, row 5", {"reference": "HW1-2", "reason": ""}),
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "returns.csv: the first line is ; allowed: reference,reason"),
        (b"reason,bank\n", "the first line is reason,bank; allowed: reference,reason, in any order; missing: reference"),
        (b"reason,reference,reason\n", "the first line has reason twice"),
        (b"reference,reason\nx\n", "row 2: 1 cells; expected 2"),
        ("reference,reason\n户名不符\n".encode() + b"\xff,\n", "returns.csv: is not text in UTF-8 or GBK: byte 0xff in line 3"),
        (b'reference,reason\nx,"' + b"a" * 140_000, "row 2: is not CSV from here on"),
    ],
    ids=range(6),
)  # fmt: skip
def test_what_is_no_table_of_these_columns_is_named(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "returns.csv"
    path.write_bytes(data)
    with pytest.raises(WrongCall, match=why):
        list(table(path, COLUMNS))


def test_columns_are_found_by_their_names_in_any_order_beside_others(tmp_path: Path) -> None:
    path = tmp_path / "returns.csv"
    path.write_bytes("Reason,bank,reference\n户名不符,ICBC,HW1\n".encode())
    assert [row for _, row in table(path, COLUMNS)] == [{"reference": "HW1", "reason": "户名不符"}]
    path.write_bytes(b"reason,bank,reference\nx,HW1\n")
    with pytest.raises(WrongCall, match="row 2: 2 cells; expected 3"):
        list(table(path, COLUMNS))


def test_a_file_that_is_not_there_or_too_large_is_named(tmp_path: Path) -> None:
    path = tmp_path / "returns.csv"
    with pytest.raises(WrongCall, match="can't be read: No such file"):
        list(table(path, COLUMNS))
    path.write_bytes(TEXT.encode())
    with pytest.raises(WrongCall, match="is 1 MB; allowed: at most 0 MB"):
        list(table(path, COLUMNS, 10))
