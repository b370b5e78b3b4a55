"""The bench of registers: every side answers, and heat is what the registers moved by."""

from pathlib import Path

import pytest

from heatwatch.bench.energy import HOURS, SIDES, MeterCity, bench_energy, registers


def quiet(_done: int) -> None:
    """No progress in tests."""


@pytest.mark.compiled
def test_every_side_answers_over_the_same_year(tmp_path: Path) -> None:
    city = MeterCity(60, silent=0.3, spikes=0.3)
    found = bench_energy(city, tmp_path, quiet)
    value, _ = registers(city, 0, 60)
    moved = (value[:, -1] - value[:, 0]) / 1000
    assert found["readings"] == 60 * (HOURS + 1)
    for which, expected in (("one_meter", moved[0]), ("city", moved.sum())):
        assert list(found[which]) == list(SIDES)
        ours = found[which]["heatwatch"]
        assert ours["kwh"] == pytest.approx(expected, rel=1e-9)
        assert ours["sums"] == 365
        for name in ("polars", "duckdb"):
            assert found[which][name]["kwh"] == pytest.approx(expected, rel=0.02)
