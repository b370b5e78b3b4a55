"""The lake's contract: a local folder and a real S3 server."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from domain.errors import WrongCall
from domain.time import Span, to_us
from store.journal.journal import Flush, Journal
from store.lake import compact as lake_compact
from store.lake.files import MOST_ROWS, LakeFile, month_date, month_number, sort_rows, split_months
from store.lake.lake import Lake
from store.readings.readings import Readings
from tests.store.batches import NOW, START, YEAR, counted_elsewhere, hours, keep, row, same, table
from tests.store.s3 import bucket_in

Place = tuple[str, dict[str, str]]


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "folder":
        yield str(tmp_path / "lake"), {}
    else:
        with bucket_in(tmp_path / "s3") as found:
            yield found


@pytest.fixture
def readings(place: Place, tmp_path: Path) -> Readings:
    return Readings(Journal.open(str(tmp_path / "journal.db")), Lake.open(*place))


def flushed(readings: Readings, *batches: list[tuple[int, float, int | None, int, int]]) -> Flush:
    for each in batches:
        keep(readings.journal, each)
    return readings.flush(NOW)


def counted(readings: Readings) -> int:
    return sum(part.num_rows for part in readings.lake.scan(columns=["series"]))


def test_a_flush_is_one_commit_and_tells_its_number_batch_and_time(
    readings: Readings, place: Place
) -> None:
    version = readings.lake.snapshot().version
    flush = flushed(readings, hours(3, 1), hours(3, 2), hours(2, 1, first=3))
    assert flush == Flush(1, 3, NOW)
    assert readings.lake.snapshot().version == version + 1
    assert Lake.open(*place).last_flush() == flush
    assert counted(readings) == 8


def test_a_flush_without_news_commits_nothing(readings: Readings) -> None:
    assert readings.flush(NOW) == Flush(0, 0, None)
    first = flushed(readings, hours(3))
    version = readings.lake.snapshot().version
    assert readings.flush(NOW + timedelta(hours=1)) == first
    assert readings.lake.snapshot().version == version


def test_a_batch_of_refused_messages_alone_moves_the_lake_on(readings: Readings) -> None:
    assert flushed(readings, []) == Flush(1, 1, NOW)
    assert flushed(readings, hours(1)) == Flush(2, 2, NOW)
    assert counted(readings) == 1


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


def test_scanning_takes_what_lies_within_all_bounds(readings: Readings) -> None:
    for series in (1, 2, 3):
        flushed(readings, hours(1_000, series))
    span = Span(START + timedelta(hours=10), START + timedelta(hours=20))
    found = pa.concat_tables(readings.lake.scan(series=(2, 3), span=span, flushes=(1, 2)))
    assert found["series"].to_pylist() == [2] * 10
    assert found["value"].to_pylist() == list(range(20_010, 20_020))


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


def test_the_log_stays_short_and_the_state_survives_it(
    readings: Readings, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake_compact, "LOG_KEPT", 5)
    for first in range(12):
        flushed(readings, hours(1, first=first))
        lake_compact.tidy(readings.lake)
    assert readings.lake.place.last_checkpoint() >= 10
    again = Lake.open(*place)
    assert again.last_flush() == Flush(12, 12, NOW)
    assert again.snapshot().rows == 12


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


def test_a_commit_that_a_power_cut_left_half_written_is_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "lake"
    readings = Readings(Journal.open(str(tmp_path / "j.db")), Lake.open(str(folder)))
    flushed(readings, hours(5))
    log = folder / "_delta_log"
    whole = max(log.glob("*.json")).read_bytes()
    (log / f"{2:020d}.json").write_bytes(whole[: len(whole) // 2])
    (log / f"{3:020d}.json").write_bytes(b"")
    again = Readings(Journal.open(str(tmp_path / "j.db")), Lake.open(str(folder)))
    keep(again.journal, hours(5, first=5))
    assert again.flush(NOW) == Flush(2, 2, NOW)
    assert counted_elsewhere(again.lake.file_uris()) == (10, 10)
    aside = sorted(file.name.split("-")[1] for file in (folder / "_set_aside").iterdir())
    assert aside == [f"{number:020d}.json" for number in (2, 3)]
    lake_compact.compact(again.lake)
    assert len(list((folder / "_set_aside").iterdir())) == 2


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_lake_that_lost_its_log_is_refused_and_not_begun_anew(
    tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "lake"
    flushed(Readings(Journal.open(str(tmp_path / "j.db")), Lake.open(str(folder))), hours(5))
    for commit in (folder / "_delta_log").glob("*.json"):
        commit.write_bytes(commit.read_bytes()[:50]) if damage == "cut" else commit.unlink()
    for _ in range(2):
        with pytest.raises(WrongCall, match=r"files of readings.*_delta_log.* is gone or damaged"):
            Lake.open(str(folder))


def test_a_lake_older_than_its_journal_is_refused(tmp_path: Path) -> None:
    """Also where only imports were flushed: then no batch tells it."""
    journal, folder = Journal.open(str(tmp_path / "j.db")), tmp_path / "lake"
    readings = Readings(journal, Lake.open(str(folder)))
    readings.import_table(table(hours(5)), NOW)
    shutil.copytree(folder, tmp_path / "older")
    readings.import_table(table(hours(5, first=5)), NOW)
    with pytest.raises(WrongCall, match=r"ends at flush 1, but the journal saw flush 2"):
        Readings(journal, Lake.open(str(tmp_path / "older")))
    assert Readings(journal, Lake.open(str(folder))).lake.last_flush().number == 2


def test_a_half_written_checkpoint_is_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "lake"
    lake = Lake.open(str(folder))
    lake.append([table(hours(5))], 1, NOW)
    DeltaTable(str(folder)).create_checkpoint()
    checkpoint = next((folder / "_delta_log").glob("*.checkpoint.parquet"))
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    assert Lake.open(str(folder)).snapshot().rows == 5
    assert not checkpoint.exists()


def test_an_address_that_is_no_lake_is_a_wrong_call() -> None:
    with pytest.raises(WrongCall, match="a folder or s3://"):
        Lake.open("ftp://host/lake")
