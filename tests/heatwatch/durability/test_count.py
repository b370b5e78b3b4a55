"""What is missing, kept twice or never sent is counted as that."""

from pathlib import Path

import numpy as np
import pytest

from domain.time import to_us
from heatwatch.bench.city import SINCE, as_readings
from heatwatch.durability.count import count
from store.lake.lake import Lake

DEVICES = 3


def lake_of(folder: Path, messages: list[tuple[int, int]]) -> str:
    """A lake of (message, value) rows."""
    n, value = np.array(messages, dtype=np.int64).T
    table = as_readings(
        (n % DEVICES + 1).astype(np.int32), to_us(SINCE) + n // DEVICES * 1_000_000, value
    )
    Lake.open(str(folder)).append([table], None, SINCE)
    return str(folder)


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        ([(0, 1), (1, 1), (2, 1), (3, 1)], (4, 0, 0, 0, [])),
        ([(0, 1), (3, 1)], (2, 0, 0, 0, [1, 2])),
        ([(0, 1), (1, 1), (1, 1), (2, 1), (3, 1)], (4, 0, 1, 0, [])),
        ([(0, 1), (1, 1), (1, 2), (2, 1), (3, 1)], (4, 1, 1, 0, [])),
        ([(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)], (5, 0, 0, 1, [])),
    ],
)
def test_each_kind_of_fault_is_told_apart(
    tmp_path: Path, messages: list[tuple[int, int]], found: tuple[object, ...]
) -> None:
    told = count(lake_of(tmp_path / "lake", messages), to_us(SINCE), DEVICES, sent=4)
    assert tuple(told.values()) == found
