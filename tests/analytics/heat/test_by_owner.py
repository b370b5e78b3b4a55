"""Series of one owner as one: until the owner's next sample, the lower of two at one instant."""

import numpy as np
import pytest

from analytics.heat.by_owner import by_owner
from domain.columns import Columns
from domain.quality import Quality

FOREVER = 10**9


def test_a_swapped_meter_goes_on_and_the_lower_of_two_values_counts() -> None:
    columns = Columns(
        np.array([1, 2, 3], dtype=np.int32),
        np.array([0, 3, 6, 7], dtype=np.int64),
        np.array([0, 10, 20, 10, 20, 30, 5], dtype=np.int64),
        np.array([18, 19, 99, 17, 16, 15, 21], dtype=np.int64),
        np.array([0, 0, 0, Quality.MISSING, 0, 0, 0], dtype=np.uint8),
    )
    found = by_owner(
        columns,
        np.array([3, 2, 1], dtype=np.int32),  # any order
        np.array([1, 0, 0]),
        np.array([0, 0, 0], dtype=np.int64),
        np.array([FOREVER, FOREVER, 20], dtype=np.int64),  # the first meter ends at 20
        owners=3,
    )
    assert found.series.tolist() == [0, 1, 2]
    assert found.offsets.tolist() == [0, 4, 5, 5]
    assert found.at_us.tolist() == [0, 10, 20, 30, 5]
    assert found.value.tolist() == [18, 19, 16, 15, 21]  # a usable value before a missing one


def test_a_series_that_moved_counts_for_each_owner_while_it_was_there() -> None:
    columns = Columns(
        np.array([5, 8], dtype=np.int32),
        np.array([0, 4, 5], dtype=np.int64),
        np.array([0, 10, 20, 30, 5], dtype=np.int64),
        np.array([18, 19, 20, 21, 22], dtype=np.int64),
        np.zeros(5, dtype=np.uint8),
    )
    found = by_owner(
        columns,
        np.array([5, 8, 5, 6], dtype=np.int32),  # 6 has no readings
        np.array([0, 1, 1, 0]),
        np.array([0, 0, 20, 0], dtype=np.int64),
        np.array([20, FOREVER, FOREVER, FOREVER], dtype=np.int64),
        owners=2,
    )
    assert found.offsets.tolist() == [0, 2, 5]
    assert found.at_us.tolist() == [0, 10, 5, 20, 30]
    assert found.value.tolist() == [18, 19, 22, 20, 21]


@pytest.mark.parametrize("seed", range(30))
def test_owners_of_one_series_and_of_several_come_out_as_a_plain_search_has_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    at = [np.unique(rng.integers(0, 40, int(rng.integers(0, 9)))) for _ in range(6)]
    offsets = np.cumsum([0, *map(len, at)]).astype(np.int64)
    total = int(offsets[-1])
    value, mark = (
        rng.integers(15, 20, total),
        rng.integers(0, 2, total).astype(np.uint8) * Quality.MISSING,
    )
    ids = np.arange(6, dtype=np.int32)
    columns = Columns(ids, offsets, np.concatenate(at).astype(np.int64), value, mark)
    owner, since = rng.integers(0, 4, 6), rng.integers(0, 10, 6)
    until = since + rng.integers(5, 40, 6)
    order = rng.permutation(6)
    asked = (ids[order], owner[order], since[order], until[order])
    found = by_owner(columns, *asked, owners=4)
    for who in range(4):
        best: dict[int, tuple[bool, int]] = {}
        for i in np.flatnonzero(owner == who).tolist():
            for t, v, m in zip(*(each.tolist() for each in columns.of(i)), strict=True):
                if since[i] <= t < until[i]:
                    best[t] = min(best.get(t, (True, 10**9)), (m != 0, v))
        times, values, _ = found.of(who)
        assert times.tolist() == sorted(best)
        assert values.tolist() == [best[t][1] for t in sorted(best)]
