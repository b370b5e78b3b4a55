"""Where rows lie: by month, sorted, packed."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from domain.time import Span, to_us
from store.lake.files import month_date, month_number, sort_rows, split_months
from store.readings.readings import Readings
from tests.store.batches import NOW, START, YEAR, hours, row, table
from tests.store.lake.lakes import Place, counted, flushed, place, readings

__all__ = ["place", "readings"]  # fixtures


def test_rows_lie_by_month_sorted_and_with_their_flush(readings: Readings, place: Place) -> None:
    late = [row(2, 800, 1), row(1, 800, 1), row(1, 5, 1), row(2, 1, 1)]
    flushed(readings, hours(2))
    flushed(readings, late)
    files = readings.lake.snapshot().files
    assert [(f.month.month, f.rows, f.flush) for f in files] == [
        (1, 2, (1, 1)),
        (1, 2, (2, 2)),
        (2, 2, (2, 2)),
    ]
    assert files[1].series == (1, 2)
    rows = pa.concat_tables(readings.lake.scan(flushes=(2, 2), columns=["series", "at"]))
    assert rows["series"].to_pylist() == [1, 2, 1, 2]
    assert rows["at"].to_pylist()[0] == START + timedelta(hours=5)


def test_the_layout_is_packed(readings: Readings, tmp_path: Path) -> None:
    readings.import_table(table(hours(2_000)), NOW)
    file = readings.lake.snapshot().files[0]
    with pq.ParquetFile(readings.lake.place.read(file.path)) as parquet:
        columns = {
            parquet.metadata.row_group(0).column(i).path_in_schema: parquet.metadata.row_group(
                0
            ).column(i)
            for i in range(parquet.metadata.num_columns)
        }
    assert "DELTA_BINARY_PACKED" in columns["at"].encodings
    assert "DELTA_BINARY_PACKED" in columns["value"].encodings
    assert "RLE_DICTIONARY" in columns["series"].encodings
    assert {each.compression for each in columns.values()} == {"ZSTD"}


def test_times_that_can_not_be_right_make_no_partitions_of_their_own(readings: Readings) -> None:
    at = [-(2**62), 0, 2**62]
    rows = table(hours(3)).set_column(1, "at", pa.array(at, pa.timestamp("us", "UTC")))
    readings.import_table(rows.cast(table([]).schema), NOW)
    assert sorted({f.month.year for f in readings.lake.snapshot().files}) == [1999, 2100]
    assert counted(readings) == 3
    found = readings.columns(np.array([1], np.int32), Span(START.replace(year=1), YEAR.until))
    assert found.at_us.tolist() == [0]


def test_months_are_those_of_utc() -> None:
    days = [month_date(month_number(to_us(START) + us)).isoformat() for us in (-1, 0)]
    assert days == ["2025-12-01", "2026-01-01"]


@pytest.mark.parametrize("stretch", [1, 400], ids=["short stretches", "long stretches"])
def test_every_row_goes_to_its_month_in_order(stretch: int) -> None:
    first = [hours(stretch, s) for s in (1, 2)]
    second = [hours(stretch, s, first=1_000) for s in (1, 2)]
    mixed = table([*first[0], *second[0], *first[1], *second[1]])
    parts = dict(split_months(mixed))
    assert sorted(parts) == [month_number(to_us(START) + h * 3_600_000_000) for h in (0, 1_000)]
    assert [
        parts[key].equals(table([*rows[0], *rows[1]]))
        for key, rows in zip(sorted(parts), (first, second), strict=True)
    ] == [True, True]


def test_sorted_rows_are_left_alone_and_others_sorted() -> None:
    rows = table([*hours(3, 1), *hours(3, 2)])
    assert sort_rows(rows) is rows
    mixed = rows.take(pa.array([5, 0, 3, 2, 4, 1]))
    assert sort_rows(mixed).equals(rows)
