"""How cold it was: hours and degree-hours below a base, and how much of it is known.

Every sum is an exact integer (µs, and 0.001 K times µs). Missing time is neither warm nor
cold: it is in no sum but its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.heat.standing import standing
from analytics.heat.threads import in_ranges
from analytics.kernels import cold_episodes as cold_kernel
from analytics.kernels import sums
from domain.columns import Columns, IntArray
from domain.time import HOUR_US, Span, from_us, local_days, to_us
from domain.validity import bridge_us

#: Compliance must be held this long to end a cold run (regulations.md 7.4.2). [µs]
RECOVERY_US = HOUR_US


@dataclass(frozen=True, slots=True)
class Comfort:
    """Sums of each series in each bin; bins are half-open and lie one after the other."""

    series: NDArray[np.int32]  # (n,)
    edges_us: IntArray  # (b + 1,) [µs]
    known_us: IntArray  # (n, b) time known [µs]
    below_us: IntArray  # (n, b) known time below the base [µs]
    deficit: IntArray  # (n, b) [0.001 K · µs]

    @property
    def missing_us(self) -> IntArray:
        """(n, b) time not known [µs]."""
        lengths: IntArray = np.diff(self.edges_us)
        return lengths[np.newaxis, :] - self.known_us

    def whole(self) -> "Comfort":
        """The same in one bin; exact, so nothing depends on where days begin."""
        return Comfort(
            self.series,
            self.edges_us[[0, -1]],
            self.known_us.sum(axis=1, keepdims=True),
            self.below_us.sum(axis=1, keepdims=True),
            self.deficit.sum(axis=1, keepdims=True),
        )

    def degree_hours(self, row: int, bin_: int = 0) -> Fraction:
        """Exact degree-hours of one series in one bin [K·h]."""
        return Fraction(int(self.deficit[row, bin_]), 1000 * HOUR_US)


def day_edges(span: Span, zone: ZoneInfo) -> IntArray:
    """Local midnights inside a span, and its two ends; days have 23, 24 or 25 hours. [µs]"""
    inside = [to_us(day.since) for _, day in local_days(span, zone) if day.since > span.since]
    return np.array([to_us(span.since), *inside, to_us(span.until)], dtype=np.int64)


def comfort(
    columns: Columns,
    interval_s: NDArray[np.int64],
    base: int,
    span: Span,
    zone: ZoneInfo | None = None,
) -> Comfort:
    """Hours known and below `base`, and degree-hours below it.

    Parameters
    ----------
    columns : Columns
        Room temperatures [0.001 Cel], from at least 3 h before `span`: what was measured
        before its begin still stands in it.
    interval_s : (n,) int64
        Declared interval of each series. [s]
    base : int
        Below it means strictly below. [0.001 Cel]
    span : Span
        At most a year; end it at `now` while the season runs: no sample tells the future.
    zone : ZoneInfo, optional
        Cut at the local midnights of this zone; else one bin.

    Raises
    ------
    ValueError
        Where the span is empty or longer than 366 days, or intervals don't fit.
    """
    check_span(span)
    ready = standing(columns, interval_s)
    ends = np.array([to_us(span.since), to_us(span.until)], dtype=np.int64)
    edges = ends if zone is None else day_edges(span, zone)
    known, below, deficit = (_zeros(columns, edges) for _ in range(3))
    in_ranges(
        sums.degree_hours, columns.series.size, ready.offsets, ready.at_us, ready.value,
        ready.usable, ready.hold_us, base, edges, known, below, deficit,
    )  # fmt: skip
    return Comfort(columns.series, edges, known, below, deficit)


def _zeros(columns: Columns, edges: IntArray) -> IntArray:
    return np.zeros((columns.series.size, edges.size - 1), dtype=np.int64)


def check_span(span: Span) -> None:
    """Sums of 260 K over 366 days still fit 64 bits; of more they might not."""
    days = (span.until - span.since).total_seconds() / 86_400
    if not 0 < days <= 366:
        raise ValueError(f"a span must be longer than nothing and at most 366 days, got {days}")


@dataclass(frozen=True, slots=True)
class Means:
    """Time-weighted means; exact as `total / known`."""

    edges_us: IntArray  # (b + 1,) [µs]
    known_us: IntArray  # (n, b) [µs]
    total: IntArray  # (n, b) [ticks · µs]

    def exact(self, row: int, bin_: int) -> Fraction | None:
        """The mean in ticks of the quantity; None where nothing is known."""
        known = int(self.known_us[row, bin_])
        return Fraction(int(self.total[row, bin_]), known) if known else None

    def floats(self, least_known: float = 0.0) -> NDArray[np.float64]:
        """(n, b) in ticks; NaN where nothing, or less than `least_known` [1] of the bin, is known."""
        lengths = np.diff(self.edges_us)[np.newaxis, :]
        enough = (self.known_us > 0) & (self.known_us >= least_known * lengths)
        means = self.total / np.maximum(self.known_us, 1)
        return np.where(enough, means, np.nan)


def means(columns: Columns, interval_s: NDArray[np.int64], edges_us: IntArray) -> Means:
    """Hourly, daily or other means between increasing edges [µs] (a bin of at most 25 h)."""
    if edges_us.size < 2 or not np.all(np.diff(edges_us) > 0):
        raise ValueError("edges must increase strictly, and be at least two")
    ready = standing(columns, interval_s)
    known, total = _zeros(columns, edges_us), _zeros(columns, edges_us)
    in_ranges(
        sums.weighted, columns.series.size, ready.offsets, ready.at_us, ready.value,
        ready.usable, ready.hold_us, edges_us, known, total,
    )  # fmt: skip
    return Means(edges_us, known, total)


def gaps(
    columns: Columns, interval_s: NDArray[np.int64], span: Span
) -> list[list[tuple[datetime, datetime]]]:
    """For each series its unknown stretches inside the span, whole and in order."""
    ready = standing(columns, interval_s)
    n = columns.series.size
    counts, into = np.zeros(n, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    for _ in range(2):  # counted, then written
        begins, ends = np.zeros(into[-1], dtype=np.int64), np.zeros(into[-1], dtype=np.int64)
        in_ranges(
            sums.gaps, n, ready.offsets, ready.at_us, ready.usable, ready.hold_us,
            to_us(span.since), to_us(span.until), into, counts, begins, ends,
        )  # fmt: skip
        np.cumsum(counts, out=into[1:])
    pairs = [(from_us(b), from_us(e)) for b, e in zip(begins, ends, strict=True)]
    return [pairs[into[s] : into[s + 1]] for s in range(n)]


@dataclass(frozen=True, slots=True)
class ColdEpisode:
    """A run below the standard, with what is not known of it."""

    series: int
    since: datetime  # first sample below
    until: datetime  # first sample of the compliance that was held; end of the span if none
    recovered: bool
    below_us: int  # known time below [µs]
    unknown_us: int  # time not known inside [µs]
    longest_unknown_us: int  # longest single stretch of it [µs]
    degree_hours: Fraction  # [K·h]
    lowest: int  # [0.001 Cel]

    def certain(self, interval_s: int) -> bool:
        """Whether every unknown stretch may be bridged, of a series with this interval [s]."""
        return self.longest_unknown_us <= int(bridge_us(np.array([interval_s]))[0])


def cold_episodes(
    columns: Columns,
    interval_s: NDArray[np.int64],
    standard: int,
    span: Span,
    recovery_us: int = RECOVERY_US,
) -> list[ColdEpisode]:
    """Runs below `standard` [0.001 Cel] of each series; only held compliance ends one.

    These describe rooms for people and alerts. Money is worked out by the policies' own
    kernels, which settle unknown time twice (regulations.md 7.20).
    """
    check_span(span)
    ready = standing(columns, interval_s)
    n = columns.series.size
    counts, into = np.zeros(n, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    for _ in range(2):  # counted, then written
        rows = np.zeros((into[-1], cold_kernel.FIELDS), dtype=np.int64)
        in_ranges(
            cold_kernel.cold_episodes, n, ready.offsets, ready.at_us, ready.value, ready.usable,
            ready.hold_us, standard, recovery_us, to_us(span.since), to_us(span.until),
            into, counts, rows,
        )  # fmt: skip
        np.cumsum(counts, out=into[1:])
    owner = np.repeat(columns.series, counts)
    return [_episode(int(s), row) for s, row in zip(owner, rows.tolist(), strict=True)]


def _episode(series: int, row: Sequence[int]) -> ColdEpisode:
    k = cold_kernel
    return ColdEpisode(
        series=series,
        since=from_us(row[k.START]),
        until=from_us(row[k.END]),
        recovered=bool(row[k.RECOVERED]),
        below_us=row[k.BELOW],
        unknown_us=row[k.UNKNOWN],
        longest_unknown_us=row[k.LONGEST],
        degree_hours=Fraction(row[k.DEFICIT], 1000 * HOUR_US),
        lowest=row[k.LOWEST],
    )
