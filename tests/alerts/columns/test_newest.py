"""Which readings count, against a slow twin."""

import numpy as np
import pytest

from alerts.columns.newest import Newest, gaps, rounds
from domain.quality import Quality
from tests.alerts.world import Bench, at, us


def naive_gaps(slot: list[int], at_us: list[int], newest: dict[int, int]) -> list[int]:
    """One reading after the other."""
    found = []
    for where, when in zip(slot, at_us, strict=True):
        before = newest.get(where, 0)
        found.append(-1 if before == 0 else max(when - before, 0))
        newest[where] = max(before, when)
    return found


@pytest.mark.parametrize("seed", range(20))
def test_gaps_are_those_of_one_reading_after_the_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(0, 60))
    slot = rng.integers(0, 5, size).astype(np.int32)
    at_us = rng.integers(1, 40, size).astype(np.int64)
    newest = np.where(rng.random(5) < 0.5, 0, rng.integers(1, 40, 5)).astype(np.int64)
    known = {i: int(when) for i, when in enumerate(newest) if when}
    assert gaps(slot, at_us, newest).tolist() == naive_gaps(slot.tolist(), at_us.tolist(), known)


@pytest.mark.parametrize("seed", range(20))
def test_rounds_hold_each_key_once_and_keep_the_order_of_each(seed: int) -> None:
    rng = np.random.default_rng(seed)
    key = rng.integers(0, 6, int(rng.integers(0, 50))).astype(np.int32)
    cut = list(rounds(key))
    seen: dict[int, list[int]] = {}
    for rows in cut:
        assert len(set(key[rows].tolist())) == rows.size
        for row in rows.tolist():
            seen.setdefault(int(key[row]), []).append(row)
    assert sum(rows.size for rows in cut) == key.size
    assert all(rows == sorted(rows) for rows in seen.values())


def test_a_repeat_a_late_and_an_unusable_reading_move_nothing(bench: Bench) -> None:
    slot = int(
        bench.watch.city.watched.slots(np.array([bench.world.series["S1-H1.t"]], np.int32))[0]
    )
    newest = bench.watch.newest
    bench.take([("S1-H1.t", 10, 20.0)])
    bench.take([("S1-H1.t", 10, 20.0), ("S1-H1.t", 5, 3.0)])
    bench.take([("S1-H1.t", 12, 3.0)], quality=Quality.DEVICE_ERROR)
    assert newest.value_us[slot] == us(10)
    assert newest.heard_us[slot] == us(12), "a device error is a sign of life, but no value"


def test_an_event_time_ahead_of_its_batch_is_not_believed(bench: Bench) -> None:
    bench.take([("S1-H1.t", 10, 20.0)])
    world = bench.world
    batch = world.batch([("S1-H1.t", 100_000, 20.0)])
    newest = Newest.blank(bench.watch.city.watched.series.size)
    rows = newest.admit(batch, bench.watch.city.watched, us(11))
    assert rows.slot.size == 0
    assert newest.heard_us.max() == 0
    assert at(100_000) > at(11)


def test_a_wrong_clock_tells_nothing_about_now(bench: Bench) -> None:
    bench.take([("S1-H1.t", 10, 20.0)], quality=Quality.CLOCK_WRONG)
    assert bench.watch.newest.heard_us.max() == 0
