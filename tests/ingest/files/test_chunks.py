"""Pieces of a file: counted through, and no character lost between two."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import ingest.files.chunks as chunks_module
from domain.errors import WrongCall
from store.readings.readings import Readings
from tests.ingest.files.cut import ROW, refused_rows
from tests.ingest.files.small_files import LONG, readings, run

__all__ = ["readings"]  # fixtures


def test_a_later_piece_of_a_file_goes_on_counting(
    readings: Readings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks_module, "BLOCK_BYTES", 100)
    monkeypatch.setattr(chunks_module, "CHUNK_ROWS", 3)
    lines = ["device,channel,time,value"]
    for i in range(30):
        lines += [
            ROW.format(i, "x" if i % 7 == 6 else i),
            *([""] * (i % 3)),
            *(["short"] * (i % 2)),
        ]
    report = run(readings, tmp_path / "a.csv", LONG, "\n".join(lines) + "\n")
    assert refused_rows(report) == [
        i for i, line in enumerate(lines, 1) if line.endswith(("x", "short"))
    ]
    table = pa.table(
        {
            "device": ["A1"] * 8,
            "channel": ["t"] * 8,
            "time": ["2026-11-22T06:00:00Z"] * 8,
            "value": ["1"] * 6 + ["x", "1"],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    assert refused_rows(run(readings, tmp_path / "a.parquet", LONG)) == [7]


@pytest.mark.parametrize("block", [131, 132, 133, 134, 135])
def test_a_character_that_two_pieces_share_is_text(
    readings: Readings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(chunks_module, "BLOCK_BYTES", block)
    rows = [f"房间{'温' * i},t,2026-11-22T06:{i:02}:00Z,20" for i in range(20)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["device,channel,time,value", *rows]), encoding="utf-8")
    assert run(readings, path, LONG).rows == 20


@pytest.mark.parametrize("name", ["室温.xls", "old.ODS"])
def test_a_workbook_of_another_kind_is_refused_with_the_way_to_one_that_is_read(
    readings: Readings, tmp_path: Path, name: str
) -> None:
    with pytest.raises(WrongCall, match=r"workbook of another kind; allowed: a CSV.*as \.xlsx"):
        run(readings, tmp_path / name, LONG, "PK")
