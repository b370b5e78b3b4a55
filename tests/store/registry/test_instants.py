"""Validity spans as arrays."""

from datetime import UTC, datetime

import numpy as np

from domain.time import to_us
from store.registry.instants import OPEN_US, columns, times_us

AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_no_end_is_later_than_every_time() -> None:
    found = times_us([AT, None, AT])
    assert found.tolist() == [to_us(AT), OPEN_US, to_us(AT)]
    assert found.dtype == np.int64
    assert to_us(datetime(9999, 1, 1, tzinfo=UTC)) < OPEN_US
    assert times_us([]).size == 0


def test_rows_are_turned_to_columns_also_where_there_are_none() -> None:
    assert columns([(1, "a"), (2, "b")], 2) == [(1, 2), ("a", "b")]
    assert columns([], 3) == [(), (), ()]
