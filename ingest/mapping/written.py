"""Times by `time_format`: patterns, and days of spreadsheets. Files and messages read them alike."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ingest.kernels.text import AWARE, LOCAL
from ingest.mapping.time_format import TimeFormat, read_one, year_first
from ingest.mapping.times import in_range, utc_of

#: Formats of times that are numbers of days: the day 0 of each.
SERIALS = {"excel": "1899-12-30", "excel-1904": "1904-01-01"}
#: Texts of times that are remembered: devices of a gateway share theirs.
MOST_KNOWN = 4096
_SECOND_US = 1_000_000
_DAY_S = 86_400


def check_formats(patterns: Sequence[str]) -> None:
    """ValueError says what in a pattern is not allowed, or what it lacks."""
    for each in patterns:
        if each not in SERIALS:
            TimeFormat.of(each)


def serials(days: NDArray[np.float64], first: str) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """(µs of local time to the second, LOCAL or 0) of a spreadsheet's days since `first`."""
    good = np.isfinite(days) & (np.abs(days) < 1e6)
    seconds = np.rint(np.where(good, days, 0.0) * _DAY_S).astype(np.int64)
    since = int(np.datetime64(first, "s").astype(np.int64))
    return (seconds + since) * _SECOND_US, np.where(good, LOCAL, 0).astype(np.uint8)


def read_written(
    value: object, patterns: tuple[str, ...], zone: ZoneInfo | None, received_us: int | None
) -> int:
    """µs since the epoch UTC of a decoded JSON value, by the first pattern that fits.

    Without patterns ISO 8601 and what begins with its year as plainly. Raises TimeRange for times before 1970
    or after 2199, ValueError where none fits or a local time has no zone.

    >>> read_written("2026年11月22日 6:00", (), ZoneInfo("UTC"), None)
    1795327200000000
    """
    is_text = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
    at_us, kind = read_text(str(value) if is_text else "", patterns)
    if not kind:
        raise ValueError(_unlike(value, patterns))
    return in_range(at_us if kind == AWARE else utc_of(at_us, zone, received_us), value)


def _unlike(value: object, patterns: tuple[str, ...]) -> str:
    if not patterns:
        return f"time {value!r} is not ISO 8601, e.g. 2026-11-22T06:00:00Z"
    return f"time {value!r} is not as time_format = {', '.join(map(repr, patterns))} says"


@lru_cache(MOST_KNOWN)
def read_text(text: str, patterns: tuple[str, ...]) -> tuple[int, int]:
    """(µs, kind) by the first pattern that fits: kind AWARE, LOCAL (µs of the clock's own day), or 0."""
    for pattern in patterns:
        found = _serial(text, pattern) if pattern in SERIALS else read_one(text, _compiled(pattern))
        if found[1]:
            return found
    usual = () if patterns else year_first()
    return next((found for each in usual if (found := read_one(text, each))[1]), (0, 0))


def _serial(text: str, pattern: str) -> tuple[int, int]:
    try:
        days = float(text)
    except ValueError:
        return 0, 0
    at_us, kind = serials(np.array([days]), SERIALS[pattern])
    return int(at_us[0]), int(kind[0])


@cache
def _compiled(pattern: str) -> TimeFormat:
    return TimeFormat.of(pattern)
