"""Files as programs leave them, read in pieces of any size."""

from pathlib import Path

import pytest

import ingest.files.chunks as chunks_module
import ingest.files.tidy as tidy_module
from domain.errors import WrongCall
from store.readings.readings import Readings
from tests.ingest.files.cut import ROW, refused_rows
from tests.ingest.files.small_files import LONG, readings, run

__all__ = ["readings"]  # fixtures


@pytest.mark.parametrize("piece", [1, 7, 64, 1 << 20])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_with_what_stands_above_and_behind(
    readings: Readings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    newline: str,
    piece: int,
) -> None:
    monkeypatch.setattr(chunks_module, "BLOCK_BYTES", max(piece, 64))
    monkeypatch.setattr(tidy_module, "_PIECE", piece)
    lines = ['日报,"two', 'lines"', "", '" device ",channel,"time', '",value,,', ",,,℃"]
    wide = LONG | {"columns": LONG["columns"] | {"time": "time"}}
    lines += [ROW.format(0, 20) + ",,", "", ROW.format(1, "x") + ",", ROW.format(2, "y") + ",z"]
    lines += ["合计,,,40", ",,,,", ROW.format(3, 21)]
    path = tmp_path / "a.csv"
    path.write_bytes(newline.join(lines).encode())
    report = run(readings, path, wide)
    assert refused_rows(report) == [9, 10]
    assert (report.readings, report.left_out) == (2, 2)


def test_a_quote_that_nothing_closes_does_not_swallow_a_file(
    readings: Readings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidy_module, "MOST_RECORD", 1000)
    monkeypatch.setattr(chunks_module, "BLOCK_BYTES", 500)
    text = "device,channel,time,value\n" + ROW.format(0, 20) + '\n"A1' + "x" * 3000
    with pytest.raises(WrongCall, match="the record in line 3 is longer than 1000 bytes"):
        run(readings, tmp_path / "a.csv", LONG, text)


def test_a_file_of_titles_only_says_what_it_has(readings: Readings, tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match=r"no column .device., .channel.*it has time, wert"):
        run(readings, tmp_path / "a.csv", LONG, "title\n\n time ,wert,,\n1,2\n")
