"""Readings as one: resolved columns, as of a flush, following without a seam, latest values."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from domain.columns import Columns
from domain.errors import WrongCall
from domain.quality import Quality
from domain.time import Span, to_us
from store.journal.journal import Journal
from store.journal.schema import READING
from store.lake import compact as lake_compact
from store.lake import files as lake_files
from store.lake.lake import Lake
from store.readings.readings import Readings
from store.readings.resolve import Rows, resolve
from tests.store.batches import NOW, START, YEAR, Row, batch, hours, keep, naive, row, same, table

CITY = np.arange(1, 6, dtype=np.int32)


def opened(folder: Path) -> Readings:
    return Readings(Journal.open(str(folder / "journal.db")), Lake.open(str(folder / "lake")))


@pytest.fixture
def readings(tmp_path: Path) -> Readings:
    return opened(tmp_path)


def verdict(readings: Readings, *rows: Row) -> tuple[int, Quality]:
    """What counts of these rows of one identity."""
    keep(readings.journal, rows)
    at_us, value, mark = readings.columns(CITY, YEAR).of(1)
    assert at_us.size == 1
    return int(value[0]), Quality(mark[0])


@pytest.mark.parametrize(
    ("rows", "value", "mark"),
    [
        ([row(1, 1, 18_000), row(1, 1, 18_000)], 18_000, Quality.GOOD),
        ([row(1, 1, 17_900), row(1, 1, 18_000)], 0, Quality.CONFLICT),
        ([row(1, 1, 17_900), row(1, 1, 18_000, revision=1)], 18_000, Quality.GOOD),
        ([row(1, 1, 17_900, revision=2), row(1, 1, 1, revision=2)], 0, Quality.CONFLICT),
        ([row(1, 1, None)], 0, Quality.MISSING),
        ([row(1, 1, None), row(1, 1, 18_000)], 18_000, Quality.GOOD),
        ([row(1, 1, 18_000), row(1, 1, None, revision=1)], 0, Quality.MISSING),
        ([row(1, 1, None), row(1, 1, None, Quality.DEVICE_ERROR)], 0, Quality.DEVICE_ERROR),
        ([row(1, 1, 99_000, Quality.OUT_OF_RANGE), row(1, 1, 18_000)], 18_000, Quality.GOOD),
        ([row(1, 1, 18_000, Quality.RETAINED), row(1, 1, 18_000)], 18_000, Quality.GOOD),
        ([row(1, 1, 18_000, Quality.CLOCK_CORRECTED)], 18_000, Quality.CLOCK_CORRECTED),
        ([row(1, 1, 99_000, Quality.OUT_OF_RANGE)], 0, Quality.OUT_OF_RANGE),
    ],
    ids=[
        "equal values are one",
        "different values are a conflict",
        "the higher revision wins",
        "a conflict among the highest revision",
        "unknown is missing",
        "saying nothing contradicts nobody",
        "a correction may take a value back",
        "the named cause is kept",
        "an impossible value contradicts nobody",
        "the better mark of equal values",
        "a corrected clock is usable",
        "an impossible value is not used",
    ],
)
def test_what_counts_for_one_identity(
    readings: Readings, rows: list[Row], value: int, mark: Quality
) -> None:
    assert verdict(readings, *rows) == (value, mark)


def test_two_messages_of_one_instant_of_receipt_conflict_only_where_they_differ(
    readings: Readings,
) -> None:
    def received(*pairs: tuple[int, int]) -> pa.RecordBatch:
        rows = pa.Table.from_batches([batch([row(1, i // 2, v) for i, (v, _) in enumerate(pairs)])])
        kind = pa.array([3] * len(pairs), pa.int8())
        message = pa.array([m for _, m in pairs], pa.int64())
        rows = rows.set_column(4, "time_kind", kind).set_column(8, "message", message)
        return rows.cast(READING).to_batches()[0]

    data = received((18_000, 11), (18_000, 12), (18_000, 13), (17_000, 14))
    readings.journal.append(data, messages=4, now=NOW)
    readings.flush(NOW)
    assert readings.lake.snapshot().rows == 4  # both stay
    _, value, mark = readings.columns(CITY, YEAR).of(1)
    assert value.tolist() == [18_000, 0]
    assert mark.tolist() == [Quality.GOOD, Quality.CONFLICT]


def test_columns_are_of_the_wanted_series_within_the_span(readings: Readings) -> None:
    keep(readings.journal, [*hours(10, 4), *hours(10, 2), *hours(10, 9)])
    readings.flush(NOW)
    keep(readings.journal, hours(10, 2, first=10))
    span = Span(START + timedelta(hours=5), START + timedelta(hours=15))
    found = readings.columns(np.array([9, 2, 3, 2], np.int32), span)
    assert found.series.tolist() == [2, 3, 9]
    assert np.diff(found.offsets).tolist() == [10, 0, 5]
    assert found.of(2)[1].tolist() == list(range(20_005, 20_015))
    assert found.of(9)[0][0] == to_us(span.since)


def test_nothing_kept_gives_empty_columns(readings: Readings) -> None:
    found = readings.columns(CITY, YEAR)
    assert found.offsets.tolist() == [0] * 6
    assert readings.columns(np.empty(0, np.int32), YEAR).series.size == 0
    assert list(readings.since(0)) == []


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


def test_pieces_of_a_city_are_the_same_as_the_whole(
    readings: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake_files, "MOST_ROWS", 300)
    everyone = np.arange(1, 41, dtype=np.int32)
    tables = [table([r for s in range(a, a + 10) for r in hours(40, s)]) for a in (1, 11, 21, 31)]
    readings.import_tables(tables, NOW)
    keep(readings.journal, hours(40, 7, first=20))
    whole = readings.columns(everyone, YEAR)
    pieces = list(readings.columns_chunks(everyone, YEAR, max_rows=200))
    assert len(pieces) > 5
    assert np.concatenate([p.series for p in pieces]).tolist() == everyone.tolist()
    for name in ("at_us", "value", "mark"):
        assert np.array_equal(
            np.concatenate([getattr(p, name) for p in pieces]), getattr(whole, name)
        )
    assert max(p.at_us.size for p in pieces) <= 400


ROWS = st.lists(
    st.builds(
        row,
        st.integers(1, 3),
        st.sampled_from([0.0, 1.0, 1.5, 700.0, 800.0]),
        st.one_of(st.none(), st.integers(17_999, 18_001)),
        st.sampled_from([0, 0, 0, 1, 2, 4, 5, 7]),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=40,
)


@seed(20261122)
@settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(ROWS, st.randoms(use_true_random=False))
def test_any_order_split_and_compaction_gives_identical_columns_seed_20261122(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], chance: random.Random
) -> None:
    readings = opened(tmp_path_factory.mktemp("story"))
    expected = naive(rows, CITY.tolist())
    left = rows + chance.sample(rows, chance.randint(0, len(rows)))  # some come twice
    chance.shuffle(left)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lake_compact, "FAN", 2)
        while left:
            size = chance.randint(1, len(left))
            part, left = left[:size], left[size:]
            _take(readings, part, chance)
    assert same(readings.columns(CITY, YEAR), expected)
    readings.flush(NOW)
    lake_compact.compact(readings.lake)
    assert same(readings.columns(CITY, YEAR), expected)
    _same_latest(readings, expected)


def _take(readings: Readings, rows: list[Row], chance: random.Random) -> None:
    what = chance.choice(["keep", "keep", "flush", "import", "compact"])
    if what == "import":
        readings.import_table(table(rows), NOW)
        return
    keep(readings.journal, rows)
    if what == "flush":
        readings.flush(NOW)
    elif what == "compact":
        lake_compact.compact(readings.lake)


def _same_latest(readings: Readings, expected: Columns) -> None:
    latest = readings.latest(CITY)
    for series in CITY.tolist():
        at_us, value, mark = expected.of(series)
        mine = np.flatnonzero(latest.series == series)
        assert latest.at_us[mine].tolist() == at_us[-1:].tolist()
        assert latest.value[mine].tolist() == value[-1:].tolist()
        assert latest.mark[mine].tolist() == mark[-1:].tolist()


@pytest.mark.parametrize("number", range(5), ids=lambda n: f"seed-{n}")
def test_resolved_rows_may_be_joined_again(number: int) -> None:
    chance = np.random.default_rng(number)
    n = 300
    mark = chance.choice([0, 1, 4, 7], n).astype(np.uint8)
    value = np.where(np.isin(mark, [0, 4]), chance.integers(1, 4, n), 0)
    series, at = chance.integers(1, 4, n), chance.integers(1, 9, n)
    rows = Rows(series, at, value, mark, chance.integers(0, 2, n).astype(np.int16))
    once = resolve(rows)
    half = np.arange(n) < n // 2
    again = resolve(Rows.join([resolve(rows.take(~half)), resolve(rows.take(half)), once]))
    for name in Rows.__slots__:
        assert getattr(again, name).tobytes() == getattr(once, name).tobytes()


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


def test_followers_do_not_see_imports(readings: Readings) -> None:
    readings.import_table(table(hours(50, 2)), NOW)
    keep(readings.journal, hours(10, 1))
    readings.flush(NOW)
    readings.import_table(table(hours(50, 3)), NOW)
    assert sum(b.readings.num_rows for b in readings.since(0)) == 10


def test_latest_is_newest_by_event_time_whatever_came_last(readings: Readings) -> None:
    keep(readings.journal, [row(1, 10, 100), row(2, 10, None)])
    readings.flush(NOW)
    assert readings.latest(CITY).series.tolist() == [1, 2]
    keep(readings.journal, [row(1, 5, 50), row(1, 9, 90), row(2, 9, 90)])
    keep(readings.journal, [row(1, 8000, 7, Quality.CLOCK_WRONG), row(3, 1, 10)])
    readings.import_table(table([row(4, 700, 40), row(1, 2, 20)]), NOW)
    latest = readings.latest(CITY)
    assert latest.series.tolist() == [1, 2, 3, 4]
    assert latest.value.tolist() == [100, 0, 10, 40]
    assert latest.mark.tolist() == [0, Quality.MISSING, 0, 0]
    assert latest.at_us[0] == to_us(START + timedelta(hours=10))


def hour(of: int) -> datetime:
    return START + timedelta(hours=of)


def test_a_reading_from_the_future_is_not_the_newest_before_its_time(readings: Readings) -> None:
    keep(readings.journal, [row(1, 10, 100), row(1, 33, 330), row(1, 34, 340)])
    readings.flush(NOW)
    keep(readings.journal, [row(1, 11, 110), row(2, 35, 350)])
    seen = [
        (at, readings.latest(CITY, hour(at)).series.tolist(), readings.latest(CITY, hour(at)).value)
        for at in (11, 32, 33, 34, 35, 11)
    ]
    assert [(at, series, value.tolist()) for at, series, value in seen] == [
        (11, [1], [110]),
        (32, [1], [110]),
        (33, [1], [330]),
        (34, [1], [340]),
        (35, [1, 2], [340, 350]),
        (11, [1], [110]),
    ]
    keep(readings.journal, [row(1, 12, 120)])
    assert readings.latest(CITY, hour(12)).value.tolist() == [120]
    assert readings.latest(CITY).value.tolist() == [340, 350]


def test_moments_a_little_apart_are_no_new_look_at_the_lake(
    readings: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(readings.journal, [row(1, 10, 100)])
    readings.flush(NOW)
    readings.latest(CITY, hour(11))
    monkeypatch.setattr(readings.lake, "snapshot", None)
    assert readings.latest(CITY, hour(11) - timedelta(seconds=2)).value.tolist() == [100]
    with pytest.raises(TypeError):
        readings.latest(CITY, hour(10))


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
