"""How long a value stands: one rule for settlement, comfort, coverage, alerts and screens.

A value stands until the next one of its series, at most twice the declared interval, which
counts as not under 30 minutes and not over 3 hours; then nothing is known. A row that is not
usable ends the value before it and stands for nothing. The acts say nothing about samples: this
is an interpretation (`docs/interpretations.md`), the same for money and for warnings.
"""

from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.time import HOUR_US, MINUTE_US, SECOND_US, Span

IntArray = NDArray[np.int64]

#: Ahead of its receipt by more than this, an event time is not believed. [µs]
AHEAD_US = 10 * MINUTE_US
INTERVALS = 2  # declared intervals that a value stands
LEAST_US = 30 * MINUTE_US  # however short the interval [µs]
MOST_US = 3 * HOUR_US  # however long it is [µs]
#: An unknown stretch up to this, or twice the interval, is bridged when both sides are alike. [µs]
LEAST_BRIDGE_US = HOUR_US
#: A newest value older than this many declared intervals is not shown as fresh.
FRESH_INTERVALS = 3


def validity_us(interval_s: NDArray[Any]) -> IntArray:
    """How long a value may stand.

    Parameters
    ----------
    interval_s : (n,) int
        Declared reporting interval of each series, positive. [s]

    Returns
    -------
    (n,) int64 [µs]

    Raises
    ------
    ValueError
        Where an interval is not positive.

    Examples
    --------
    >>> (validity_us(np.array([60, 900, 3600, 7200])) // 60_000_000).tolist()
    [30, 30, 120, 180]
    """
    return np.clip(INTERVALS * _interval_us(interval_s), LEAST_US, MOST_US)


def bridge_us(interval_s: NDArray[Any]) -> IntArray:
    """The longest unknown stretch that is taken for what lies on both its sides.

    >>> (bridge_us(np.array([60, 7200])) // 60_000_000).tolist()
    [60, 240]
    """
    return np.maximum(
        INTERVALS * SECOND_US * np.asarray(interval_s, dtype=np.int64), LEAST_BRIDGE_US
    )


def is_fresh(age: timedelta, interval_s: int) -> bool:
    """Whether a newest value of this age is shown as what is now.

    This is about screens only and stricter than `validity_us`: a value may still count for the
    time behind it and yet be too old to be called the present.

    >>> is_fresh(timedelta(minutes=3), 60), is_fresh(timedelta(minutes=4), 60)
    (True, False)
    """
    return age <= timedelta(seconds=FRESH_INTERVALS * interval_s)


def with_lead(span: Span) -> Span:
    """The span with the time before it in which a value may stand that still counts at its begin."""
    return Span(span.since - timedelta(microseconds=MOST_US), span.until)


def known_pieces(
    at_us: IntArray, usable: NDArray[np.bool_], stands_us: int, since_us: int, until_us: int
) -> tuple[IntArray, IntArray]:
    """The pieces of [since, until) for which one series has a value. [µs]

    Parameters
    ----------
    at_us : (m,) int64
        Times of all its rows whose time is known, increasing, also before `since_us`. [µs]
    usable : (m,) bool
        Whether a row has a value.
    stands_us : int
        `validity_us` of the series. [µs]

    Returns
    -------
    (k,) begins and (k,) ends, in order, never overlapping; pieces may touch. [µs]

    Examples
    --------
    >>> begins, ends = known_pieces(np.array([0, 10, 50]), np.array([True, True, True]), 20, 5, 60)
    >>> list(zip(begins.tolist(), ends.tolist()))
    [(5, 10), (10, 30), (50, 60)]
    """
    ends = at_us + stands_us
    ends[:-1] = np.minimum(ends[:-1], at_us[1:])
    begins, ends = np.maximum(at_us, since_us), np.minimum(ends, until_us)
    kept = usable & (begins < ends)
    return begins[kept], ends[kept]


def longest_gap_us(begins: IntArray, ends: IntArray, since_us: int, until_us: int) -> int:
    """The longest stretch of [since, until) outside these pieces. [µs]

    >>> longest_gap_us(np.array([5, 10]), np.array([8, 30]), 0, 60)
    30
    """
    edges_since = np.append(since_us, ends)
    edges_until = np.append(begins, until_us)
    return max(int((edges_until - edges_since).max()), 0)


def _interval_us(interval_s: NDArray[Any]) -> IntArray:
    interval = np.asarray(interval_s, dtype=np.int64)
    if interval.size and int(interval.min()) <= 0:
        raise ValueError(f"a declared interval must be positive, got {int(interval.min())} s")
    return SECOND_US * interval
