"""Columns put together from lake and journal are the same in any order."""

import random
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from domain.columns import Columns
from domain.time import Span, to_us
from store.lake import compact as lake_compact
from store.readings.readings import Readings
from tests.store.batches import NOW, START, YEAR, Row, hours, keep, naive, row, same, table
from tests.store.readings.kept import CITY, opened, readings

__all__ = ["readings"]  # fixtures


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
