"""What is left out of a sifted reading could not have mattered."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from domain.columns import Columns
from domain.plausible import all_of, rule
from domain.quantity import Role
from domain.time import Span, to_us
from store.lake import compact as lake_compact
from store.readings.plausible import judged
from store.readings.readings import Readings
from tests.store.batches import NOW, START, YEAR, Row, hours, row, same, table
from tests.store.readings.kept import CITY, opened, readings

__all__ = ["readings"]  # fixtures

LIMIT = 18_000
#: Imports of a random season at most: a row and what it collides with are in few of them.
FLUSHES = 8
SEASON = (to_us(START) + 1, to_us(START) + 720 * 3_600_000_000)
RULE = rule(Role.ROOM_TEMPERATURE)
ALONE = np.arange(CITY.size)
NOTHING = np.zeros(CITY.size, dtype=np.bool_)


def sifted(readings: Readings, owner: list[int], whole: list[bool], span: Span = YEAR) -> Columns:
    source = readings.season(span, readings.lake.last_flush().number)
    return source.sift(CITY, np.array(owner), np.array(whole), LIMIT, SEASON, RULE)


def least(columns: Columns, series: int) -> tuple[bool, bool]:
    """Whether it is ever below the limit; whether a value that can be true lies in the season."""
    at, value, mark = columns.of(series)
    own = Columns(np.array([series], np.int32), np.array([0, at.size]), at, value, mark)
    true = judged(own, all_of(Role.ROOM_TEMPERATURE, 1)).usable()
    inside = (at >= SEASON[0]) & (at < SEASON[1])
    return bool((value[own.usable()] < LIMIT).any()), bool((true & inside).any())


ROWS = st.lists(
    st.builds(
        row,
        st.integers(1, 5),
        st.sampled_from([0.0, 1.0, 1.5, 700.0, 800.0]),
        st.one_of(st.none(), st.integers(17_999, 18_003), st.sampled_from([29_000, 60_500])),
        st.sampled_from([0, 0, 0, 1, 2, 4, 5, 7]),
        st.sampled_from([0, 0, 0, 1]),
    ),
    min_size=1,
    max_size=30,
)


@seed(20261127)
@settings(
    max_examples=30, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(ROWS, st.lists(st.integers(0, 3), min_size=5, max_size=5), st.randoms(use_true_random=False))
def test_series_are_whole_or_warm_in_any_order_seed_20261127(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[Row],
    owner: list[int],
    chance: random.Random,
) -> None:
    readings = opened(tmp_path_factory.mktemp("sifted"))
    regular = [each for s in (1, 3) for each in hours(60, series=s, first=100 + s)]
    dead = [row(5, 100 + i, 20_100) for i in range(60)] if chance.random() < 0.5 else []
    left = rows + regular + dead
    for last in [False] * (FLUSHES - 1) + [True]:
        size = len(left) if last else chance.randint(1, len(left))
        part, left = left[:size], left[size:]
        readings.import_table(table(part), NOW)
        if not left:
            break
    if chance.random() < 0.5:
        lake_compact.compact(readings.lake)
    whole = [chance.random() < 0.2 for _ in owner]
    _warm_or_whole(readings.columns(CITY, YEAR), sifted(readings, owner, whole), owner, whole)


def _warm_or_whole(full: Columns, some: Columns, owner: list[int], whole: list[bool]) -> None:
    cold = {o for s, o in zip(CITY.tolist(), owner, strict=True) if least(full, s)[0]}
    named = {o for o, yes in zip(owner, whole, strict=True) if yes}
    for series, own in zip(CITY.tolist(), owner, strict=True):
        assert least(some, series) == least(full, series)
        here, there = ([np.asarray(each).tolist() for each in c.of(series)] for c in (some, full))
        left_out = here != there
        if own in cold | named or not least(full, series)[1]:
            assert not left_out, f"series {series} is needed in full"
        assert not left_out or some.of(series)[0].size == 1


def test_of_a_warm_series_one_value_is_enough(readings: Readings) -> None:
    readings.import_table(table([*hours(300), *hours(300, series=2), row(2, 900, 17_000)]), NOW)
    found = sifted(readings, ALONE.tolist(), NOTHING.tolist())
    assert np.diff(found.offsets).tolist() == [1, 301, 0, 0, 0]
    together = sifted(readings, [0, 0, 1, 2, 3], NOTHING.tolist())
    assert same(together, readings.columns(CITY, YEAR))


def test_a_value_before_the_season_alone_is_no_reading_of_it(readings: Readings) -> None:
    readings.import_table(table([row(1, 0, 21_000), *hours(300, series=2)]), NOW)
    found = sifted(readings, ALONE.tolist(), NOTHING.tolist())
    assert np.diff(found.offsets).tolist() == [1, 1, 0, 0, 0]
    assert found.of(1)[0][0] < SEASON[0]


def test_values_that_may_not_be_true_are_read_whole(readings: Readings) -> None:
    still = [row(2, 20 + i, 20_000) for i in range(100)]
    jumps = [*hours(100, series=3), row(3, 50.5, 35_000)]
    hot = [row(4, each[1], each[2] + 45_000) for each in hours(100) if each[2]]
    readings.import_table(table([*hours(100), *still, *jumps, *hot]), NOW)
    found = sifted(readings, ALONE.tolist(), NOTHING.tolist())
    assert np.diff(found.offsets).tolist() == [1, 100, 101, 100, 0]


def test_what_may_be_several_rows_of_one_instant_is_whole(readings: Readings) -> None:
    readings.import_table(table(hours(300)), NOW)
    readings.import_table(table([row(1, 5, 19_999), row(1, 400, 22_000)]), NOW)
    found = sifted(readings, ALONE.tolist(), NOTHING.tolist())
    assert same(found, readings.columns(CITY, YEAR))
    assert found.offsets[1] == 301


def wave(low: int, high: int, first: float = 1, count: int = 40, quality: int = 0) -> list[Row]:
    """Two values in turn, one an hour. [0.001 °C, h]"""
    return [row(1, first + i, (low, high)[i % 2], quality) for i in range(count)]


def stood(count: int) -> list[Row]:
    """One value between two others for so many hours."""
    return [row(1, i, 20_100 if 0 < i <= count else 20_000) for i in range(count + 2)]


@pytest.mark.parametrize(
    ("flushes", "kept"),
    [
        pytest.param([wave(18_000, 20_000)], 1, id="at-the-limit"),
        pytest.param([wave(17_999, 20_000)], 40, id="below-it"),
        pytest.param([wave(20_000, 30_000)], 1, id="a-jump-apart"),
        pytest.param([wave(20_000, 30_001)], 40, id="more-than-a-jump-apart"),
        pytest.param([wave(55_000, 60_000)], 1, id="the-most-that-can-be"),
        pytest.param([wave(55_000, 60_001)], 40, id="more-than-can-be"),
        pytest.param([stood(49)], 1, id="stood-for-two-days"),
        pytest.param([stood(50)], 52, id="stood-for-longer"),
        pytest.param([wave(20_000, 20_100, 700)], 1, id="begins-in-the-season"),
        pytest.param([wave(20_000, 20_100, 720)], 40, id="all-behind-the-season"),
        pytest.param([wave(17_000, 20_100), wave(20_000, 20_100, 50)], 80, id="cold-before-warm"),
        pytest.param([wave(20_000, 20_100), wave(29_000, 30_001, 50)], 80, id="rises-by-a-jump"),
        pytest.param([wave(29_000, 30_001), wave(20_000, 20_100, 50)], 80, id="falls-by-a-jump"),
        pytest.param([wave(20_000, 20_100, 50), wave(20_000, 20_100)], 1, id="later-months-first"),
        pytest.param([wave(20_000, 20_100), wave(20_100, 20_000, 40)], 79, id="one-instant-in-two"),
        pytest.param([[*wave(20_000, 20_100), row(1, 5, 20_000)]], 40, id="one-instant-twice"),
    ],
)
def test_a_series_is_left_out_up_to_each_edge_and_no_further(
    readings: Readings, flushes: list[list[Row]], kept: int
) -> None:
    for each in flushes:
        readings.import_table(table(each), NOW)
    found = sifted(readings, ALONE.tolist(), NOTHING.tolist())
    assert np.diff(found.offsets).tolist() == [kept, 0, 0, 0, 0]


@pytest.mark.parametrize(("low", "kept"), [(-30_000, 1), (-30_001, 40)])
def test_what_can_not_be_true_is_read_whole_under_any_limit(
    readings: Readings, low: int, kept: int
) -> None:
    readings.import_table(table(wave(low, -25_000)), NOW)
    source = readings.season(YEAR, readings.lake.last_flush().number)
    found = source.sift(CITY, ALONE, NOTHING, -40_000, SEASON, RULE)
    assert np.diff(found.offsets).tolist() == [kept, 0, 0, 0, 0]


def test_the_one_value_that_is_left_is_a_row_of_the_season_with_its_time_and_mark(
    readings: Readings,
) -> None:
    rows = [row(1, 0, 20_500, 4), row(1, 1, 20_300, 4), *wave(20_000, 20_400, 2, quality=5)]
    readings.import_table(table(rows), NOW)
    at, value, mark = sifted(readings, ALONE.tolist(), NOTHING.tolist()).of(1)
    assert at.tolist() == [to_us(START) + 3_600_000_000]
    assert (value.tolist(), mark.tolist()) == ([20_300], [4])


def test_a_room_without_readings_keeps_no_other_of_its_home_and_one_that_is_named_is_whole(
    readings: Readings,
) -> None:
    readings.import_table(table(wave(20_000, 20_100)), NOW)
    found = sifted(readings, [0, 0, 1, 2, 3], NOTHING.tolist())
    assert np.diff(found.offsets).tolist() == [1, 0, 0, 0, 0]
    found = sifted(readings, [0, 0, 1, 2, 3], [False, True, False, False, False])
    assert np.diff(found.offsets).tolist() == [40, 0, 0, 0, 0]
