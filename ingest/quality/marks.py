"""Quality marks as passes over the rows of a batch. They mark; they never alter a value."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from domain.quality import Quality
from domain.validity import AHEAD_US
from ingest.mapping.times import YEAR_2000_US

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """What the passes look at, one entry per reading."""

    at_us: NDArray[np.int64]  # event time [µs]
    ticks: NDArray[np.int64]  # undefined where `null`
    null: Mask  # reported as unknown
    least: NDArray[np.int64]  # smallest ticks that can be real
    most: NDArray[np.int64]
    sentinel: Mask  # the device says that it has no value, or this value means an error in its feed
    corrected: Mask  # the time was written in another unit than declared
    retained: Mask  # the broker gave it from its retained store
    receiver: Mask  # the message has no time of its own
    now_us: int
    untimed: Mask = field(default_factory=lambda: np.zeros((), dtype=np.bool_))  # of all, or each:
    # its feed names a time, and the message had none that could be read


def is_missing(rows: Rows) -> Mask:
    return rows.null


def is_device_error(rows: Rows) -> Mask:
    return rows.sentinel


def is_out_of_range(rows: Rows) -> Mask:
    return (rows.ticks < rows.least) | (rows.ticks > rows.most)


def is_clock_wrong(rows: Rows) -> Mask:
    """Before 2000, ahead by more than clocks are, or republished state without a time of its own."""
    wrong = (rows.at_us < YEAR_2000_US) | (rows.at_us > rows.now_us + AHEAD_US)
    return wrong | (rows.retained & rows.receiver)


def is_clock_corrected(rows: Rows) -> Mask:
    return rows.corrected


def is_untimed(rows: Rows) -> Mask:
    return np.broadcast_to(rows.untimed, rows.null.shape)


def is_retained(rows: Rows) -> Mask:
    return rows.retained


#: In this order; the first that speaks gives the mark, so what makes a value unusable comes first.
PASSES: tuple[tuple[Quality, Callable[[Rows], Mask]], ...] = (
    (Quality.DEVICE_ERROR, is_device_error),
    (Quality.MISSING, is_missing),
    (Quality.OUT_OF_RANGE, is_out_of_range),
    (Quality.CLOCK_WRONG, is_clock_wrong),
    (Quality.CLOCK_CORRECTED, is_clock_corrected),
    (Quality.TIME_OF_RECEIPT, is_untimed),
    (Quality.RETAINED, is_retained),
)


def marks(rows: Rows) -> NDArray[np.int8]:
    """(n,) one `Quality` per reading."""
    quality = np.full(rows.at_us.size, Quality.GOOD, dtype=np.int8)
    for mark, speaks in reversed(PASSES):
        quality[speaks(rows)] = mark
    return quality
