"""Samples of one room in one sequence, against what was worked out by hand."""

import numpy as np

from analytics.kernels.settlement_rooms import any_below, merge

USABLE, TIMED = np.array([True, False, False]), np.array([True, True, False])
FAULT, NO_TIME = 1, 2
HOLD = 30
Row = tuple[int, int, int]  # at, value, mark


def told(
    *series: list[Row], records: tuple[tuple[int, int], ...] = ()
) -> list[tuple[int, int, int, bool]]:
    """(at, until, value, record) of the samples of a room over [10, 100)."""
    rows = [row for each in series for row in each]
    at, value = (np.array([row[i] for row in rows], dtype=np.int64) for i in range(2))
    mark = np.array([row[2] for row in rows], dtype=np.uint8)
    offsets = np.concatenate([[0], np.cumsum([len(each) for each in series])]).astype(np.int64)
    record_at, record_value = (
        np.array([each[i] for each in records], dtype=np.int64) for i in range(2)
    )
    most = len(rows) + len(records) + 1
    out_at, out_until, out_value = (np.zeros(most, dtype=np.int64) for _ in range(3))
    out_record, count = np.zeros(most, dtype=np.bool_), np.zeros(1, dtype=np.int64)
    merge(
        0, 1, np.array([0, len(series)]), np.arange(len(series)), np.full(len(series), HOLD),
        offsets, at, value, mark, USABLE, TIMED, np.array([0, len(records)]), record_at,
        record_value, np.array([HOLD]), 10, 100, np.array([0, most]), out_at, out_until,
        out_value, out_record, count,
    )  # fmt: skip
    n = int(count[0])
    columns = (out_at, out_until, out_value, out_record)
    return list(zip(*(each[:n].tolist() for each in columns), strict=True))


def test_a_sample_stands_until_the_next_and_at_most_its_hold() -> None:
    assert told([(20, 1, 0), (30, 2, 0), (90, 3, 0)]) == [
        (20, 30, 1, False), (30, 60, 2, False), (90, 100, 3, False),
    ]  # fmt: skip


def test_of_two_at_one_instant_the_lower_counts_and_a_record_counts_before_both() -> None:
    both = ([(20, 5, 0)], [(20, 4, 0)])
    assert told(*both) == [(20, 50, 4, False)]
    assert told(*both, records=((20, 9),)) == [(20, 50, 9, True)]


def test_a_fault_ends_what_its_series_said_and_nothing_else() -> None:
    assert told([(20, 1, 0), (25, 0, FAULT)]) == [(20, 25, 1, False)]
    assert told([(20, 1, 0), (25, 0, NO_TIME)]) == [(20, 50, 1, False)]
    assert told([(20, 1, 0)], [(25, 0, FAULT)]) == [(20, 50, 1, False)]


def test_what_stood_before_the_season_only_is_left_out() -> None:
    assert told([(-25, 1, 0), (-15, 2, 0)]) == [(-15, 15, 2, False)]
    assert told([(-25, 1, 0), (100, 2, 0)]) == []


def test_below_is_found_among_usable_values_of_the_season_only() -> None:
    found = np.zeros(5, dtype=np.bool_)
    offsets, value = np.arange(6), np.array([17, 17, 18, 17, 17])
    at, mark = np.array([10, 10, 10, 9, 20]), np.array([0, FAULT, 0, 0, 0], dtype=np.uint8)
    any_below(0, 5, offsets, at, value, mark, USABLE, 18, 10, 20, found)
    assert found.tolist() == [True, False, False, False, False]
