"""What is usual for a series: of a span that is over, and while readings still come.

Both answer the same question and differ by what they may look at. Evidence looks at a whole span
again and takes the 90th percentile, which a long outage inside it does not lower. Alerts
see each value once and keep a mean with a memory, in time and not in samples, of the values
while the station was running.
"""

import numpy as np
from numpy.typing import NDArray

from domain.columns import Columns, IntArray

Floats = NDArray[np.float64]
#: A flow that a station reaches in a tenth of its time. [%]
USUAL_PERCENTILE = 90


def usual_flow(flow: Columns) -> IntArray:
    """(n,) the 90th percentile of each station's usable flow; 0 where there is none. [L/h]"""
    usable = flow.usable()
    usual = np.zeros(flow.series.size, dtype=np.int64)
    for i in range(flow.series.size):
        rows = slice(int(flow.offsets[i]), int(flow.offsets[i + 1]))
        values = flow.value[rows][usable[rows]]
        if values.size:
            usual[i] = int(np.percentile(values, USUAL_PERCENTILE))
    return usual


def usual_after(
    usual: Floats, value: Floats, stood_us: NDArray[np.int64], memory_us: float | Floats
) -> Floats:
    """(k,) mean after a value that stood for `stood_us`; before the first value it is NaN. [µs]"""
    weight = 1.0 - np.exp(-stood_us / memory_us)
    first = np.isnan(usual)
    moved: Floats = np.where(first, value, usual + weight * (value - np.where(first, 0.0, usual)))
    return moved
