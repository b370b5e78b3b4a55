"""Pieces of what is known about a dwelling, against what was worked out by hand."""

import numpy as np

from analytics.kernels.settlement_states import (
    BELOW,
    BRIDGED,
    COMPLIANT,
    LONG_UNKNOWN,
    SHORT_UNKNOWN,
    pieces,
)

STANDARD, END = 18_000, 100
Sample = tuple[int, int, int, bool]  # at, until, value, whether a record


def told(
    *rooms: list[Sample], hold: int = 20, bridge: int = 15, visits: tuple[int, ...] = ()
) -> tuple[list[tuple[int, int]], list[bool], list[int]]:
    """(start, state) of the pieces over [0, 100), which were held, visits at which none is below."""
    rows = [row for room in rooms for row in room]
    size = np.array([len(room) for room in rooms], dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    at, until, value = (np.array([row[i] for row in rows], dtype=np.int64) for i in range(3))
    record = np.array([row[3] for row in rows], dtype=np.bool_)
    most = 2 * len(rows) + 2
    piece_at, met_at = np.zeros(most, dtype=np.int64), np.zeros(len(visits), dtype=np.int64)
    state, by_record = np.zeros(most, dtype=np.uint8), np.zeros(most, dtype=np.uint8)
    held = np.zeros(most, dtype=np.bool_)
    count, met = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    ends, v = np.array([0, most]), np.array([0, len(visits)])
    pieces(
        0, 1, np.array([0, len(rooms)], dtype=np.int64), start, size, at, until, value, record,
        STANDARD, 0, END, hold, np.array([bridge], dtype=np.int64), ends, piece_at, state, held,
        by_record, v, np.array(visits, dtype=np.int64), met_at, count, met,
    )  # fmt: skip
    n = int(count[0])
    found = list(zip(piece_at[:n].tolist(), state[:n].tolist(), strict=True))
    return found, held[:n].tolist(), met_at[: int(met[0])].tolist()


def test_one_room_below_is_a_dwelling_below() -> None:
    warm = [(0, 100, 20_000, False)]
    cold = [(0, 40, 17_999, False), (40, 100, 18_000, False)]
    assert told(warm, cold)[0] == [(0, BELOW), (40, COMPLIANT)]


def test_one_room_unknown_leaves_unknown_what_is_not_below() -> None:
    warm = [(0, 100, 20_000, False)]
    gap = [(0, 40, 20_000, False), (50, 100, 20_000, False)]
    assert told(warm, gap)[0] == [(0, COMPLIANT), (40, SHORT_UNKNOWN), (50, COMPLIANT)]


def test_a_short_gap_between_cold_is_bridged_and_a_longer_one_is_not() -> None:
    def gap(ends: int) -> list[tuple[int, int]]:
        return told([(0, 40, 17_000, False), (ends, 100, 17_000, False)])[0]

    assert gap(55) == [(0, BELOW), (40, BRIDGED), (55, BELOW)]
    assert gap(56) == [(0, BELOW), (40, LONG_UNKNOWN), (56, BELOW)]


def test_compliance_is_held_by_two_samples_and_long_enough() -> None:
    two = [(0, 10, 20_000, False), (10, 20, 20_000, False), (20, 100, 17_000, False)]
    assert told(two)[1] == [True, False]
    assert told(two, hold=21)[1] == [False, False]
    assert told([(0, 20, 20_000, False), (20, 100, 17_000, False)])[1] == [False, False]


def test_a_visit_that_passed_counts_only_where_no_room_is_known_below_after_it() -> None:
    one = [(0, 30, 17_000, False), (30, 60, 18_000, True), (60, 100, 18_000, False)]
    assert told(one, visits=(30,))[2] == [30]
    cold = [(0, 40, 17_000, False)]
    assert told(one, cold, visits=(30,))[2] == []
    assert told(one, cold, visits=(30, 60))[2] == [60]


def test_records_after_the_same_gap_settle_nothing_where_it_begins_behind_compliance() -> None:
    def gap(warm_until: int, first_is_a_record: bool) -> list[tuple[int, int]]:
        warm = (0, warm_until, 20_000, False)
        first = (30, 35, 17_000, first_is_a_record)
        return told([warm, first, (80, 85, 17_000, True), (85, 100, 17_000, False)])[0]

    for warm_until in (15, 14):  # a short unknown before the first record, and a longer one
        told_of_it = gap(warm_until, first_is_a_record=True)
        assert [state for at, state in told_of_it if at >= 30] == [BELOW, LONG_UNKNOWN, BELOW]
    assert (35, BRIDGED) in gap(15, first_is_a_record=False)  # telemetry below on both sides
