"""Episodes without the days of a user's fault, against what was worked out by hand."""

import numpy as np
import pytest

from analytics.kernels.settlement_episodes import FAULT, FIELDS, OPEN, RECOVERED
from analytics.kernels.settlement_faults import cut_by_faults

DAY, DAYS = 10, 6
ROOM = DAYS + 1


def cut(how: int, *fault: int) -> list[list[tuple[int, ...]]]:
    """Per bound, (clock, end, how) of what is left of an episode [25, 48) of one household."""
    episode = np.zeros((2, ROOM, FIELDS), dtype=np.int64)
    episode[:, 0] = [25, 48, 7, how, 25, 48, 0]
    count = np.array([[1, 1]])
    touched = np.array([[d in fault for d in range(DAYS)]])
    start = np.array([0, ROOM])
    cut_by_faults(0, 1, np.arange(0, DAY * DAYS + 1, DAY), touched, start, episode, count)
    kept = [episode[b, : count[0, b]].tolist() for b in range(2)]
    assert all(row[2] == 7 and row[4:6] == [25, 48] for rows in kept for row in rows)
    return [[(row[0], row[1], row[3]) for row in rows] for rows in kept]


@pytest.mark.parametrize(
    ("fault", "parts"),
    [
        pytest.param((), [(25, 48, RECOVERED)], id="no-fault"),
        pytest.param((0, 1, 5), [(25, 48, RECOVERED)], id="before-and-after-it"),
        pytest.param((3,), [(25, 30, FAULT), (40, 48, RECOVERED)], id="in-the-middle"),
        pytest.param((2,), [(30, 48, RECOVERED)], id="on-its-first-day"),
        pytest.param((4,), [(25, 40, FAULT)], id="on-the-day-of-recovery"),
        pytest.param((2, 4), [(30, 40, FAULT)], id="at-both-ends"),
        pytest.param((2, 3, 4), [(25, 25, FAULT)], id="all-of-it-a-row-without-length"),
    ],
)
def test_the_parts_beside_the_days_of_a_fault(
    fault: tuple[int, ...], parts: list[tuple[int, int, int]]
) -> None:
    assert cut(RECOVERED, *fault) == [parts, parts]


def test_an_open_episode_stays_open_behind_the_fault() -> None:
    assert cut(OPEN, 3)[0] == [(25, 30, FAULT), (40, 48, OPEN)]
