"""What is known of a temperature, and when."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.columns import IntArray


@dataclass(frozen=True, slots=True)
class Known:
    """Readings and records of a room, or of the outdoor station: each stands from `at` to `until`. [µs, 0.001 °C]"""

    at: IntArray
    until: IntArray
    value: IntArray

    def during(self, since_us: IntArray) -> tuple[IntArray, NDArray[np.bool_]]:
        """(k,) what stands at each instant, and whether anything does."""
        if self.at.size == 0:
            return np.zeros(since_us.size, np.int64), np.zeros(since_us.size, np.bool_)
        row = np.searchsorted(self.at, since_us, side="right") - 1
        known = (row >= 0) & (since_us < self.until[row])
        return self.value[row], known
