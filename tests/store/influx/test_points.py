"""Readings as points: in any order the same, by local days of 23 and 25 hours."""

from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import Engine

from store.config import InfluxConfig
from store.influx.points import days_of
from store.readings.readings import Readings
from tests.store.batches import NOW, Row, batch, hours, keep, row
from tests.store.influx.mirrored import BED, STATION, at, books, config, mirrored, points, readings

__all__ = ["books", "config", "readings"]  # fixtures


def test_any_order_and_any_number_of_times_gives_the_same_points(
    readings: Readings, books: Engine, config: InfluxConfig
) -> None:
    rows: list[Row] = [
        *hours(30, BED),
        row(STATION, 1, 4_000),
        row(STATION, 2, 4_000, revision=1),
        row(STATION, 2, 3_000),
        row(STATION, 3, 5_000),
    ]
    keep(readings.journal, rows)
    mirrored(readings, books, config)
    keep(readings.journal, reversed(rows))
    keep(readings.journal, [row(STATION, 3, 5_001)])  # now a conflict
    mirrored(readings, books, config)
    expected = {("S1,01", at(1)): 400_000.0, ("S1,01", at(2)): 400_000.0}
    assert points(config, "reading", "value") == expected
    assert points(config, "reading", "mark")["S1,01", at(3)] == 6
    days = points(config, "household_day", "mean")
    assert len(days) == 2
    assert days["S1-01-B1-0101", at(-8)] == pytest.approx(20.0075)


def test_a_wrong_clock_is_not_mirrored(
    readings: Readings, books: Engine, config: InfluxConfig
) -> None:
    rows = pa.Table.from_batches([batch([row(STATION, 0, 1, quality=3)])])
    wrong = rows.set_column(1, "at", pa.array([2**62], pa.timestamp("us", "UTC")))
    data = wrong.cast(rows.schema).to_batches()[0]
    readings.journal.append(data, messages=1, now=NOW)
    mirrored(readings, books, config)
    assert points(config, "reading", "mark") == {}


def test_touched_days_have_23_and_25_hours() -> None:
    zone = ZoneInfo("Europe/Berlin")
    at_us = np.array([1_774_742_400_000_000 + h * 3_600_000_000 for h in range(48)])
    days = list(days_of(np.arange(48, dtype=np.int32), at_us, zone))
    assert [day.series.size for day in days] == [22, 24, 2]  # from midnight UTC
    assert [(day.span.until - day.span.since).total_seconds() / 3600 for day in days][0:2] == [
        23,
        24,
    ]
