"""Register deltas against their naive twin, and what must hold whatever a register shows."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.kernels import registers as kernel
from analytics.kernels.registers import register_deltas
from domain.time import HOUR_US, MINUTE_US
from tests.analytics.twins import QUICK
from tests.naive_registers import Day, Limits, Row, days

BITS = {
    "gap": kernel.SHARED, "fell": kernel.FELL, "leapt": kernel.LEAPT, "silent": kernel.SILENT,
    "rolled": kernel.ROLLED, "wrong": kernel.WRONG, "unusable": kernel.UNUSABLE,
}  # fmt: skip
QUARTER = 15 * MINUTE_US
LIMITS = Limits(stands_us=30 * MINUTE_US, rate=50_000, slack=10_000)
MONTHS = 40 * 24 * HOUR_US


def counted(rows: list[Row], since: int, until: int, limits: Limits, edges: list[int]) -> list[Day]:
    """The kernel's answer as the twin gives it."""
    b = len(edges) - 1
    amount, shared, unknown, marks = (np.zeros((1, b), dtype=np.int64) for _ in range(4))
    kernel_of: Any = register_deltas
    kernel_of(
        0, 1, np.array([0, len(rows)]), np.array([at for at, _ in rows], dtype=np.int64),
        np.array([value or 0 for _, value in rows], dtype=np.int64),
        np.array([value is not None for _, value in rows], dtype=np.bool_),
        *(np.array([each], dtype=np.int64) for each in (
            since, until, limits.stands_us, limits.rate, limits.slack, limits.length,
        )),
        np.array(edges, dtype=np.int64), amount, shared, unknown, marks,
    )  # fmt: skip
    return [
        Day(
            int(amount[0, k]), int(shared[0, k]), int(unknown[0, k]),
            {word for word, bit in BITS.items() if marks[0, k] & bit},
        )
        for k in range(b)
    ]  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Row], int, int, Limits, list[int]]:
    """A register that counts on, with zeros, spikes, falls, gaps and rows without a value."""
    length = draw(st.sampled_from([0, 100_000, 1_000_000]))
    at, level = draw(st.integers(0, 300)) * MINUTE_US, draw(st.integers(0, 99_999))
    rows: list[Row] = []
    for _ in range(draw(st.integers(0, 25))):
        shown = draw(
            st.sampled_from([level] * 6 + [None, 0, 0, 7, level - 3, level + 3, 10**9, 60_000])
        )
        rows.append((at, None if shown is None else max(shown, 0)))
        level += draw(st.sampled_from([0, 1, 700, 12_000, 22_500, 40_000]))
        if length and level >= length:
            level -= length
        if draw(st.integers(0, 15)) == 0:
            level = draw(st.sampled_from([0, 5, 50_000, 900_000]))
        at += draw(st.sampled_from([15, 15, 15, 15, 15, 31, 60, 600, 1440, 1441, 9000])) * MINUTE_US
    stands = draw(st.sampled_from([30, 180])) * MINUTE_US
    since = draw(st.sampled_from([0, rows[0][0] if rows else 0]))
    until = max(at + draw(st.sampled_from([0, 10, 700])) * MINUTE_US, since + 1)
    cuts = draw(st.lists(st.integers(-60, 20_000), min_size=2, max_size=6, unique=True))
    edges = sorted(each * MINUTE_US for each in cuts)
    return rows, since, until, Limits(stands, 50_000, 10_000, length), edges


@QUICK
@given(world=worlds())
def test_register_deltas_agree_with_the_twin(
    world: tuple[list[Row], int, int, Limits, list[int]],
) -> None:
    assert counted(*world) == days(*world)


@QUICK
@given(world=worlds(), cut=st.integers(1, 10**12))
def test_what_is_counted_is_never_negative_and_a_cut_changes_no_sum(
    world: tuple[list[Row], int, int, Limits, list[int]], cut: int
) -> None:
    rows, since, until, limits, edges = world
    whole = [edges[0], edges[-1]]
    [told] = counted(rows, since, until, limits, whole)
    inside = sorted({*edges, edges[0] + cut % (edges[-1] - edges[0])})
    parts = counted(rows, since, until, limits, inside)
    assert sum(each.counted for each in parts) == told.counted >= 0
    assert sum(each.unknown_us for each in parts) == told.unknown_us
    assert all(0 <= each.shared <= each.counted for each in parts)


def test_amounts_of_any_size_are_shared_out_exactly() -> None:
    whole = 366 * 24 * HOUR_US
    rows: list[Row] = [(0, 3), (whole, 10**15 + 4)]
    limits = Limits(30 * MINUTE_US, 0, 2 * 10**15)
    edges = [0, 1, 7 * HOUR_US + 1, whole - 1, whole]
    assert counted(rows, 0, whole, limits, edges) == days(rows, 0, whole, limits, edges)


