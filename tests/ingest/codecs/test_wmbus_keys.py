"""Files of keys: what a line may be, and that no message shows a key."""

from pathlib import Path

import pytest

from domain.errors import WrongCall
from ingest.codecs.wmbus_keys import read_keys

KEY = "000102030405060708090A0B0C0D0E0F"


def written(folder: Path, text: str) -> Path:
    (folder / "meters.keys").write_text(text, encoding="utf-8")
    return folder / "meters.keys"


def test_a_line_is_a_meter_and_its_key(tmp_path: Path) -> None:
    text = f"\ufeff# of the north\n\n4711 = {KEY}\n87654321:{KEY.lower()}  # by hand\n4711 {KEY}\n"
    keys = read_keys(written(tmp_path, text))
    assert keys.of("00004711") == keys.of("87654321") == bytes.fromhex(KEY)
    assert keys.of("11111111") is None
    assert KEY not in repr(keys)
    assert read_keys(written(tmp_path, f"* = {KEY}")).of("11111111") == bytes.fromhex(KEY)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"4711 = {KEY}0", "line 1: allowed"),
        (f"\n{KEY}", "line 2: allowed"),
        (f"4711 = {KEY}\n4711 = {KEY[::-1]}", "line 2: another key of the same meter"),
        ("\0", "line 1: allowed"),
    ],
)
def test_a_wrong_line_is_named_by_its_number_alone(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match=why) as wrong:
        read_keys(written(tmp_path, text))
    assert KEY not in str(wrong.value)


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match=r"no\.keys can't be read: No such file"):
        read_keys(tmp_path / "no.keys")
    (tmp_path / "meters.keys").write_bytes(b"\xff")
    with pytest.raises(WrongCall, match="it is not UTF-8"):
        read_keys(tmp_path / "meters.keys")
