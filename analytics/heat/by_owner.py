"""Series that followed or stand beside each other as one series per owner."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.heat.ragged import spread
from domain.columns import Columns, IntArray


def by_owner(
    columns: Columns,
    series: NDArray[np.int32],
    owner: NDArray[Any],
    since_us: IntArray,
    until_us: IntArray,
    owners: int,
) -> Columns:
    """Rows of many series as rows of their owners: a sample stands until the *owner's* next one.

    Of two values for one instant the lower is kept.

    Parameters
    ----------
    series, owner, since_us, until_us : (k,)
        Each series with its owner (0 .. owners - 1) and when it counts, half-open; one that moved
        stands in several rows. [µs]

    Returns
    -------
    Columns
        `series` is 0 .. owners - 1.
    """
    first = np.argsort(owner, kind="stable")
    series, owner = series[first], owner[first]
    since_us, until_us = since_us[first], until_us[first]
    start, sizes = columns.slices(series)
    rows = spread(start, sizes)
    at_us = columns.at_us[rows]
    valid = at_us >= np.repeat(since_us, sizes)
    valid &= at_us < np.repeat(until_us, sizes)
    rows, at_us, whose = rows[valid], at_us[valid], np.repeat(owner, sizes)[valid]
    mixed = _of_several(whose, at_us)
    if mixed.size:  # most owners have one series, whose rows stand by time
        own = rows[mixed]
        keys = (columns.value[own], ~columns.usable()[own], at_us[mixed], whose[mixed])
        rows[mixed] = own[np.lexsort(keys)]
        at_us = columns.at_us[rows]
    new = np.ones(rows.size, dtype=np.bool_)
    new[1:] = (whose[1:] != whose[:-1]) | (at_us[1:] != at_us[:-1])
    kept = rows[new]
    return Columns(
        series=np.arange(owners, dtype=np.int32),
        offsets=np.searchsorted(whose[new], np.arange(owners + 1)).astype(np.int64),
        at_us=columns.at_us[kept],
        value=columns.value[kept],
        mark=columns.mark[kept],
    )


def _of_several(whose: NDArray[Any], at_us: IntArray) -> IntArray:
    """Positions of the rows of owners (ascending) whose times do not increase."""
    same = whose[1:] == whose[:-1]
    back = np.flatnonzero(same & (at_us[1:] <= at_us[:-1])) + 1
    if back.size == 0:
        return back
    found: IntArray = np.flatnonzero(np.isin(whose, np.unique(whose[back])))
    return found
