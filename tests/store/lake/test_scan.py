"""A scan takes what lies within all bounds."""

from datetime import timedelta

import pyarrow as pa

from domain.time import Span
from store.readings.readings import Readings
from tests.store.batches import START, hours
from tests.store.lake.lakes import flushed, readings

__all__ = ["readings"]  # fixtures


def test_scanning_takes_what_lies_within_all_bounds(readings: Readings) -> None:
    for series in (1, 2, 3):
        flushed(readings, hours(1_000, series))
    span = Span(START + timedelta(hours=10), START + timedelta(hours=20))
    found = pa.concat_tables(readings.lake.scan(series=(2, 3), span=span, flushes=(1, 2)))
    assert found["series"].to_pylist() == [2] * 10
    assert found["value"].to_pylist() == list(range(20_010, 20_020))
