"""Readings as one: resolved columns, as of a flush, following without a seam, latest values."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from domain.errors import WrongCall
from domain.time import Span
from store.journal.journal import Journal
from store.journal.schema import READING
from store.lake.lake import Lake
from store.readings.readings import Readings
from tests.store.batches import NOW, YEAR, hours, keep, row, same, table
from tests.store.readings.kept import CITY, opened, readings

__all__ = ["readings"]  # fixtures


def test_as_of_a_flush_stays_the_same_forever(readings: Readings) -> None:
    keep(readings.journal, hours(5, 1))
    first = readings.flush(NOW)
    then = readings.columns(CITY, YEAR, as_of=first.number)
    keep(readings.journal, [row(1, 2, 1, revision=1), *hours(5, 1, first=5)])
    readings.flush(NOW)
    readings.import_table(table(hours(5, 2)), NOW)
    assert same(readings.columns(CITY, YEAR, as_of=first.number), then)
    assert readings.columns(CITY, YEAR, as_of=0).at_us.size == 0
    assert readings.columns(CITY, YEAR, as_of=2).of(1)[1].tolist()[2] == 1
    assert readings.columns(CITY, YEAR, as_of=2).of(2)[0].size == 0


def test_following_goes_through_lake_and_journal_without_a_seam(tmp_path: Path) -> None:
    readings = Readings(
        Journal.open(str(tmp_path / "j.db")), Lake.open(str(tmp_path / "lake")), keep_batches=0
    )
    for first in range(0, 60, 10):
        keep(readings.journal, hours(10, first=first))
        if first in {20, 40}:
            readings.flush(NOW)
    assert readings.journal.trimmed() == 5
    assert [b.number for b in readings.since(0)] == [3, 5, 6]
    assert [b.readings.num_rows for b in readings.since(0)] == [30, 20, 10]
    # in the middle of a flush: what was done comes once more, nothing is missed
    assert [b.number for b in readings.since(4)] == [5, 6]
    assert next(iter(readings.since(4))).readings.num_rows == 20
    assert next(iter(readings.since(0))).readings.schema.equals(READING)
    readings.import_table(table(hours(50, 3)), NOW)
    keep(readings.journal, [])
    readings.flush(NOW)
    assert [b.number for b in readings.since(0)] == [3, 5, 7]
    assert [b.readings.num_rows for b in readings.since(0)] == [30, 20, 10]


def test_series_that_later_flushes_brought_rows_of_are_named(readings: Readings) -> None:
    keep(readings.journal, hours(5, 1))
    first = readings.flush(NOW).number
    keep(readings.journal, hours(5, 2))
    readings.flush(NOW)
    readings.import_table(table(hours(5, 3, first=5)), NOW)
    last = readings.lake.last_flush().number
    assert readings.touched(0, last, YEAR).tolist() == [1, 2, 3]
    assert readings.touched(first, last, YEAR).tolist() == [2, 3]
    assert readings.touched(first, last - 1, YEAR).tolist() == [2]
    assert readings.touched(last, last, YEAR).tolist() == []
    before = Span(YEAR.since, YEAR.since + timedelta(hours=5))
    assert readings.touched(first, last, before).tolist() == [2]


def test_followers_do_not_see_imports(readings: Readings) -> None:
    readings.import_table(table(hours(50, 2)), NOW)
    keep(readings.journal, hours(10, 1))
    readings.flush(NOW)
    readings.import_table(table(hours(50, 3)), NOW)
    assert sum(b.readings.num_rows for b in readings.since(0)) == 10


def test_an_import_is_all_or_nothing(readings: Readings) -> None:
    def broken() -> list[pa.Table]:
        return [table(hours(5)), table(hours(5, 2)).drop_columns(["part"])]

    with pytest.raises(ValueError, match="expected columns"):
        readings.import_tables(broken(), NOW)
    assert readings.lake.snapshot().rows == 0
    assert readings.import_table(table(hours(5)), NOW).number == 1


def test_a_lake_of_another_journal_is_refused(tmp_path: Path) -> None:
    readings = opened(tmp_path)
    keep(readings.journal, hours(1))
    readings.flush(NOW)
    other = Journal.open(str(tmp_path / "other.db"))
    keep(other, hours(1))
    keep(other, hours(1))
    Readings(other, Lake.open(str(tmp_path / "second")), keep_batches=0).flush(NOW)
    with pytest.raises(WrongCall, match="names a wrong place"):
        Readings(other, readings.lake).flush(NOW)
    young = Journal.open(str(tmp_path / "young.db"))
    keep(young, hours(1))
    with pytest.raises(WrongCall, match="not the one that filled this lake"):
        Readings(young, Lake.open(str(tmp_path / "second"))).flush(NOW)


def test_a_new_journal_goes_on_behind_its_lake(tmp_path: Path) -> None:
    readings = opened(tmp_path)
    for first in range(3):
        keep(readings.journal, hours(1, first=first))
    readings.flush(NOW)
    fresh = Readings(Journal.open(str(tmp_path / "fresh.db")), Lake.open(str(tmp_path / "lake")))
    assert keep(fresh.journal, hours(1, first=3)) == 4
    assert fresh.flush(NOW).last_batch == 4
    assert fresh.columns(CITY, YEAR).of(1)[0].size == 4
    assert sum(b.readings.num_rows for b in fresh.since(0)) == 4
