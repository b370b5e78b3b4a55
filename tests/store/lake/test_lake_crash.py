"""kill -9 at every step of a flush and of a compaction: nothing lost, nothing twice."""

from pathlib import Path

import pytest

from store.journal.journal import Journal
from store.lake import compact as lake_compact
from store.lake.lake import Lake
from store.readings.readings import Readings
from tests.store.batches import NOW, counted_elsewhere, hours, keep, killed

FLUSH_STEPS = ("file", "folders", "commit", "log", "record", "trim", "keys")
COMPACT_STEPS = ("file", "commit", "log", "checkpoint", "cleanup", "vacuum")
#: `flush` records the lake's last flush before its own.
CALLS = {"record": 2}


def opened(folder: Path) -> Readings:
    return Readings(Journal.open(str(folder / "journal.db")), Lake.open(str(folder / "lake")))


def keep_batches(readings: Readings, firsts: range) -> None:
    """A batch from each hour of `firsts` to the next."""
    for first in firsts:
        keep(readings.journal, hours(firsts.step, first=first))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", FLUSH_STEPS)
def test_a_flush_killed_at_a_step_neither_loses_nor_doubles(
    tmp_path: Path, step: str, when: str
) -> None:
    readings = opened(tmp_path)
    keep_batches(readings, range(0, 300, 100))
    readings.flush(NOW)
    keep_batches(readings, range(300, 1000, 100))  # two months, so two files
    assert killed(str(tmp_path), "flush", step, when, CALLS.get(step, 1))

    readings = opened(tmp_path)
    followed = [at for batch in readings.since(0) for at in batch.readings["at"].to_pylist()]
    assert len(set(followed)) == 1000
    flush = readings.flush(NOW)
    assert flush.number == 2
    assert flush.last_batch == 10
    assert counted_elsewhere(readings.lake.file_uris()) == (1000, 1000)
    assert [f.last_batch for f in readings.journal.flushes_after(0)] == [3, 10]
    assert readings.journal.trimmed() == 10


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", COMPACT_STEPS)
def test_a_compaction_killed_at_a_step_neither_loses_nor_doubles(
    tmp_path: Path, step: str, when: str
) -> None:
    readings = opened(tmp_path)
    for first in range(0, 90, 10):
        keep(readings.journal, hours(10, first=first))
        readings.flush(NOW)
    assert killed(str(tmp_path), "compact", step, when, 1)
    readings = opened(tmp_path)
    assert counted_elsewhere(readings.lake.file_uris()) == (90, 90)
    lake_compact.compact(readings.lake)
    assert counted_elsewhere(readings.lake.file_uris()) == (90, 90)
    assert readings.flush(NOW).number == 9
