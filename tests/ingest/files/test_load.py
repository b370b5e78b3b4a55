"""History from CSV and Parquet: every layout, clock and fault, and nothing twice."""

import gzip
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from domain.errors import WrongCall
from domain.quality import Quality
from domain.quantity import Quantity
from domain.time import Span
from ingest.files.cells import parse_numbers, ticks_of
from store.readings.readings import Readings
from tests.ingest.files.small_files import LONG, WIDE, at, lake_rows, readings, run
from tests.ingest.small import NOW

__all__ = ["readings"]  # fixtures


def test_a_long_file_comes_in_and_a_second_time_adds_nothing(
    readings: Readings, tmp_path: Path
) -> None:
    text = "device,channel,time,value\nB2,t,2026-11-22T06:00:00Z,20.0005\nA1,t,2026-11-22T14:00:00+08:00,19.5\nA1,t,2026-11-22T05:00:00Z,\n"
    report = run(readings, tmp_path / "a.csv", LONG, text)
    assert (report.rows, report.readings, report.refused) == (3, 2, 0)
    assert lake_rows(readings) == [(1, at(6), 19500, Quality.GOOD), (2, at(6), 20000, Quality.GOOD)]
    again = run(readings, tmp_path / "a.csv", LONG)
    assert (again.readings, again.known, again.flushes) == (0, 2, [])
    more = run(
        readings,
        tmp_path / "b.csv",
        LONG,
        text + "A1,t,2026-11-22T07:00:00Z,19\nA1,t,2026-11-22T07:00:00Z,19\n",
    )
    assert (more.readings, more.known) == (1, 3)  # a resumed file brings its rest


def test_parquet_floats_decimals_and_text_come_to_the_same_ticks() -> None:
    written = ["17.9995", "17.9985", "21.366666666666664", "-0.0005", "1e-3", "20"]
    want = [18000, 17998, 21367, 0, 1, 20000]
    columns = [
        pa.array([float(text) for text in written]),
        pa.array([Decimal(text) for text in written]),
        pa.array(written),
        pa.array(written).dictionary_encode().dictionary_decode(),
    ]
    rows = pa.array(range(len(written))).to_numpy()
    for column in columns:
        assert (
            ticks_of(parse_numbers(column), rows, Quantity.TEMPERATURE, "Cel").ticks.tolist()
            == want
        )


def test_parquet_with_dictionary_names_and_typed_times(readings: Readings, tmp_path: Path) -> None:
    table = pa.table(
        {
            "device": pa.array(["A1", "B2"]).dictionary_encode(),
            "channel": pa.array(["t", "t"]).dictionary_encode(),
            "time": pa.array([at(6), at(7)], pa.timestamp("ms", tz="UTC")),
            "value": pa.array([20.125, None]),
        }
    )
    pq.write_table(table, tmp_path / "h.parquet")
    report = run(readings, tmp_path / "h.parquet", LONG)
    assert (report.rows, report.readings) == (2, 1)
    assert lake_rows(readings) == [(1, at(6), 20125, Quality.GOOD)]


def test_a_gzip_file_newest_first_with_a_device_column(readings: Readings, tmp_path: Path) -> None:
    path = tmp_path / "probes.csv.gz"
    path.write_bytes(
        gzip.compress(b"when,probe,t\n2026-11-22T07:00:00Z,A1,2\n2026-11-22T06:00:00Z,A1,1\n")
    )
    mapping = {
        "layout": "wide",
        "columns": {"time": "when", "device": "probe"},
        "channels": {"t": {}},
    }
    run(readings, path, mapping)
    assert [row[:3] for row in lake_rows(readings)] == [(1, at(6), 1000), (1, at(7), 2000)]


# -- clocks ------------------------------------------------------------------------------------


# -- errors of devices -------------------------------------------------------------------------


def test_sentinels_zero_rows_and_absurd_values_are_marked_and_kept_as_they_came(
    readings: Readings, tmp_path: Path
) -> None:
    mapping = {
        "layout": "wide", "device": "S1", "zone": "+00:00",
        "channels": {"t_sup": {"unit": "Cel"}, "p": {"unit": "bar"}, "e": {"unit": "MW.h"}},
        "sentinels": {"t_sup": ["-1010.0"]}, "limits": {"p": {"most": "16"}},
        "error_rows": [{"columns": ["t_sup", "p"], "equals": "0"}],
    }  # fmt: skip
    text = "time,t_sup,p,e\n2026-01-01 00:00:00,-1010.0,4.5,18159.535\n2026-01-01 01:00:00,0,0.0,0\n2026-01-01 02:00:00,0,20,18159.6\n"
    report = run(readings, tmp_path / "a.csv", mapping, text)
    assert report.marked == {"DEVICE_ERROR": 4, "OUT_OF_RANGE": 1}
    found = [(series, value, mark.name) for series, _, value, mark in lake_rows(readings)]
    assert found == [
        (3, -1_010_000, "DEVICE_ERROR"), (3, 0, "DEVICE_ERROR"), (3, 0, "GOOD"),
        (4, 4500, "GOOD"), (4, 0, "DEVICE_ERROR"), (4, 20_000, "OUT_OF_RANGE"),
        (5, 18_159_535_000, "GOOD"), (5, 0, "DEVICE_ERROR"), (5, 18_159_600_000, "GOOD"),
    ]  # fmt: skip
    columns = readings.columns(
        pa.array([3], pa.int32()).to_numpy(), Span(at(0, day=1).replace(month=1), NOW)
    )
    assert columns.usable().tolist() == [False, False, True]


# -- wrong mappings and files ------------------------------------------------------------------


def test_wrong_files_are_wrong_calls(readings: Readings, tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="is not there"):
        run(readings, tmp_path / "none.csv", LONG)
    with pytest.raises(WrongCall, match="no column 'channel', 'value'; it has device, time"):
        run(readings, tmp_path / "a.csv", LONG, "device,time\n")
    (tmp_path / "x.parquet").write_bytes(b"no parquet at all")
    with pytest.raises(WrongCall, match="can't be read as Parquet"):
        run(readings, tmp_path / "x.parquet", LONG)
    with pytest.raises(WrongCall, match="'bar' measures pressure"):
        run(
            readings,
            tmp_path / "b.csv",
            {**WIDE, "channels": {"t_sup": {"unit": "bar"}}},
            "time,t_sup\n2026-01-01T00:00:00Z,1\n",
        )


def test_a_revision_that_is_none_is_refused_and_never_clipped(
    readings: Readings, tmp_path: Path
) -> None:
    mapping = {**LONG, "columns": {**LONG["columns"], "revision": "revision"}}
    cells = ["0", "32767", "", "--", "2.0", "32768", "-1", "1.5", "first", "1e9"]
    text = "device,channel,time,value,revision\n" + "".join(
        f"A1,t,2026-11-22T0{i}:00:00Z,20,{cell}\n" for i, cell in enumerate(cells)
    )
    report = run(readings, tmp_path / "a.csv", mapping, text)
    assert [cell.value for cell in report.listed] == cells[5:]
    assert {(cell.column, str(cell.why)) for cell in report.listed} == {
        ("revision", "no revision; allowed: whole numbers from 0 to 32767")
    }
    table = pa.concat_tables(readings.lake.scan()).sort_by("at")
    assert table["revision"].to_pylist() == [0, 32_767, 0, 0, 2]
