"""A run's clock: it stands until it runs, catches up, and is never ahead of the wall."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.clock import Clock

WALL = datetime(2026, 1, 10, 12, tzinfo=UTC)
START = WALL - timedelta(hours=12)


@pytest.mark.parametrize(
    ("after_s", "behind_h"), [(-60, 12), (0, 12), (36, 6), (72.072, 0), (86_400, 0)]
)
def test_it_catches_up_at_its_speed_and_then_goes_with_the_wall(
    after_s: float, behind_h: float
) -> None:
    wall = WALL + timedelta(seconds=after_s)
    shown = Clock(WALL, START, speed=601).now(wall)
    expected = wall - timedelta(hours=behind_h)
    assert abs(shown - expected) <= timedelta(seconds=60)
    assert shown <= wall


def test_time_never_goes_back() -> None:
    clock = Clock(WALL, START, speed=100)
    shown = [clock.now(WALL + timedelta(seconds=s)) for s in range(-10, 1000, 7)]
    assert shown == sorted(shown)


def test_a_clock_of_the_future_and_one_that_lags_are_refused() -> None:
    with pytest.raises(ValueError, match="can't start in the future"):
        Clock(WALL, WALL + timedelta(seconds=1))
    with pytest.raises(ValueError, match="speed must be at least 1"):
        Clock(WALL, START, speed=0.5)
