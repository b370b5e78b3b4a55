"""Outages of households, one behind the other."""

import numpy as np
import pytest

from analytics.facts.recorded_outages import chained
from analytics.heat.ragged import merged
from analytics.heat.supply import HELD_US
from domain.time import MINUTE_US


@pytest.mark.parametrize("seed", range(5))
def test_the_outages_of_all_households_are_chained_as_those_of_each(seed: int) -> None:
    rng = np.random.default_rng(seed)
    homes, n = 30, 200
    owner = rng.integers(0, homes - 3, n)  # the last have none
    since = rng.integers(-3_000, 3_000, n) * 5 * MINUTE_US
    until = since + rng.integers(1, 60, n) * 5 * MINUTE_US
    found = chained(owner, (since, until), homes)
    rows = list(zip(owner.tolist(), since.tolist(), until.tolist(), strict=True))
    for home in range(homes):
        own = slice(int(found.offsets[home]), int(found.offsets[home + 1]))
        expected = merged([(a, b) for of, a, b in rows if of == home], HELD_US)
        columns = (each[own].tolist() for each in found.columns)
        assert list(zip(*columns, strict=True)) == expected


def test_without_outages_no_household_has_any() -> None:
    none = np.empty(0, dtype=np.int64)
    assert chained(none, (none, none), 3).count().tolist() == [0, 0, 0]
