"""What detectors share: states that follow their ids, and how long a value stood."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from alerts.columns.newest import Rows
from alerts.detectors.base import covered_us, keep, minutes, put_back

MINUTE_US = 60_000_000


@dataclass
class State:
    since: NDArray[Any]
    open: NDArray[Any]


def ids(*each: int) -> NDArray[np.int32]:
    return np.array(each, dtype=np.int32)


def test_kept_values_follow_their_ids_when_places_come_and_go() -> None:
    kept = keep(ids(3, 5, 8), State(np.array([30, 50, 80]), np.array([True, False, True])))
    now = State(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.bool_))
    put_back(ids(3, 6, 8), now, kept)
    assert now.since.tolist() == [30, 0, 80]
    assert now.open.tolist() == [True, False, True]


def test_a_field_that_an_earlier_version_did_not_keep_stays_blank() -> None:
    now = State(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.bool_))
    put_back(ids(3), now, {"ids": ids(3), "since": np.array([30])})
    assert (now.since.tolist(), now.open.tolist()) == ([30], [False])


def test_a_value_stands_until_the_next_but_not_for_longer_than_it_is_valid() -> None:
    gaps = np.array([-1, 5 * MINUTE_US, 10**15], dtype=np.int64)
    zeros = np.zeros(3, dtype=np.int64)
    rows = Rows(zeros, zeros.astype(np.int32), zeros, zeros, gaps)
    first, short, long = covered_us(rows, np.array([10 * MINUTE_US])).tolist()
    assert (first, short) == (0, 5 * MINUTE_US)
    assert 10 * MINUTE_US <= long < 10**15


@pytest.mark.parametrize(("us", "shown"), [(90e6, 1.5), (0, 0.0), (61e6, 1.0), (63e6, 1.1)])
def test_times_are_said_in_minutes_to_a_tenth(us: float, shown: float) -> None:
    assert minutes(us) == shown
