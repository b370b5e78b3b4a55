"""Compaction merges files and changes no answer, beside readers and flushes."""

from pathlib import Path

import numpy as np
import pytest

from store.journal.journal import Journal
from store.lake import compact as lake_compact
from store.lake.files import MOST_ROWS, LakeFile
from store.lake.lake import Lake
from store.readings.readings import Readings
from tests.store.batches import NOW, START, YEAR, counted_elsewhere, hours, row, same
from tests.store.lake.lakes import counted, flushed, place, readings

__all__ = ["place", "readings"]  # fixtures


def test_another_process_counts_the_same_rows_before_and_after_compaction(tmp_path: Path) -> None:
    readings = Readings(Journal.open(str(tmp_path / "j.db")), Lake.open(str(tmp_path / "lake")))
    for first in range(0, 200, 10):
        flushed(readings, hours(10, first=first))
    assert counted_elsewhere(readings.lake.file_uris()) == (200, 200)
    assert lake_compact.compact(readings.lake) == 20
    assert len(readings.lake.file_uris()) == 1
    assert counted_elsewhere(readings.lake.file_uris()) == (200, 200)


def test_compaction_keeps_every_flush_as_it_was(readings: Readings) -> None:
    for number in range(20):
        flushed(readings, [row(s, h, 20_000 + number) for s in (1, 2) for h in range(number, 30)])
    series = np.array([1, 2], np.int32)
    before = [readings.columns(series, YEAR, as_of=n) for n in range(21)]
    assert lake_compact.compact(readings.lake) > 0
    assert all(same(readings.columns(series, YEAR, as_of=n), before[n]) for n in range(21))
    assert readings.flush(NOW).number == 20


def test_a_reader_of_an_older_snapshot_goes_on_during_compaction(readings: Readings) -> None:
    for first in range(0, 200, 10):
        flushed(readings, hours(10, first=first))
    pieces = readings.lake.scan(columns=["series"])
    first_piece = next(pieces).num_rows
    lake_compact.compact(readings.lake)
    assert first_piece + sum(part.num_rows for part in pieces) == 200


def test_flushes_go_on_while_files_are_compacted(
    readings: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for first in range(0, 80, 10):
        flushed(readings, hours(10, first=first))
    commit = readings.lake.commit

    def flush_first(*arguments: object) -> None:
        monkeypatch.undo()
        flushed(readings, hours(10, first=80))
        commit(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(readings.lake, "commit", flush_first)
    assert lake_compact.compact(readings.lake) == 8
    assert counted(readings) == 90
    assert readings.lake.last_flush().number == 9


def _file(rows: int, number: int = 1) -> LakeFile:
    return LakeFile(f"{number}", rows, 10, START.date(), (1, 2), (0, 1), (number, number))


@pytest.mark.parametrize(
    ("files", "groups"),
    [
        ([_file(100, n) for n in range(7)], []),
        ([_file(100, n) for n in range(8)], [8]),
        ([_file(MOST_ROWS, n) for n in range(20)], []),
        ([_file(MOST_ROWS // 3, n) for n in range(9)], [3]),
        ([*(_file(100, n) for n in range(5)), *(_file(10**6, n) for n in range(5))], []),
    ],
    ids=["too few", "enough", "large already", "no larger than a file", "of two sizes"],
)
def test_the_plan_merges_enough_files_of_a_size(files: list[LakeFile], groups: list[int]) -> None:
    assert [len(group) for group in lake_compact.plan(tuple(files))][: len(groups) or 1] == groups
