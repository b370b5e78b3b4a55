"""`heatwatch bench`: what it is asked, and how the answer looks."""

from typing import Any

import pytest
from rich.console import Console

from domain.errors import WrongCall
from heatwatch.cli.bench import _settle_table, _sizes

NAMES = ("seconds", "wall_seconds", "cpu_seconds", "cpu_us_per_household", "times_first")


def city(households: int, seconds: float) -> dict[str, Any]:
    side = {**dict.fromkeys(NAMES, seconds), "peak_mb": 100.0}
    return {
        "households": households, "readings": households * 2904, "interval_s": 3600, "cores": 2,
        "sides": {"heatwatch": side, "polars": side}, "correction": side, "correction_as_city": side,
        "explicit_times": {"read_gb_s": 40.0, "sift_gb_s": 28.26, "of_read": 0.7065},
    }  # fmt: skip


def shown(answer: dict[str, Any]) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(_settle_table(answer))
    return captured.get()


def test_one_size_or_several_with_commas() -> None:
    assert _sizes("50000") == [50_000]
    assert _sizes("10000, 100000") == [10_000, 100_000]


@pytest.mark.parametrize("text", ["", "49", "a", "100,", "100;200", "-100", "1e4"])
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(WrongCall, match="--households"):
        _sizes(text)


def test_a_row_for_each_size_and_program() -> None:
    both = shown({"sizes": [city(10_000, 1.25), city(100_000, 2.5)]})
    assert "29,040,000 + 290,400,000 readings of 3,600 s" in both
    assert "28.3 GB/s, 71 %" in both
    words = ("polars", "correction, 1 in 10 cold", "correction, all cold", "2.5")
    assert [both.count(each) for each in words] == [2, 2, 2, 4 * 5]
    assert shown(city(10_000, 1.25)).count("polars") == 1
