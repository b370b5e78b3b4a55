"""Winter weather, whatever the calendar says: synoptic swings, a daily wave, sun behind clouds.

Hourly values are drawn once for a horizon of days from a seed; in between they are interpolated, so
the weather at an instant is the same whoever asks and in whatever order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HOUR_S = 3600
LOCAL_OFFSET_S = 8 * HOUR_S  # the demo's city keeps Asia/Shanghai, which has no summer time


def autoregressive(rng: np.random.Generator, count: int, keep: float, spread: float) -> Floats:
    """(count,) AR(1) with the stationary standard deviation `spread` [1] and `keep` [1] per step."""
    shocks = rng.normal(0.0, spread * np.sqrt(1.0 - keep * keep), count)
    out = np.empty(count)
    last = rng.normal(0.0, spread)
    for i in range(count):
        last = keep * last + shocks[i]
        out[i] = last
    return out


@dataclass(frozen=True, slots=True)
class Weather:
    """Hourly weather from `start_s` on; beyond the last hour it stays as it was."""

    start_s: int  # first hour, seconds since the epoch
    hourly_c: Floats  # (n,) outdoor temperature at the hour [°C]
    cloud: Floats  # (n,) share of the sun that the clouds leave [1]

    @classmethod
    def draw(cls, seed: int, start_s: int, days: int, mean_c: float = -2.0) -> "Weather":
        """A winter around `mean_c` [°C]: synoptic AR(1) of 3.5 K that remembers three days."""
        rng = np.random.default_rng([seed, 11])
        hours = days * 24 + 1
        slow = autoregressive(rng, hours, np.exp(-1.0 / 72.0), 3.0)
        quick = autoregressive(rng, hours, np.exp(-1.0 / 6.0), 0.5)
        local_h = ((start_s + LOCAL_OFFSET_S) // HOUR_S + np.arange(hours)) % 24
        wave = 3.5 * np.cos((local_h - 14.5) * 2.0 * np.pi / 24.0)
        cloud = np.clip(0.6 + autoregressive(rng, hours, np.exp(-1.0 / 12.0), 0.3), 0.1, 1.0)
        outdoor = np.clip(mean_c + slow + quick + wave * (0.5 + 0.5 * cloud), -14.0, 9.0)
        return cls(start_s, outdoor, cloud)

    def _at(self, hourly: Floats, at_s: Floats) -> Floats:
        hours = (np.asarray(at_s, dtype=np.float64) - self.start_s) / HOUR_S
        return np.interp(hours, np.arange(hourly.size), hourly)

    def outdoor_c(self, at_s: Floats) -> Floats:
        """Outdoor temperature at these instants [s since the epoch] -> [°C]."""
        return self._at(self.hourly_c, at_s)

    def sun_w_m2(self, at_s: Floats) -> Floats:
        """Gain through the windows per heated floor area at these instants [s] -> [W/m²]."""
        local_h = ((np.asarray(at_s, dtype=np.float64) + LOCAL_OFFSET_S) / HOUR_S) % 24.0
        height = np.clip(np.sin((local_h - 7.5) * np.pi / 9.5), 0.0, None)
        shining = (local_h > 7.5) & (local_h < 17.0)
        return np.where(shining, 5.0 * height * self._at(self.cloud, at_s), 0.0)
