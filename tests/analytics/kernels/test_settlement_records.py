"""Episodes and bands of households that records alone say something of, worked out by hand."""

import numpy as np
from numpy.typing import NDArray

from analytics.kernels.settlement_episodes import (
    FIELDS,
    OPEN,
    PRESUMED_ALONE,
    RECORD,
    RECORDS,
    SAMPLES,
    SILENT,
    SUPPOSED,
)
from analytics.kernels.settlement_records import governing, record_episodes

END, DAY, STANDARD = 100, 10, 18_000
Record = tuple[int, int]  # at, value
COLD, WARM = 15_000, 19_000
DAYS = np.arange(0, END + 1, DAY)


IntArray = NDArray[np.int64]


def columns(rooms: tuple[list[Record], ...]) -> tuple[IntArray, IntArray, IntArray]:
    start = np.concatenate([[0], np.cumsum([len(room) for room in rooms])]).astype(np.int64)
    at, value = (
        np.array([each[i] for room in rooms for each in room], dtype=np.int64) for i in range(2)
    )
    return start, at, value


def told(
    *rooms: list[Record],
    requests: list[int],
    visits: tuple[int, ...] = (),
    as_of: int = END,
    unknown: bool = False,
    measured: bool = False,
) -> list[list[tuple[int, ...]]]:
    """Per bound, (clock, end, how, kind) of one household over [0, 100)."""
    out = np.zeros((2, 9, FIELDS), dtype=np.int64)
    count = np.zeros((1, 2), dtype=np.int64)
    v = np.array([0, len(visits)])
    passed = np.array(visits, dtype=np.int64)
    start, at, value = columns(rooms)
    record_episodes(
        0, 1, np.array([0, len(rooms)]), start, at, value, STANDARD, 0, END, as_of, v, passed,
        np.array([0]), np.zeros_like(passed), np.array([0, len(requests)]),
        np.array(requests, dtype=np.int64), np.array([False]), unknown, measured,
        np.array([3], dtype=np.uint8), np.array([0, 9]), out,
        count,
    )  # fmt: skip
    return [
        [(row[0], row[1], row[3], row[6]) for row in out[b, : count[0, b]].tolist()]
        for b in range(2)
    ]


def test_an_episode_runs_from_the_request_to_the_visit_after_which_no_room_fails() -> None:
    bedroom, living = [(25, COLD), (45, WARM)], [(45, COLD), (65, WARM)]
    assert told(bedroom, requests=[20], visits=(45,))[0] == [(20, 45, RECORD, RECORDS)]
    assert told(bedroom, living, requests=[20], visits=(65,))[0] == [(20, 65, RECORD, RECORDS)]
    late = told(bedroom, living, requests=[20], visits=(45, 65))
    assert late[0] == [(20, 65, RECORD, RECORDS)], "the living room still fails at 45"


def test_a_request_after_the_visit_begins_another_and_one_before_it_does_not() -> None:
    bedroom = [(25, COLD), (45, WARM)]
    assert len(told(bedroom, requests=[20, 40], visits=(45,))[0]) == 1
    assert told(bedroom, requests=[20, 50], visits=(45,))[0][1:] == [(50, END, OPEN, SILENT)]


def test_where_a_measurement_starts_the_clock_it_is_the_first_that_fails() -> None:
    bedroom = [(10, COLD), (25, WARM), (30, COLD), (45, WARM)]
    passed = (45,)
    assert told(bedroom, requests=[20], visits=passed, measured=True)[0] == [
        (30, 45, RECORD, RECORDS)
    ]
    silent = told([(10, COLD)], requests=[20], measured=True)[0]
    assert silent == [(20, END, OPEN, SILENT)], "nobody came: open from the request on"
    warm = told([(10, COLD), (25, WARM)], requests=[20], visits=(25,), measured=True)[0]
    assert warm == [(20, 25, RECORD, PRESUMED_ALONE)]


def test_with_a_gate_a_measurement_that_passes_leaves_nothing_open() -> None:
    gate = {"unknown": True, "measured": True}
    assert told([(45, WARM)], requests=[20], visits=(), **gate)[0] == [(20, END, OPEN, SAMPLES)]


def test_records_that_all_pass_show_nothing_below() -> None:
    assert told([(45, WARM)], requests=[20], visits=(45,))[0] == [(20, 45, RECORD, PRESUMED_ALONE)]
    assert told([(45, WARM)], requests=[45], visits=(45,)) == [[], []], "served when it is made"


def test_a_failing_record_before_the_request_makes_its_room_below() -> None:
    bedroom = [(15, COLD), (45, WARM)]
    assert told(bedroom, requests=[20], visits=(45,))[0] == [(20, 45, RECORD, RECORDS)]


def test_while_the_season_runs_one_bound_ends_where_nothing_is_known_any_more() -> None:
    both = told([(25, COLD)], requests=[20], as_of=60)
    assert both == [[(20, END, OPEN, RECORDS)], [(20, 60, SUPPOSED, RECORDS)]]


def bands(*rooms: list[Record], episode: tuple[int, int]) -> list[float | None]:
    """The value that governs each of the ten days; None: no record does."""
    row = np.array([[*episode, episode[0], 0, *episode, RECORDS]])
    zero = np.zeros(10, dtype=np.int64)
    start, at, celsius = columns(rooms)
    value = np.full(10, np.nan)
    governing(
        0, 10, zero, np.arange(10), zero, np.array([0, len(rooms)]), start, at, celsius, STANDARD, row,
        DAYS, np.array([STANDARD]), np.array([False]), np.array([1], dtype=np.uint8),
        np.zeros(10, dtype=np.int16), np.zeros(10, dtype=np.uint8), value, zero.copy(),
        np.zeros(10, dtype=np.int16),
    )  # fmt: skip
    return [None if np.isnan(each) else float(each) for each in value]


def test_a_record_governs_to_the_rooms_next_one_and_the_first_also_the_days_before() -> None:
    found = bands([(25, 16_000), (55, 14_000)], episode=(10, 80))
    assert found == [*[16_000] * 5, *[14_000] * 5], "the day that two share takes the lower"


def test_what_passes_sets_no_band_and_ends_what_its_room_said() -> None:
    found = bands([(25, 16_000), (45, WARM)], [(35, 17_000)], episode=(10, 80))
    assert found == [*[16_000] * 5, *[17_000] * 5]


def test_a_record_before_the_episode_sets_no_band() -> None:
    assert bands([(5, 16_000), (45, 17_000)], episode=(10, 80))[1:5] == [17_000] * 4
    assert bands([(5, 16_000)], episode=(10, 80)) == [None] * 10
