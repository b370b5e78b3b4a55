"""Readings as a settlement takes them: judged by the rules that its snapshot froze."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import OUTDOOR, ROOM, Snapshot
from domain.columns import Columns
from domain.plausible import Checks
from store.readings.plausible import judged

Source = Callable[[NDArray[np.int32]], Columns]


def checked(snapshot: Snapshot, columns_of: Source) -> Source:
    """`columns_of` with what can't be true marked; as it is where the snapshot has no rules.

    Runs of before there were rules are recomputed without, as they were settled.
    """
    if not snapshot.checks:
        return columns_of

    def source(series: NDArray[np.int32]) -> Columns:
        columns = columns_of(series)
        outdoor = np.isin(columns.series, snapshot.outdoor)
        return judged(columns, Checks(snapshot.checks, np.where(outdoor, OUTDOOR, ROOM)))

    return source
