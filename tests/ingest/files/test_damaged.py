"""Files with damage anywhere: read as far as they say something, or refused in a sentence."""

import gzip
import io
import lzma
import random
import resource
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from domain.errors import WrongCall
from ingest.files.chunks import read_chunks
from ingest.files.mapping import check_mapping
from ingest.files.report import ImportReport
from tests.ingest.files.cut import ROW
from tests.ingest.files.small_files import LONG

NAMES = ["device", "channel", "time", "value"]
TEXT = "\n".join(["Title,,", ",".join(NAMES), *(ROW.format(i, f'"{i}.5"') for i in range(20))])
POINTS = "".join(f'rooms,device=A\\ 1 t={i}.5,s="x, y" {i}\n' for i in range(20))
ANNOTATED = "#group,false\n#default,_result,,,\n,device,channel,time,value\n" + "".join(
    f",{ROW.format(i, i)}\n" for i in range(20)
)


def workbook() -> bytes:
    book, data = openpyxl.Workbook(), io.BytesIO()
    for row in (NAMES, ["A1", "t", "2026-11-22T06:00:00Z", 20.5], ["A1", "t", "x", "=1+1"]):
        book.worksheets[0].append(row)
    book.save(data)
    return data.getvalue()


def archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.csv", TEXT)
        made.writestr("温.xlsx", workbook())
    return data.getvalue()


def unpacked(data: bytes) -> bytes:
    """An archive without compression, so that damage reaches what is inside."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as made:
        for each in old.namelist():
            made.writestr(each, old.read(each))
    return out.getvalue()


FILES: dict[str, tuple[bytes, dict[str, Any]]] = {
    "a.csv": (TEXT.encode(), {}),
    "gbk.csv": (TEXT.encode("gbk"), {"encoding": "gbk"}),
    "wide.csv": (TEXT.encode("utf-16"), {"encoding": "utf-16"}),
    "a.csv.gz": (gzip.compress(TEXT.encode()), {}),
    "a.csv.xz": (lzma.compress(TEXT.encode()), {}),
    "a.zip": (archive(), {}),
    "a.xlsx": (workbook(), {}),
    "plain.xlsx": (unpacked(workbook()), {}),
    "a.lp": (POINTS.encode(), {"format": "line_protocol"}),
    "annotated.csv": (ANNOTATED.encode(), {"format": "annotated_csv"}),
}


def virtual_bytes() -> int:
    """What this process has been given, touched or not: a fork needs room for as much."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def test_a_damaged_archive_takes_no_room_for_good(tmp_path: Path) -> None:
    """Each took a gigabyte, until no child could be started."""
    data, _ = FILES["a.zip"]
    wrong = bytearray(data)
    wrong[len(wrong) // 2] ^= 255
    path = tmp_path / "a.zip"
    path.write_bytes(wrong)
    mapping = check_mapping(LONG, "mapping.toml")
    whole = tmp_path / "whole.zip"
    whole.write_bytes(data)
    assert [*read_chunks(whole, mapping, ImportReport())]  # pyarrow has its memory from here on
    before = virtual_bytes()
    for _ in range(5):
        with pytest.raises(WrongCall, match="can't be read"):
            [*read_chunks(path, mapping, ImportReport())]
    assert virtual_bytes() - before < 1 << 30


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("seed", [7])
def test_damage_anywhere_ends_in_rows_or_a_sentence(tmp_path: Path, name: str, seed: int) -> None:
    data, more = FILES[name]
    mapping = check_mapping({**LONG, **more}, "mapping.toml")
    chance = random.Random(f"{seed} {name}")
    path = tmp_path / name
    path.write_bytes(data)
    assert sum(chunk.table.num_rows for chunk in read_chunks(path, mapping, ImportReport()))
    for _ in range(60):
        wrong = bytearray(data)
        for _ in range(chance.randrange(1, 4)):
            wrong[chance.randrange(len(wrong))] = chance.choice([0, 10, 34, 44, 60, 255, chance.randrange(256)])  # fmt: skip
        if chance.random() < 0.3:
            del wrong[chance.randrange(len(wrong)) :]
        path.write_bytes(wrong)
        refused = None
        try:
            for _chunk in read_chunks(path, mapping, ImportReport()):
                pass
        except WrongCall as wrong_call:
            refused = str(wrong_call)
        assert refused is None or str(path) in refused
