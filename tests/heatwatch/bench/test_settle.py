"""The settlement bench: one city for both sides, made the same every time."""

from pathlib import Path
from typing import Any

import pytest

from domain.errors import WrongCall
from heatwatch.bench.settle import bench_sizes, flatness, in_process, targets

LARGE = 300  # homes of the larger city


def quiet(_done: int) -> None:
    """No progress in tests."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The bench of two cities."""
    return bench_sizes([60, LARGE], tmp_path_factory.mktemp("bench"), quiet)


@pytest.mark.compiled
def test_both_sides_see_every_reading_of_the_same_city(found: list[dict[str, Any]]) -> None:
    answer = found[1]
    ours, theirs = answer["sides"]["heatwatch"], answer["sides"]["polars"]
    assert ours["readings"] == theirs["readings"] > LARGE * 2800
    assert theirs["households"] == LARGE
    assert ours["lines"] >= ours["refunds"] > 0
    assert min(ours["peak_mb"], theirs["peak_mb"]) > 50
    assert answer["one_day"]["households"] == LARGE, "also those whose sensor is silent that day"
    assert 0.9 * LARGE < answer["one_day_polars"]["households"] <= LARGE
    assert 0 < answer["one_day"]["cold"] == answer["one_day_polars"]["cold"] < LARGE
    # Late are three homes at random, or gateways of three; one more is to see that others are as before.
    for name, settled in (("correction_as_city", 4), ("correction", 4)):
        correction = answer[name]
        assert (correction["settled"], correction["whole"]) == (settled, False)
        assert correction["of_draft"]["seconds"] == correction["seconds"] / ours["seconds"]


@pytest.mark.compiled
def test_what_a_household_costs_is_compared_between_sizes(found: list[dict[str, Any]]) -> None:
    small, large = found
    assert [small["households"], large["households"]] == [60, LARGE]
    assert small["sides"]["polars"]["times_first"] == 1.0
    for side in large["sides"].values():
        assert side["cpu_us_per_household"] == pytest.approx(side["cpu_seconds"] / LARGE * 1e6)
        assert side["times_first"] > 0


def test_a_side_that_fails_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="heatwatch failed: "):
        in_process("heatwatch", tmp_path / "none", False)


def measured(households: int, seconds: float, **other: float) -> dict[str, Any]:
    """An answer with these numbers."""
    side = {"seconds": seconds, "cpu_seconds": seconds, "peak_mb": other.get("peak_mb", 100.0)}
    return {
        "households": households,
        "sides": {"heatwatch": side},
        "correction": {"of_draft": {"cpu_seconds": other.get("of_draft", 0.02)}},
        "times_polars_cpu": other.get("times", 1.1),
        "explicit_times": {"of_read": other.get("of_read", 0.7)},
    }


@pytest.mark.parametrize(
    ("name", "just", "missed"),
    [
        ("seconds", measured(500_000, 30.0), measured(500_000, 30.01)),
        ("peak_mb", measured(1, 0.0, peak_mb=8000.0), measured(1, 0.0, peak_mb=8001.0)),
        ("times_polars_cpu", measured(1, 0.0, times=1.2), measured(1, 0.0, times=1.21)),
        ("correction", measured(1, 0.0, of_draft=0.03), measured(1, 0.0, of_draft=0.031)),
        ("of_read", measured(1, 0.0, of_read=0.6), measured(1, 0.0, of_read=0.59)),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_each_target_is_reached_at_its_edge_and_missed_behind_it(
    name: str, just: dict[str, Any], missed: dict[str, Any]
) -> None:
    assert targets(just)[name]["reached"]
    assert not targets(missed)[name]["reached"]


def test_flat_is_what_each_further_household_costs_without_the_start() -> None:
    def sizes(*seconds: float) -> list[dict[str, Any]]:
        return [
            measured(n, each) for n, each in zip((10_000, 50_000, 100_000), seconds, strict=True)
        ]

    even = flatness(sizes(2.0, 6.0, 11.5))
    assert even["further_us"] == pytest.approx([100.0, 110.0])
    assert (even["reached"], round(even["found"], 6)) == (True, 0.1)
    assert not flatness(sizes(2.0, 6.0, 11.8))["reached"]
    assert "reached" not in flatness(sizes(2.0, 6.0, 11.5)[:2]), "one step says nothing"
