"""The header of a file: of any length, in any encoding it says."""

import gzip
from pathlib import Path

import pytest

from domain.errors import WrongCall
from store.readings.readings import Readings
from tests.ingest.files.small_files import WIDE, lake_rows, readings, run

__all__ = ["readings"]  # fixtures


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_header_of_any_length_is_read(readings: Readings, tmp_path: Path, packed: bool) -> None:
    names = [f"channel-of-a-very-wide-file-{i}" for i in range(9000)]
    text = ",".join(["time", *names, "t_sup"]) + "\n2026-11-22T06:00:00Z" + ",1" * 9001 + "\n"
    assert len(text.split("\n")[0]) > 1 << 16
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert run(readings, path, WIDE).readings == 1
    with pytest.raises(WrongCall) as wrong:
        run(readings, path, {**WIDE, "channels": {"d1": {}}})
    assert "no column 'd1'; it has time, channel-of" in str(wrong.value)
    assert str(wrong.value).endswith(" and 8992 more")
    assert len(str(wrong.value)) < 600 + len(str(path))


def test_a_column_that_is_there_twice_is_refused_with_both_places(
    readings: Readings, tmp_path: Path
) -> None:
    text = "time,t_sup,x,x,t_sup\n2026-11-22T06:00:00Z,1,,,2\n"
    with pytest.raises(
        WrongCall, match=r"column 't_sup' is there 2 times, as columns 2, 5; allowed: once"
    ):
        run(readings, tmp_path / "a.csv", WIDE, text)
    assert lake_rows(readings) == []
    unused = text.replace(",t_sup\n", ",y\n")  # x is twice, but nobody reads it
    assert run(readings, tmp_path / "a.csv", WIDE, unused).readings == 1


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_another_encoding_says_which_it_looks_like(
    readings: Readings, tmp_path: Path, encoding: str
) -> None:
    mapping = {**WIDE, "columns": {"time": "时间"}, "channels": {"供水温度": {"channel": "t_sup"}}}
    path = tmp_path / "a.csv"
    path.write_bytes("时间,供水温度\n2026-11-22T06:00:00Z,55\n".encode(encoding))
    with pytest.raises(WrongCall) as wrong:
        run(readings, path, mapping)
    assert f"encoding = 'utf8' may be wrong: the file looks like '{encoding}'" in str(wrong.value)
    assert run(readings, path, {**mapping, "encoding": encoding}).readings == 1
