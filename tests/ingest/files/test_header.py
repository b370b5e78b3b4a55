"""The header of a file: of any length, in any encoding it says."""

import gzip
from pathlib import Path
from typing import Any

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


PRESSURE: dict[str, Any] = {
    "layout": "wide", "device": "S1", "columns": {"time": "time"}, "channels": {"p": {}},
}  # fmt: skip
AT = "2026-11-22T06:00:00Z"


def test_a_unit_that_is_not_known_hides_no_other_of_its_row(
    readings: Readings, tmp_path: Path
) -> None:
    text = f"time,t_sup,p\n,ºX,MPa\n{AT},55,0.6\n"
    both = {**PRESSURE, "channels": {"t_sup": {"unit": "Cel"}, "p": {}}}
    assert run(readings, tmp_path / "a.csv", both, text).readings == 2
    assert sorted(row[2] for row in lake_rows(readings)) == [6_000, 55_000]  # 600,000 Pa
    with pytest.raises(WrongCall, match="'ºX' by its row of units, which is no unit that is known"):
        run(readings, tmp_path / "b.csv", {**both, "channels": {"t_sup": {}, "p": {}}}, text)


@pytest.mark.parametrize("name", ["供水压力(MPa)", "供水压力（MPa）", "p [MPa]", "p 【 MPa 】"])
def test_a_unit_in_brackets_behind_the_name_of_a_column_counts(
    readings: Readings, tmp_path: Path, name: str
) -> None:
    mapping = {**PRESSURE, "channels": {name: {"channel": "p"}}}
    text = f"time,{name}\n{AT},0.6\n"
    run(readings, tmp_path / "a.csv", mapping, text)
    assert [row[2] for row in lake_rows(readings)] == [6_000]
    other = {**PRESSURE, "channels": {name: {"channel": "p", "unit": "bar"}}}
    with pytest.raises(
        WrongCall, match="by its name, and in 'bar' by the mapping; allowed: the same"
    ):
        run(readings, tmp_path / "b.csv", other, text)


def test_what_stands_in_brackets_and_is_no_unit_says_nothing(
    readings: Readings, tmp_path: Path
) -> None:
    mapping = {**PRESSURE, "channels": {"压力(室内)": {"channel": "p", "unit": "MPa"}}}
    report = run(readings, tmp_path / "a.csv", mapping, f"time,压力(室内)\n{AT},0.6\n")
    assert (report.readings, report.refused) == (1, 0)
