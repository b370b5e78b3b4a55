"""The settlement bench: one city for both sides, made the same every time."""

from pathlib import Path

import pytest

from domain.errors import WrongCall
from heatwatch.bench.city import City
from heatwatch.bench.settle import bench, bench_sizes, in_process


def quiet(_done: int) -> None:
    """No progress in tests."""


@pytest.mark.compiled
def test_both_sides_see_every_reading_of_the_same_city(tmp_path: Path) -> None:
    answer = bench(City(120, cold=0.5), tmp_path / "city", quiet)
    ours, theirs = answer["sides"]["heatwatch"], answer["sides"]["polars"]
    assert ours["readings"] == theirs["readings"] > 120 * 2800
    assert theirs["households"] == 120
    assert ours["lines"] >= ours["refunds"] > 0
    assert min(ours["peak_mb"], theirs["peak_mb"]) > 50
    assert answer["target"]["seconds"] == pytest.approx(0.048)
    # Late are one home at random and two of a gateway; one more is to see that others are as before.
    for name, settled in (("correction_as_city", 2), ("correction", 3)):
        correction = answer[name]
        assert (correction["settled"], correction["whole"]) == (settled, False)
        assert correction["of_draft"]["seconds"] == correction["seconds"] / ours["seconds"]


@pytest.mark.compiled
def test_what_a_household_costs_is_compared_between_sizes(tmp_path: Path) -> None:
    small, large = bench_sizes([60, 120], tmp_path, quiet)
    assert [small["households"], large["households"]] == [60, 120]
    assert small["sides"]["polars"]["times_first"] == 1.0
    for side in large["sides"].values():
        assert side["cpu_us_per_household"] == pytest.approx(side["cpu_seconds"] / 120 * 1e6)
        assert side["times_first"] > 0


def test_a_side_that_fails_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="heatwatch failed: "):
        in_process("heatwatch", tmp_path / "none", False)
