"""The settlement bench: one city for both sides, made the same every time."""

from pathlib import Path

import numpy as np
import pytest

from domain.errors import WrongCall
from heatwatch.bench.settle import City, bench, bench_sizes, in_process, make, temperatures


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


@pytest.mark.compiled
def test_what_a_household_costs_is_compared_between_sizes(tmp_path: Path) -> None:
    small, large = bench_sizes([60, 120], tmp_path, quiet)
    assert [small["households"], large["households"]] == [60, 120]
    assert small["sides"]["polars"]["times_first"] == 1.0
    for side in large["sides"].values():
        assert side["cpu_us_per_household"] == pytest.approx(side["cpu_seconds"] / 120 * 1e6)
        assert side["times_first"] > 0


def test_the_city_comes_from_its_seed() -> None:
    first, known = temperatures(City(30), 0, 30)
    again, _ = temperatures(City(30), 0, 30)
    other, _ = temperatures(City(30, seed=8), 0, 30)
    assert first.shape == known.shape == (30, 121 * 24)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(WrongCall, match="is not empty"):
        make(City(5), tmp_path, quiet)
    make(City(5), tmp_path / "a", quiet)
    make(City(5), tmp_path / "a", quiet)
    with pytest.raises(WrongCall, match="holds another city"):
        make(City(6), tmp_path / "a", quiet)


def test_a_side_that_fails_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="heatwatch failed: "):
        in_process("heatwatch", tmp_path / "none", False)
