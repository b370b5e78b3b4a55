"""How big a demo is and how fast its clock runs."""

from dataclasses import dataclass
from pathlib import Path

CONSOLE_PORT = 8080


@dataclass(frozen=True, slots=True)
class Options:
    folder: Path
    households: int = 2000
    seed: int = 20_261
    live_hours: float = 12.0  # of the city's time, published over MQTT [h]
    seconds: float = 75.0  # in which they are shown [s]
    port: int = CONSOLE_PORT
    once: bool = False
    influx: bool = True

    @property
    def speed(self) -> float:
        """Seconds of the city per second of the wall, until it has caught up. [1]"""
        return max(self.live_hours * 3600 / self.seconds, 1.0)
