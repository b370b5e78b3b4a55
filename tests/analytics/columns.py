"""Small columns for tests, and the same as samples of the naive twins."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from domain.columns import Columns
from domain.quality import Quality
from domain.time import to_us
from tests.naive import Sample

T0 = datetime(2024, 11, 15, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def samples(*pairs: tuple[float, int | None]) -> list[Sample]:
    """(minutes after T0, value) -> samples."""
    return [Sample(at(minutes), value) for minutes, value in pairs]


def every(minutes: float, value: int, since: float, until: float) -> list[Sample]:
    """The same value at a fixed interval, from `since` up to before `until` [min]."""
    count = int((until - since) // minutes) + ((until - since) % minutes > 0)
    return [Sample(at(since + i * minutes), value) for i in range(count)]


def columns(*series: Sequence[Sample]) -> Columns:
    """One series each, ids 0, 1, ...; a sample of None is a row marked missing."""
    rows = [sorted(each, key=lambda sample: sample.at) for each in series]
    flat = [sample for each in rows for sample in each]
    return Columns(
        series=np.arange(len(rows), dtype=np.int32),
        offsets=np.cumsum([0, *map(len, rows)]).astype(np.int64),
        at_us=np.array([to_us(each.at) for each in flat], dtype=np.int64),
        value=np.array([each.value or 0 for each in flat], dtype=np.int64),
        mark=np.array(
            [Quality.MISSING if each.value is None else Quality.GOOD for each in flat],
            dtype=np.uint8,
        ),
    )
