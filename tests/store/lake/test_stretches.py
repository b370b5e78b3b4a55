"""Stretches say the same times as the columns, or nothing."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.lake import stretches
from store.lake.stretches import KEY, Stretches, stretches_in, stretches_of
from store.readings.readings import Readings
from tests.store.batches import NOW, hours, table
from tests.store.readings.kept import readings

__all__ = ["readings"]  # fixtures


def rows(found: Stretches) -> tuple[list[int], list[int]]:
    """Series and times of every row, one after the other."""
    series, at = [], []
    columns = (getattr(found, name).tolist() for name in found.__slots__)
    for number, count, first, step in zip(*columns, strict=True):
        series += [number] * count
        at += [first + step * i for i in range(count)]
    return series, at


@pytest.mark.parametrize("seed", range(20))
def test_rows_with_gaps_come_out_as_they_went_in(seed: int) -> None:
    rng = np.random.default_rng(seed)
    series, at = [], []
    for number in np.unique(rng.integers(1, 1000, 12)).tolist():
        hour = np.flatnonzero(rng.random(300) > 0.01) + int(rng.integers(-9, 9))
        series += [number] * hour.size
        at += (hour * 3_600_000_000).tolist()
    found = stretches_of(np.array(series), np.array(at), group=128)
    assert found is not None
    again = stretches_in({KEY.encode(): found.bytes()}, len(at))
    assert again is not None
    assert rows(again) == rows(found) == (series, at)
    begins = np.cumsum(found.rows) - found.rows
    assert set(range(0, len(at), 128)) <= set(begins.tolist()), "none goes over a group's edge"


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ([0, 0, *range(1, 39)], "a time twice"),
        ([5, 4, *range(6, 44)], "a time before"),
        (np.cumsum(np.arange(40) % 7 + 1).tolist(), "no interval"),
        ([-(2**63), *range(39)], "a difference that no number holds"),
        (list(range(3)), "too few"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_other_times_have_no_stretches(at: list[int], why: str) -> None:
    assert stretches_of(np.ones(len(at), dtype=np.int64), np.array(at), group=1000) is None, why


def test_stretches_of_another_number_of_rows_are_not_believed() -> None:
    found = stretches_of(np.ones(40, dtype=np.int64), np.arange(40), group=1000)
    assert found is not None
    assert stretches_in({KEY.encode(): found.bytes()}, 41) is None
    assert stretches_in(None, 40) is None


def test_the_footer_has_them_where_times_are_regular(readings: Readings) -> None:
    readings.import_table(table([*hours(500), *hours(500, series=2)]), NOW)
    file = readings.lake.snapshot().files[0]
    with pq.ParquetFile(readings.lake.place.read(file.path)) as parquet:
        found = stretches_in(parquet.metadata.metadata, file.rows)
        kept = parquet.read(["series", "at"])
    assert found is not None
    assert found.rows.tolist() == [500, 500]
    assert rows(found)[1] == kept["at"].cast(pa.int64()).to_pylist()
    assert stretches.LEAST_ROWS > 1


def test_stretches_that_were_damaged_are_not_believed() -> None:
    found = stretches_of(np.ones(40, dtype=np.int64), np.arange(40), group=1000)
    assert found is not None
    told = found.bytes()
    for place in range(len(told)):
        for byte in (b"A", b"z", b"!"):
            other = told[:place] + byte + told[place + 1 :]
            read = stretches_in({KEY.encode(): other}, 40)
            assert read is None or rows(read) == rows(found), place
