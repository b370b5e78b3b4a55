"""Validity spans of the books as arrays of microseconds."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Result

from domain.time import to_us

OPEN_US = int(np.iinfo(np.int64).max)  # `until` of what has no end [µs]


def times_us(times: Sequence[datetime | None]) -> NDArray[np.int64]:
    """Aware times as (n,) µs since the epoch; None as OPEN_US. Many are equal: each is turned once."""
    known = {at: OPEN_US if at is None else to_us(at) for at in set(times)}
    return np.array([known[at] for at in times], dtype=np.int64)


def columns(rows: Iterable[Sequence[Any]], width: int) -> list[tuple[Any, ...]]:
    """Rows turned to `width` columns, also where there are no rows."""
    whole = rows.all() if isinstance(rows, Result) else rows  # one row after the other is slower
    return list(zip(*whole, strict=True)) or [()] * width
