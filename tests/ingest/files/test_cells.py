"""What a cell says: numbers, units, and what is none."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from domain.quantity import Quantity
from ingest.files.cells import Written, parse_numbers, ticks_of
from store.readings.readings import Readings
from tests.ingest.files.small_files import LONG, lake_rows, readings, run
from tests.test_languages import english

__all__ = ["readings"]  # fixtures


@pytest.mark.parametrize(
    ("unit", "value", "ticks"),
    [
        ("bar", "4.5", 4500),
        ("kPa", "450", 4500),
        ("m[H2O]", "10", 981),
        ("Pa", "50", 0),
        ("Pa", "150", 2),
    ],
)
@pytest.mark.parametrize("as_float", [True, False], ids=["float", "text"])
def test_units_are_converted_exactly(unit: str, value: str, ticks: int, as_float: bool) -> None:
    column = pa.array([float(value) if as_float else value])
    rows = pa.array([0]).to_numpy()
    assert ticks_of(parse_numbers(column), rows, Quantity.PRESSURE, unit).ticks.tolist() == [ticks]


def test_refused_cells_are_listed_with_file_row_column_value_and_reason(
    readings: Readings, tmp_path: Path
) -> None:
    text = (
        "device,channel,time,value\nA1,t,2026-11-22T06:00:00Z,warm\nA1,t,noon,20\n"
        "A1,t,2026-11-22T06:00:00,20\nX9,t,2026-11-22T06:00:00Z,1\nX9,t,2026-11-22T07:00:00Z,1\n"
        "A1,x,2026-11-22T06:00:00Z,1\nA1,t,1960-01-01T00:00:00Z,1\nA1,t,2026-11-22T08:00:00Z,8\nonly,three,cells\n"
    )
    path = tmp_path / "bad.csv"
    report = run(readings, path, LONG, text)
    found = {(c.row, c.column, c.value, c.readings): str(c.why) for c in report.listed}
    why = found[2, "value", "warm", 1]
    assert why.startswith(
        "no value of a temperature; allowed: digits with a decimal point, such as"
    )
    assert "not a time" in found[3, "time", "noon", 1]
    assert "names no zone" in found[4, "time", "2026-11-22T06:00:00", 1]
    assert found[5, "value", "X9 t", 2].startswith("device 'X9' is not in the registry")
    assert "has no channel 'x' in the registry, it has t" in found[7, "value", "A1 x", 1]
    assert "1970 to 2199" in found[8, "time", "1960-01-01T00:00:00Z", 1]
    assert any("3 cells, the header has 4" in str(c.why) for c in report.listed)
    assert (report.readings, report.refused) == (1, 8)
    assert [each for cell in report.listed for each in english(cell.why.to("zh"))] == []


def test_a_cell_that_only_python_takes_for_a_number_is_refused(
    readings: Readings, tmp_path: Path
) -> None:
    text = "device,channel,time,value\n" + "".join(
        f"A1,t,2026-11-22T0{i}:00:00Z,{cell}\n"
        for i, cell in enumerate(["2_1", "２１", " 21", "2e1"])
    )
    report = run(readings, tmp_path / "a.csv", LONG, text)
    assert [c.value for c in report.listed] == ["2_1", "２１"]
    assert [row[2] for row in lake_rows(readings)] == [21_000, 20_000]


@pytest.mark.parametrize(
    ("decimal", "thousands", "cells"),
    [
        (".", ",", {"1,234.5": "1234.5", "1234.5": "1234.5", "-1,234,567": "-1234567", "1,23": None, "1,2345": None, "12,34.5": None}),
        (",", ".", {"1.234,5": "1234.5", "1.234": "1234", "20,5": "20.5", "20.5": None, "1,2,3": None}),
        (",", " ", {"1 234,5": "1234.5", "+20,5": "20.5", "2 0": None, "1,5E1": "15"}),
        (",", "", {"20,5": "20.5", "20.5": None, " 20,5\t": "20.5", "": "", "--": ""}),
        (".", "'", {"1'234.5": "1234.5", "1'2": None}),
        (".", "", {"N/A": "", "--": "", " ": "", "20.5\u3000": "20.5", "20,5": None}),
    ],
)  # fmt: skip
def test_numbers_are_read_as_the_mapping_says_they_are_written(
    decimal: str, thousands: str, cells: dict[str, str | None]
) -> None:
    written = Written(decimal, thousands, ("--", "N/A"))
    numbers = parse_numbers(pa.array(list(cells)), written)
    rows = pa.array(range(len(cells))).to_numpy()
    found = ticks_of(numbers, rows, Quantity.TEMPERATURE, None)
    for i, want in enumerate(cells.values()):
        assert found.given[i] == (want != ""), list(cells)[i]
        assert found.bad[i] == (want is None), list(cells)[i]
        if want:
            assert found.ticks[i] == int(float(want) * 1000), list(cells)[i]


@pytest.mark.parametrize("written", ["123456.79", "0.1", "55.55", "16777.217", "-0.3"])
def test_a_narrow_float_is_the_shortest_decimal_that_is_written_as_it(written: str) -> None:
    narrow = pa.array([float(written)], pa.float32())
    texts = pa.array([written])
    rows = np.array([0])
    one, other = (
        ticks_of(parse_numbers(each, Written()), rows, Quantity.ENERGY, "kW.h")
        for each in (narrow, texts)
    )
    assert one.ticks.tolist() == other.ticks.tolist()
