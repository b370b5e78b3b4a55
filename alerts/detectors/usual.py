"""What is usual for a series: a mean with a memory, in time and not in samples."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def usual_after(
    usual: Floats, value: Floats, stood_us: NDArray[np.int64], memory_us: float | Floats
) -> Floats:
    """(k,) mean after a value that stood for `stood_us`; before the first value it is NaN. [µs]"""
    weight = 1.0 - np.exp(-stood_us / memory_us)
    first = np.isnan(usual)
    moved: Floats = np.where(first, value, usual + weight * (value - np.where(first, 0.0, usual)))
    return moved
