"""The clock of a run: the wall's, or one that starts in the past and catches up."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells `now` from the wall's time; pure, so every process of a run agrees."""

    wall_start: datetime  # wall time at which the run began, aware
    start: datetime  # what this clock showed then, aware, not after `wall_start`
    speed: float = 1.0  # seconds shown per second of the wall [1]

    def __post_init__(self) -> None:
        if self.start > self.wall_start:
            raise ValueError(f"a clock can't start in the future: {self.start}")
        if self.speed < 1.0:
            raise ValueError(f"speed must be at least 1, got {self.speed}")

    def now(self, wall: datetime) -> datetime:
        """What the clock shows at this wall time: `start` until it runs, never ahead of the wall."""
        run = max(wall - self.wall_start, timedelta())
        return min(wall, self.start + run * self.speed)
