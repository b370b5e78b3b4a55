"""Which series tell about a station at which time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from analytics.heat.stations import SUPPLY_ROLES, Meters, alive, either, meters_of
from domain.columns import Columns
from domain.quantity import Role
from domain.time import Span, to_us
from store.registry.series import OPEN_US, SeriesIndex
from tests.analytics.columns import T0, at, columns, samples

STATIONS = np.array([3, 4], dtype=np.int32)
ALWAYS = datetime(2020, 1, 1, tzinfo=UTC)
SEASON = Span(T0, T0 + timedelta(days=100))

Row = tuple[int, Role, int, int, datetime, datetime | None]


def index_of(*rows: Row) -> SeriesIndex:
    """(series, role, station, interval [s], since, until) by series."""
    ids = [row[0] for row in rows]
    by_column: list[Any] = [
        ids, [f"d{each}" for each in ids], ["c"] * len(ids), [row[1].code for row in rows],
        [row[2] for row in rows], [row[3] for row in rows], [to_us(row[4]) for row in rows],
        [OPEN_US if row[5] is None else to_us(row[5]) for row in rows],
    ]  # fmt: skip
    return SeriesIndex(1, by_column)


def spans(meters: Meters) -> dict[int, tuple[int, int]]:
    since, until = meters.since_us.tolist(), meters.until_us.tolist()
    return dict(zip(meters.series.tolist(), zip(since, until, strict=True), strict=True))


def test_a_replaced_meter_counts_until_the_next_one_begins() -> None:
    swap = at(600)
    index = index_of(
        (1, Role.FLOW, 3, 60, ALWAYS, swap),
        (2, Role.FLOW, 3, 900, swap, None),
        (3, Role.FLOW, 4, 60, ALWAYS, None),
        (4, Role.FLOW, 4, 60, swap, None),
    )
    meters = meters_of(index, (Role.FLOW,), STATIONS, SEASON)
    before, after = (to_us(ALWAYS), to_us(swap)), (to_us(swap), OPEN_US)
    assert spans(meters) == {1: before, 2: after, 3: before, 4: after}
    joined = meters.of(
        columns(samples(), samples((0, 9), (590, 8), (700, 1)), samples((590, 2), (600, 7))),
        STATIONS,
    )
    assert joined.series.tolist() == [0, 1]
    assert joined.offsets.tolist() == [0, 3, 3]
    assert joined.value.tolist() == [9, 8, 7]


def test_the_primary_side_tells_from_when_it_is_measured() -> None:
    later = at(600)
    index = index_of(
        (1, Role.PRIMARY_SUPPLY_TEMPERATURE, 3, 60, later, None),
        (2, Role.SUPPLY_TEMPERATURE, 3, 60, ALWAYS, None),
        (3, Role.SUPPLY_TEMPERATURE, 3, 60, at(700), None),
    )
    meters = meters_of(index, SUPPLY_ROLES, STATIONS, SEASON)
    assert spans(meters) == {
        2: (to_us(ALWAYS), to_us(later)),
        1: (to_us(later), OPEN_US),
    }


def test_a_placement_that_was_withdrawn_ends_none_before_it() -> None:
    swap = at(600)
    index = index_of((1, Role.FLOW, 3, 60, ALWAYS, None), (2, Role.FLOW, 3, 900, swap, swap))
    assert spans(meters_of(index, (Role.FLOW,), STATIONS, SEASON)) == {1: (to_us(ALWAYS), OPEN_US)}


def test_a_meter_outside_the_span_or_of_another_place_is_left_out() -> None:
    index = index_of(
        (1, Role.FLOW, 3, 60, ALWAYS, SEASON.since),
        (2, Role.FLOW, 3, 60, SEASON.until, None),
        (3, Role.FLOW, 5, 60, ALWAYS, None),
    )
    assert meters_of(index, (Role.FLOW,), STATIONS, SEASON).series.size == 0


def of(*rows: tuple[int, int]) -> Columns:
    """One row of columns: (minute, value)."""
    return columns(samples(*rows))


def rows_of(found: Columns) -> list[tuple[int, int]]:
    return [((us - to_us(T0)) // 60_000_000, value) for us, value in zip(
        found.at_us.tolist(), found.value.tolist(), strict=True)]  # fmt: skip


def test_a_meter_of_water_that_shows_zero_is_dead() -> None:
    found = alive(of((0, 60_000), (60, 0), (120, 55_000)))
    assert found.usable().tolist() == [True, False, True]


def test_the_secondary_side_tells_while_the_primary_meter_is_dead_or_silent() -> None:
    best = alive(of((0, 60_000), (60, 0), (120, 0), (180, 61_000), (600, 62_000)))
    second = of((30, 40_000), (60, 41_000), (150, 42_000), (200, 43_000), (400, 44_000))
    stands = np.array([120 * 60_000_000])
    assert rows_of(either(best, second, stands)) == [
        (0, 60_000), (60, 41_000), (150, 42_000), (180, 61_000), (400, 44_000), (600, 62_000),
    ]  # fmt: skip


def test_a_dead_meter_without_another_one_is_silent() -> None:
    best, none = alive(of((0, 60_000), (60, 0))), of()
    stands = np.array([120 * 60_000_000])
    assert either(best, none, stands).usable().tolist() == [True, False]
    assert rows_of(either(none, best, stands)) == rows_of(best)
