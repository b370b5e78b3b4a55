"""Readings of a copy: what its lake holds, as of a flush, and nothing is written for it."""

from pathlib import Path

import pytest

from store.journal.journal import Journal
from store.lake.lake import Lake, NoLake
from store.readings.copied import CopiedReadings
from store.readings.readings import Readings
from tests.reader import only_reading, readable_folder
from tests.store.batches import NOW, YEAR, hours, same, table
from tests.store.readings.kept import CITY


def test_a_lake_that_may_only_be_read_gives_what_its_flushes_brought() -> None:
    with readable_folder() as folder:
        place = str(folder / "lake")
        own = Readings(Journal.open(str(folder / "j.db")), Lake.open(place))
        done = own.import_table(table(hours(5, 1)), NOW)
        before = own.columns(CITY, YEAR, as_of=done.number)
        with only_reading(folder):
            copied = CopiedReadings(Lake.open(place))
            assert copied.flush(NOW) == done
            for as_of in (done.number, None):
                assert same(copied.columns(CITY, YEAR, as_of=as_of), before)
        assert before.at_us.size == 5


def test_a_lake_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NoLake, match="holds no readings, and nothing is written here"):
        Lake.open(str(tmp_path / "lake"), read_only=True)
    assert not (tmp_path / "lake").exists()
