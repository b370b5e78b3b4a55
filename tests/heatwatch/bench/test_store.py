"""The bench of the store: every side reads the same, and every step is timed."""

from pathlib import Path

import pytest

from heatwatch.bench.store import BATCHES, ROWS, SIDES, STEPS, bench_store
from heatwatch.cli.bench_tables import store_table


@pytest.mark.compiled
def test_every_side_reads_the_same_season_and_every_step_is_timed(tmp_path: Path) -> None:
    told: list[int] = []
    found = bench_store(tmp_path, 120, 60, told.append, told.append)
    growth, scan = found["growth"], found["scan"]
    assert growth["readings"] == 120 * BATCHES * ROWS
    assert set(growth["first_ms"]) == set(growth["last_ms"]) == set(STEPS)
    assert growth["last_ms"]["compact"] > 0
    assert list(scan["sides"]) == list(SIDES)
    assert len({tuple(side["found"]) for side in scan["sides"].values()}) == 1
    assert scan["sides"]["heatwatch"]["found"][0] == scan["readings"]
    assert 0 < scan["bytes_per_reading"] < 5
    assert told == [120, 60]
    assert store_table(found)