def quarters(*values: int | None, since: int = 0) -> list[Row]:
    return [(since + i * QUARTER, value) for i, value in enumerate(values)]


def test_a_zero_between_two_alike_is_left_out_and_takes_nothing_away() -> None:
    for spike in ([0], [0, 0], [0, 0, None, 0], [7, 3]):
        rows = quarters(500_000, *spike, 501_000)
        [day] = counted(rows, 0, rows[-1][0], LIMITS, [0, rows[-1][0]])
        assert (day.counted, day.unknown_us, day.why) == (1_000, 0, {"wrong"}), spike


def test_a_spike_upwards_is_left_out() -> None:
    rows = quarters(500_000, 500_100, 99_999_999, 500_300)
    [day] = counted(rows, 0, rows[-1][0], LIMITS, [0, rows[-1][0]])
    assert (day.counted, day.why) == (300, {"wrong"})


def test_a_leap_that_stays_is_unknown_however_long_it_is_looked_at() -> None:
    rows = quarters(0, *range(1_000_000, 1_100_000, 1_000))  # a day of it could be counted in a day
    [day] = counted(rows, 0, rows[-1][0], LIMITS, [0, rows[-1][0]])
    assert (day.counted, day.unknown_us, day.why) == (99_000, QUARTER, {"leapt"})


def test_a_fall_that_stays_is_unknown_and_no_new_meter_is_taken_for_a_roll_over() -> None:
    rows = quarters(99_999_000, 99_999_900, 100, 1_100)
    [day] = counted(rows, 0, rows[-1][0], LIMITS, [0, rows[-1][0]])
    assert (day.counted, day.unknown_us, day.why) == (1_900, QUARTER, {"fell"})


def test_a_register_of_known_length_rolls_over() -> None:
    rows = quarters(99_999_000, 99_999_900, 100, 1_100)
    limits = Limits(LIMITS.stands_us, LIMITS.rate, LIMITS.slack, length=100_000_000)
    [day] = counted(rows, 0, rows[-1][0], limits, [0, rows[-1][0]])
    assert (day.counted, day.unknown_us, day.why) == (2_100, 0, {"rolled"})


def test_a_zero_near_the_end_of_a_register_that_comes_back_is_no_roll_over() -> None:
    rows = quarters(99_999_000, 0, 99_999_900)
    limits = Limits(LIMITS.stands_us, LIMITS.rate, LIMITS.slack, length=100_000_000)
    [day] = counted(rows, 0, rows[-1][0], limits, [0, rows[-1][0]])
    assert (day.counted, day.unknown_us, day.why) == (900, 0, {"wrong"})


def test_a_fall_far_from_the_end_of_a_register_is_no_roll_over() -> None:
    rows = quarters(50_000_000, 50_000_100, 100, 1_100)
    limits = Limits(LIMITS.stands_us, LIMITS.rate, LIMITS.slack, length=100_000_000)
    [day] = counted(rows, 0, rows[-1][0], limits, [0, rows[-1][0]])
    assert (day.counted, day.unknown_us) == (1_100, QUARTER)


def test_a_fall_that_daily_readings_bring_back_may_be_a_new_meter_and_stays_unknown() -> None:
    day_us = 24 * HOUR_US
    rows: list[Row] = [(0, 900_000), (day_us, 0), (3 * day_us, 905_000)]
    [told] = counted(rows, 0, 3 * day_us, LIMITS, [0, 3 * day_us])
    assert (told.counted, told.unknown_us, told.why) == (0, 3 * day_us, {"fell"})


def test_a_gap_inside_a_day_takes_nothing_from_it_and_one_over_midnight_is_shared_by_time() -> None:
    day_us = 24 * HOUR_US
    rows: list[Row] = [(0, 0), (12 * HOUR_US, 6_000), (36 * HOUR_US, 16_001), (2 * day_us, 20_000)]
    first, second = counted(rows, 0, 2 * day_us, LIMITS, [0, day_us, 2 * day_us])
    assert (first.counted, first.shared, first.why) == (11_000, 5_000, {"gap"})
    assert (second.counted, second.shared, second.why) == (9_000, 5_001, {"gap"})


def test_a_register_that_stood_still_over_a_gap_counted_nothing_for_certain() -> None:
    rows: list[Row] = [(0, 5), (50 * HOUR_US, 5)]
    told = counted(rows, 0, 50 * HOUR_US, LIMITS, [0, 24 * HOUR_US, 48 * HOUR_US])
    assert [(each.counted, each.unknown_us, each.why) for each in told] == [(0, 0, set())] * 2
