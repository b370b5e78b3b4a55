"""How fast a demo's clock runs."""

from pathlib import Path

import pytest

from heatwatch.demo.options import Options


@pytest.mark.parametrize(
    ("hours", "seconds", "speed"), [(12, 75, 576), (1, 3600, 1), (0.5, 7200, 1)]
)
def test_the_clock_shows_the_hours_in_the_seconds_and_never_lags(
    hours: float, seconds: float, speed: float
) -> None:
    options = Options(Path("x"), live_hours=hours, seconds=seconds)
    assert options.speed == pytest.approx(speed)
